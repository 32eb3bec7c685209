"""Behind the lesson "Cross-entropy against quadratic cost": its controls, its check, and what is taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from engine.types import Array
from pages.backprop.cross_entropy_quadratic.compute import COSTS, Learning, learn
from ui import state
from ui.controls import Choice, Control, Number
from ui.i18n import _
from ui.numbers import DECIMALS

KEY = "cross-entropy-quadratic"
EPOCHS = ("50", "300", "1000")
SHOWN = ("answer", "cost", "gradient")
STARTS = ((0.6, 0.9), (2.0, 2.0), (-1.5, -1.0))
REACH = 5
CONTROLS: tuple[Control, ...] = (
    Number("w", -REACH, REACH, 2),
    Number("b", -REACH, REACH, 2),
    Number("x", -3, 3, 1),
    Choice("y", ("0", "1"), "0"),
    Number("lr", 0.01, 5, 0.15),
    Choice("epochs", EPOCHS, "300"),
    Number("epoch", 0, 1000, 0, integer=True),
    Choice("show", SHOWN, SHOWN[0]),
)


def now() -> dict[str, Any]:
    """The controls as the browser holds them."""
    return {control.name: state.get(control.name) for control in CONTROLS}


def act(told: Any) -> None:
    """Take what the learner did into the controls; what can't be read leaves its control as it is."""
    if not isinstance(told, Mapping):
        return
    for control in CONTROLS:
        try:
            value = told[control.name]
            state.set(control.name, round(float(value), DECIMALS) if isinstance(control, Number) else str(value))
        except (KeyError, TypeError, ValueError, OverflowError):
            continue


def learnings() -> dict[str, Learning]:
    """What each cost teaches the unit."""
    w, b, x, lr = (float(state.get(name)) for name in ("w", "b", "x", "lr"))
    y, epochs = float(state.get("y")), int(state.get("epochs"))
    return {cost: learn(cost, w, b, x=x, y=y, lr=lr, epochs=epochs) for cost in COSTS}


def numbers() -> dict[str, Array]:
    """What is taken away: both ways of learning, epoch by epoch."""
    found = {f"{cost}.{name}": array for cost, one in learnings().items() for name, array in one.arrays().items()}
    return {name: np.array([float(state.get(name))]) for name in ("x", "y", "lr")} | found


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
