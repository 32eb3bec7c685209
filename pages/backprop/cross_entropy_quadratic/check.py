"""Both gradients at the start against central differences of the two costs."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine.gradcheck import Entry
from pages.backprop.cross_entropy_quadratic.compute import COSTS
from pages.backprop.cross_entropy_quadratic.controls import learnings
from ui import state
from ui.checks import side_by_side
from ui.i18n import _


def gradient_check() -> None:
    """Both gradients at the start against central differences of the two costs."""
    w, b, x = (float(state.get(name)) for name in ("w", "b", "x"))
    y, h = np.array([[float(state.get("y"))]]), 1e-5
    rows = []
    for cost, one in learnings().items():
        for name, dw, db in (("w", h, 0.0), ("b", 0.0, h)):
            above, below = (
                float(COSTS[cost].forward(np.array([[(w + sign * dw) * x + b + sign * db]]), y)[0]) for sign in (1, -1)
            )
            analytic, numeric = float((one.dw if name == "w" else one.db)[0]), (above - below) / (2 * h)
            title = {"quadratic": _("quadratic"), "cross_entropy": _("cross-entropy")}[cost]
            rows.append(Entry(f"{title} ∂C/∂{name}", (), analytic, numeric))
    worst = max(abs(row.analytic - row.numeric) for row in rows)
    st.markdown(_("Largest difference: **{error}**.").format(error=f"{worst:.1e}"))
    side_by_side(rows, of=_("gradient"), ours=_("written out"))
