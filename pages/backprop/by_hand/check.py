"""Every gradient of the sheet against central differences of the error."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine.gradcheck import Entry
from pages.backprop.by_hand.controls import now
from ui.checks import side_by_side
from ui.i18n import _

GOOD = 1e-7


def gradient_check() -> None:
    """Every weight's and bias's gradient against central differences of the error."""
    sheet = now()[0]
    start, h = sheet.setup, 1e-5

    def error_with(at: int, by: float) -> float:
        moved = start.at((*start.params[:at], start.params[at] + by, *start.params[at + 1 :]))
        return moved.error(moved.network().predict(np.array([start.x])))[0]

    names = [name for layer in sheet.weights for row in layer for name in row]
    names += [name for layer in sheet.biases for name in layer]
    analytic = start.flat(start.passes()[1].grads)
    numeric = [(error_with(at, h) - error_with(at, -h)) / (2 * h) for at in range(len(names))]
    rows = [Entry(name, (), a, b) for name, a, b in zip(names, analytic, numeric, strict=True)]
    worst = max(abs(row.analytic - row.numeric) / max(abs(row.analytic), abs(row.numeric), 1e-8) for row in rows)
    mark = "✓" if worst < GOOD else "≠"
    st.markdown(_("{mark} Largest relative error: **{error}**.").format(mark=mark, error=f"{worst:.1e}"))
    side_by_side(rows, ours=_("by hand"))
