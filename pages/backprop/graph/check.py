"""Every gradient of the drawn formula against a central difference."""

from __future__ import annotations

import streamlit as st

from engine.autograd.expression import ParseError
from engine.gradcheck import Entry
from pages.backprop.graph.controls import central_differences
from ui.checks import side_by_side
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
    side_by_side((Entry(name, (), *both) for name, both in found.items()), of=_("input"))
