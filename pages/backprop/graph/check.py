"""Every gradient of the drawn formula against a central difference."""

from __future__ import annotations

import streamlit as st

from engine.autograd.expression import ParseError
from pages.backprop.graph.controls import central_differences
from ui.i18n import _
from ui.lesson import Frame
from ui.sentences import said


def difference_check(frame: Frame) -> None:
    """Every input's gradient both ways; where the formula has no value, why."""
    try:
        found = central_differences()
    except ParseError as error:
        st.info(said(error.message))
        return
    worst = max((abs(ours - theirs) for ours, theirs in found.values()), default=0.0)
    st.markdown(frame.words("checked", worst=f"{worst:.1e}"))
    st.dataframe(
        {
            _("input"): list(found),
            _("backprop"): [f"{ours:+.9f}" for ours, _theirs in found.values()],
            _("central difference"): [f"{theirs:+.9f}" for _ours, theirs in found.values()],
        },
        hide_index=True,
    )
