"""From measured views to what the component draws: plain data and packed arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from engine.signal import LINKS, LayerSignal, Predicted, Spread, size_of, variance_of
from engine.types import Array
from pages.training.weight_initialization.controls import SIGMAS, View
from pages.training.weight_initialization.labels import words
from ui import state
from ui.components.pack import pack
from ui.i18n import _, language

TABLE = (
    "n_in", "n_out", "mean_square_x", "var_s", "mean_square_slope", "norm", "flat", "dead", "std_dweight",
)  # fmt: skip
RULES: tuple[Literal["xavier", "he"], ...] = ("xavier", "he")
"""Those with a mark on the axis of sizes."""
Telling = Callable[[View], Mapping[str, str]]
"""Kick, title and text of a view."""


def picture(
    now: View,
    sizes: Predicted,
    tell: Telling,
    *,
    chosen: str,
    names: Mapping[str, tuple[str, str]],
    axis: str,
    at: str,
    held: bool,
    waits: bool,
    heard: int,
    present: bool = False,
) -> bytes:
    """Everything that the component draws, but for the classic experiments.

    sizes: predictions for every size on the axis; names: title and note of every experiment; waits: whether more of
    them will come; present: whether a lecture hall looks on.
    """
    meta = {
        "language": language(),
        "heard": heard,
        "present": present,
        "words": words(),
        "chosen": chosen,
        "axis": axis,
        "at": at,
        "held": held,
        "asked": state.taken(),
        "waits": waits,
        "sigmas": SIGMAS,
        "table": (*TABLE, "var_w"),
        "presets": [{"name": name, "title": title, "note": note} for name, (title, note) in names.items()],
        "rules": [{"name": name, "label": label} for name, label in rules().items()],
        "views": {"now": _meta(now, tell)},
    }
    arrays = {"sizes.std": sizes.std, "sizes.gradient": sizes.gradient}
    return pack(meta, arrays | _named("now", now))


def experiments(presets: Mapping[str, View], tell: Telling) -> bytes:
    """The classic experiments that are measured by now, so that a click on one needs no answer."""
    arrays: dict[str, Array] = {}
    for name, one in presets.items():
        arrays |= _named(name, one)
    return pack({"views": {name: _meta(one, tell) for name, one in presets.items()}}, arrays)


def rules() -> dict[str, str]:
    """The rules for a weight's size, by name."""
    return {"fixed": _("fixed σ"), "xavier": "Xavier 1/√n", "glorot": "fan_avg", "he": "He √(2/n)"}


def _meta(one: View, tell: Telling) -> dict[str, Any]:
    setup, last = one.setup, one.signal.layers[-1]
    return {
        **tell(one),
        "depth": setup.depth,
        "batchNorm": setup.batch_norm,
        "bias": setup.bias,
        "activation": setup.activation,
        "draw": setup.draw,
        "size": setup.size,
        "sigma": _sigma(one),
        "samples": one.samples,
        "n": min(LINKS, last.n_in) if setup.draw == "sparse" else last.n_in,
        "reach": [float(one.signal.x.shared.edges[-1]), float(one.signal.dx.shared.edges[-1])],
        "places": {rule: size_of(replace(setup, size=rule), last.shape) for rule in RULES},
    }


def _sigma(one: View) -> float:
    """Where a setup stands on the axis of sizes: by what its last layer's unit draw was multiplied."""
    last = one.signal.layers[-1]
    return math.sqrt(last.mean_square_w) if one.setup.draw == "data" else size_of(one.setup, last.shape)


def _named(name: str, one: View) -> dict[str, Array]:
    return {f"{name}.{key}": value for key, value in _arrays(one).items()}


@lru_cache(maxsize=32)
def _arrays(one: View) -> dict[str, Array]:
    signal = one.signal
    ys, gs = [signal.x, *(s.y for s in signal.layers)], [signal.dx, *(s.dy for s in signal.layers)]
    return {
        "std": np.array([s.std for s in ys]),
        "rms": np.array([s.rms for s in gs]),
        "mean": np.array([[s.mean for s in ys], [s.mean for s in gs]]),
        "zeros": np.array([[s.zeros for s in ys], [s.zeros for s in gs]]),
        "rms2": np.array([[s.rms**2 for s in ys], [s.rms**2 for s in gs]]),
        "reaches": np.array([[s.own.edges[-1] for s in ys], [s.own.edges[-1] for s in gs]]),
        "predicted_std": one.predicted.std,
        "predicted_rms": one.predicted.gradient,
        "y_shared": _shares(ys, "shared"),
        "y_own": _shares(ys, "own"),
        "g_shared": _shares(gs, "shared"),
        "g_own": _shares(gs, "own"),
        "table": np.array([[*(getattr(s, name) for name in TABLE), _var_w(one, s)] for s in signal.layers]),
    }


def _var_w(one: View, layer: LayerSignal) -> float:
    """Var(w) as the draw has it; measured where the data made it."""
    return layer.mean_square_w if one.setup.draw == "data" else variance_of(one.setup, layer.shape)


def _shares(spreads: list[Spread], which: str) -> Array:
    """(layers, bins): which share of all values lies in each bin."""
    found = [getattr(s, which) for s in spreads]
    return np.array([h.counts / max(1, h.size) for h in found], np.float32)
