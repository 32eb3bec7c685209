"""Behind the lesson "Softmax and scores": its controls, what NumPy says, and what is taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from engine.losses import CrossEntropyLoss
from engine.losses.softmax import softmax
from engine.types import Array
from pages.blocks.softmax.compute import (
    hinge_terms,
    naive_softmax,
    shifted_softmax,
    softmax_jacobian,
    two_losses,
)
from ui import state
from ui.controls import Choice, Control, Number, Short
from ui.i18n import _
from ui.numbers import TYPED, typed

KEY = "softmax"
SCENES = ("shares", "temperature", "slopes", "margins", "overflow")
MANY = 6


def _scores(name: str, default: str, example: str, *, fewest: int = 3, most: int = 3) -> Short:
    return Short(name, rf"{TYPED}(,{TYPED}){{{fewest - 1},{most - 1}}}", 100, default, example=example)


EXAMPLES: Mapping[str, Sequence[Any]] = {
    "scores": ((3, 1, -3), (1, -2, 0), (0, 0, 0)),
    "temperatures": (0.5, 1, 2, 10),
    "margins": ((10, -2, 3), (10, 9, 9), (10, -100, -100)),
    "large": ((123, 456, 789), (12, 45, 78), (100, 90, 80)),
}
CONTROLS: tuple[Control, ...] = (
    Choice("scene", SCENES, SCENES[0]),
    _scores("scores", "3,1,-3", "1,-2,0,4", fewest=2, most=MANY),
    Number("truth", 0, MANY - 1, 1, integer=True),
    _scores("warm", "1,-2,0", "3,1,-3"),
    Number("T", 0.1, 20, 2),
    _scores("margins", "10,9,9", "10,-100,-100"),
    Number("against", 0, 2, 0, integer=True),
    _scores("large", "123,456,789", "12,45,78"),
    Short("cell", r"\d\.\d", 3, example="1.2"),
)
_LISTS, _PLAIN = ("scores", "warm", "margins", "large"), ("scene", "truth", "T", "against", "cell")


def now() -> dict[str, Any]:
    """The controls as the browser holds them."""
    return {name: _read(name) for name in _LISTS} | {name: state.get(name) for name in _PLAIN}


def act(told: Any) -> None:
    """Take what the learner did into the controls; what can't be read leaves its control as it is."""
    if not isinstance(told, Mapping):
        return
    for name in (*_PLAIN, *_LISTS):
        try:
            value = told[name]
            state.set(name, ",".join(typed(float(z)) for z in value) if name in _LISTS else value)
        except (KeyError, TypeError, ValueError):
            continue


def _read(name: str) -> list[float]:
    text = str(state.get(name)) or next(str(control.default) for control in CONTROLS if control.name == name)
    return [float(number) for number in text.split(",")]


def scores(name: str = "scores") -> Array:
    """The scores of a scene. (C,) float64."""
    return np.array(_read(name))


def truth() -> int:
    """The true class among ``scores``."""
    return min(int(state.get("truth")), len(_read("scores")) - 1)


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


def overflow_check() -> None:
    """NumPy's own exponentials and shares of the large scores, without and with the shift."""
    z = scores("large")
    columns: dict[str, list[str]] = {_("score"): [f"{value:g}" for value in z]}
    for kind in (np.float32, np.float64):
        for name, function in ((_("as it stands"), naive_softmax), (_("shifted"), shifted_softmax)):
            e, p = function(z.astype(kind))
            columns[f"{kind.__name__} · {name} · e"] = [f"{value:.4g}" for value in e]
            columns[f"{kind.__name__} · {name} · p"] = [f"{value:.4g}" for value in p]
    st.dataframe(columns, hide_index=True)


def slope_check() -> None:
    """p - y against central differences of the loss, and the Jacobian against those of softmax."""
    z, t, h = scores(), truth(), 1e-5
    loss = CrossEntropyLoss()
    cache = loss.forward(z[None], np.array([t]))[1]
    analytic, steps = loss.backward(cache)[0], np.eye(len(z)) * h
    numeric = np.array([_loss(z + step, t) - _loss(z - step, t) for step in steps]) / (2 * h)
    jacobian = softmax_jacobian(softmax(z[None])[0])
    moved = (softmax(z + steps) - softmax(z - steps)).T / (2 * h)
    error = max(float(np.abs(analytic - numeric).max()), float(np.abs(jacobian - moved).max()))
    st.markdown(_("Largest difference, p − y and the whole Jacobian: **{error}**.").format(error=f"{error:.1e}"))
    st.dataframe(
        {
            _("class"): list(range(len(z))),
            _("p − y"): [f"{value:+.9f}" for value in analytic],
            _("central difference"): [f"{value:+.9f}" for value in numeric],
        },
        hide_index=True,
    )


def _loss(z: Array, target: int) -> float:
    return float(CrossEntropyLoss().forward(z[None], np.array([target]))[0])
