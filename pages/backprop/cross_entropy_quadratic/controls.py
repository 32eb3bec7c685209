"""What the learner can set, what follows from it, and what is taken away."""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.types import Array
from pages.backprop.cross_entropy_quadratic.compute import COSTS, Learning, learn
from ui import state
from ui.controls import Choice, Control, Number

EPOCHS = ("50", "300", "1000")
SHOWN = ("answer", "cost", "gradient")
STARTS = ((0.6, 0.9), (2.0, 2.0), (-1.5, -1.0))
REACH = 5
FAR = 4.0
"""A weight and a bias so badly wrong that the quadratic cost hardly teaches."""
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


@cache
def text_numbers() -> dict[str, str]:
    """For the text: what the two costs do from its starts, as the page opens on them otherwise."""
    plain = {control.name: control.default for control in CONTROLS}
    x, y, lr, epochs = (
        float(str(plain["x"])),
        float(str(plain["y"])),
        float(str(plain["lr"])),
        int(str(plain["epochs"])),
    )
    wrong, near, far = (
        {cost: learn(cost, w, b, x=x, y=y, lr=lr, epochs=epochs) for cost in COSTS}
        for w, b in (STARTS[1], STARTS[2], (FAR, FAR))
    )
    quadratic, cross_entropy = wrong["quadratic"], wrong["cross_entropy"]
    return {
        "a": _short(quadratic.a[0]), "slope": _short(quadratic.slope[0], 4), "quadratic": _short(quadratic.dw[0], 4),
        "cross_entropy": _short(cross_entropy.dw[0]), "times": f"{1 / quadratic.slope[0]:.0f}",
        "far": f"{FAR:g}", "epochs": str(epochs),
        "far_before": _short(far["quadratic"].a[0], 5), "far_after": _short(far["quadratic"].a[-1], 5),
        "near_quadratic": _short(near["quadratic"].a[-1]), "near_cross_entropy": _short(near["cross_entropy"].a[-1]),
    }  # fmt: skip


def _short(value: float, decimals: int = 3) -> str:
    return f"{value:.{decimals}f}"
