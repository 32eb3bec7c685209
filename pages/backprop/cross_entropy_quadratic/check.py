"""Both gradients at the start against central differences of the two costs."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.backprop.cross_entropy_quadratic.compute import COSTS
from pages.backprop.cross_entropy_quadratic.controls import learnings
from ui import state
from ui.i18n import _


def gradient_check() -> None:
    """Both gradients at the start against central differences of the two costs."""
    w, b, x = (float(state.get(name)) for name in ("w", "b", "x"))
    y, h = np.array([[float(state.get("y"))]]), 1e-5
    columns: dict[str, list[str]] = {_("gradient"): [], _("written out"): [], _("central difference"): []}
    worst = 0.0
    for cost, one in learnings().items():
        for name, dw, db in (("w", h, 0.0), ("b", 0.0, h)):
            above, below = (
                float(COSTS[cost].forward(np.array([[(w + sign * dw) * x + b + sign * db]]), y)[0]) for sign in (1, -1)
            )
            analytic, numeric = float((one.dw if name == "w" else one.db)[0]), (above - below) / (2 * h)
            worst = max(worst, abs(analytic - numeric))
            title = {"quadratic": _("quadratic"), "cross_entropy": _("cross-entropy")}[cost]
            for key, text in zip(columns, (f"{title} ∂C/∂{name}", f"{analytic:+.9f}", f"{numeric:+.9f}"), strict=True):
                columns[key].append(text)
    st.markdown(_("Largest difference: **{error}**.").format(error=f"{worst:.1e}"))
    st.dataframe(columns, hide_index=True)
