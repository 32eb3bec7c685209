"""What the learner can set, what follows from it, and what is taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.losses import CrossEntropyLoss, sigmoid
from engine.losses.softmax import softmax
from engine.types import Array
from pages.blocks.softmax.compute import hinge_terms, naive_softmax, shifted_softmax, softmax_jacobian, two_losses
from ui import state
from ui.controls import Choice, Control, Number, Numbers, Short
from ui.numbers import power_of_ten

SCENES = ("shares", "temperature", "slopes", "margins", "overflow")
MANY = 6


EXAMPLES: Mapping[str, Sequence[Any]] = {
    "scores": ((3, 1, -3), (1, -2, 0), (0, 0, 0)),
    "temperatures": (0.5, 1, 2, 10),
    "margins": ((10, -2, 3), (10, 9, 9), (10, -100, -100)),
    "large": ((123, 456, 789), (12, 45, 78), (100, 90, 80)),
}
CONTROLS: tuple[Control, ...] = (
    Choice("scene", SCENES, SCENES[0]),
    Numbers("scores", (3, 1, -3), (1, -2, 0, 4, 0, 0), fewest=2),
    Number("truth", 0, MANY - 1, 1, integer=True),
    Numbers("warm", (1, -2, 0), (3, 1, -3)),
    Number("T", 0.1, 20, 2),
    Numbers("margins", (10, 9, 9), (10, -100, -100)),
    Number("against", 0, 2, 0, integer=True),
    Numbers("large", (123, 456, 789), (12, 45, 78)),
    Short("cell", r"\d\.\d", 3, example="1.2"),
)


def scores(name: str = "scores") -> Array:
    """The scores of a scene. (C,) float64."""
    return np.array(state.get(name), dtype=float)


def truth() -> int:
    """The true class among ``scores``."""
    return min(int(state.get("truth")), len(state.get("scores")) - 1)


def numbers() -> dict[str, Array]:
    """What is taken away: every scene's numbers as the engine computes them."""
    z, t = scores(), truth()
    loss, cache = CrossEntropyLoss().forward(z[None], np.array([t]))
    warm, T = scores("warm"), float(state.get("T"))
    margins, against = scores("margins"), int(state.get("against"))
    hinge, dhinge, entropy, dentropy = two_losses(margins, against)
    large = scores("large")
    return {
        "z": z, "p": softmax(z[None])[0], "truth": np.array([t]), "loss": np.array([loss]),
        "dz": CrossEntropyLoss().backward(cache)[0], "jacobian": softmax_jacobian(softmax(z[None])[0]),
        "warm.z": warm, "warm.T": np.array([T]),
        "warm.p1": softmax(warm[None])[0], "warm.p": softmax(warm[None] / T)[0],
        "margins.z": margins, "margins.truth": np.array([against]), "margins.terms": hinge_terms(margins, against),
        "margins.hinge": np.array([hinge]), "margins.dhinge": dhinge,
        "margins.cross_entropy": np.array([entropy]), "margins.dcross_entropy": dentropy,
        "large.z": large, "large.float32": naive_softmax(large.astype(np.float32))[1],
        "large.float64": naive_softmax(large)[1], "large.shifted": shifted_softmax(large)[1],
    }  # fmt: skip


def text_numbers() -> dict[str, str]:
    """For the text: shares of its scores, by softmax and by the sigmoid of a lead, and where floats end."""
    three, warm = (np.array(scores, dtype=float) for scores in EXAMPLES["scores"][:2])
    first, second = three[:2]
    found = {
        "three": _listed(three, 0), "three_shares": _listed(softmax(three[None])[0], 4),
        "warm": _listed(warm, 0), "warm_shares": _listed(softmax(warm[None])[0], 3),
        "warmer_shares": _listed(softmax(warm[None] / 2)[0], 3),
        "first": f"{first:g}", "second": f"{second:g}", "lead": f"{first - second:g}",
        "two": _listed(sigmoid(np.array([first - second])), 4),
    }  # fmt: skip
    for kind in (np.float32, np.float64):
        most = float(np.finfo(kind).max)
        found |= {kind.__name__: power_of_ten(most), f"{kind.__name__}_log": f"{np.log(most):.1f}"}
    return found


def _listed(values: Array, decimals: int) -> str:
    return ", ".join(f"{value:.{decimals}f}".replace("-", "−") for value in values)
