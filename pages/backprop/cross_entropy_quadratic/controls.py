"""What the learner can set, what follows from it, and what is taken away."""

from __future__ import annotations

import numpy as np

from engine.types import Array
from pages.backprop.cross_entropy_quadratic.compute import COSTS, Learning, learn
from ui import state
from ui.controls import Choice, Control, Number

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


def learnings() -> dict[str, Learning]:
    """What each cost teaches the unit."""
    w, b, x, lr = (float(state.get(name)) for name in ("w", "b", "x", "lr"))
    y, epochs = float(state.get("y")), int(state.get("epochs"))
    return {cost: learn(cost, w, b, x=x, y=y, lr=lr, epochs=epochs) for cost in COSTS}


def numbers() -> dict[str, Array]:
    """What is taken away: both ways of learning, epoch by epoch."""
    found = {f"{cost}.{name}": array for cost, one in learnings().items() for name, array in one.arrays().items()}
    return {name: np.array([float(state.get(name))]) for name in ("x", "y", "lr")} | found
