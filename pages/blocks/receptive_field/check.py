"""The picture's unit once more, by the gradient of a network whose weights are all 1."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine.types import Array
from pages.blocks.receptive_field.compute.measured import ways_by_gradient
from pages.blocks.receptive_field.compute.stack import ways_below
from pages.blocks.receptive_field.controls import KEY, fields, size, unit, windows
from ui import limits
from ui.i18n import _, fill, prose


def gradient_check() -> None:
    """The chosen unit's field by the count of ways, and by the gradient of a network whose weights are all 1."""
    level, row, column = unit()
    ways = [ways_below(windows(), size(), level, at)[0] for at in (row, column)]
    with limits.HEAVY:
        gradient = ways_by_gradient(windows(), size(), level, (row, column))
    seen: list[Array] = [np.any(gradient, axis=1), np.any(gradient, axis=0)]
    counted = [_span(ways[0] > 0), _span(ways[1] > 0), f"{ways[0].sum() * ways[1].sum():,.6g}"]
    by_gradient = [_span(seen[0]), _span(seen[1]), f"{gradient.sum():,.6g}"]
    layer = fields()[level].name if level else _("image")
    values: dict[str, object] = {"layer": layer, "unit": f"[{row}, {column}]"}
    st.markdown(fill(prose(KEY)["checked" if counted == by_gradient else "check-differs"], values))
    st.dataframe(
        {
            layer: [_("rows that it sees"), _("columns that it sees"), _("ways in all")],
            _("counted"): counted,
            _("by the gradient"): by_gradient,
        },
        hide_index=True,
    )


def _span(seen: Array) -> str:
    """0–6 (7): first and last, and how many."""
    there = np.flatnonzero(seen)
    return f"{there[0]}–{there[-1]} ({len(there)})" if there.size else "–"
