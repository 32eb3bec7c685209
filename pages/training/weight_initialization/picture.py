"""What the browser is sent: what was measured and predicted of the settings as they stand; and the figure."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import streamlit as st

from engine.signal import LINKS, LayerSignal, Spread, size_of, variance_of
from engine.types import Array
from pages.training.weight_initialization.ahead import ready
from pages.training.weight_initialization.compute import PRESETS
from pages.training.weight_initialization.controls import KEY, SIGMAS, View, predictions, preset, view
from pages.training.weight_initialization.figure import spreads
from pages.training.weight_initialization.words import figure_words, labels, preset_names, recipe, said
from ui.components.board import Drawn, board
from ui.components.modules import module
from ui.components.pack import pack
from ui.i18n import _
from ui.lesson import Frame

if TYPE_CHECKING:
    from ui.figures.export import Figure

MOUNT = board(__file__)
_experiments = st.components.v2.component(
    f"stepcnn.{KEY}.experiments", html="<i></i>", js=module(Path(__file__).parent / "browser" / "starts.js")
)
TABLE = (
    "n_in", "n_out", "mean_square_x", "var_s", "mean_square_slope", "norm", "flat", "dead", "std_dweight",
)  # fmt: skip
RULES: tuple[Literal["xavier", "he"], ...] = ("xavier", "he")
"""Those with a mark on the axis of sizes."""


def drawn() -> Drawn:
    """The settings as they stand, measured; and predictions for every size on the axis."""
    now = view()
    sizes = predictions(now)
    meta = {
        "now": _meta(now),
        "chosen": preset(),
        "presets": [{"name": name, "title": title, "note": note} for name, (title, note) in preset_names().items()],
        "waits": len(ready()) < len(PRESETS),
        "sigmas": SIGMAS,
        "table": (*TABLE, "var_w"),
        "rules": [{"name": name, "label": label} for name, label in rules().items()],
    }
    return Drawn(meta, {"sizes.std": sizes.std, "sizes.gradient": sizes.gradient} | _named("now", now), labels())


def experiments(_frame: Frame) -> None:
    """The classic experiments that are measured by now, so that a click on one needs no answer.

    They stand in an element of their own: Streamlit sends what hasn't changed as a short reference.
    """
    arrays: dict[str, Array] = {}
    known = ready()
    for name, one in known.items():
        arrays |= _named(name, one)
    packed = pack({"views": {name: _meta(one) for name, one in known.items()}}, arrays)
    _experiments(key=f"script {KEY}.experiments", data=packed)


def figure() -> Figure:
    """What is shown, as a figure."""
    now = view()
    return spreads(now, recipe(now.setup), figure_words())


def rules() -> dict[str, str]:
    """The rules for a weight's size, by name."""
    return {"fixed": _("fixed σ"), "xavier": "Xavier 1/√n", "glorot": "fan_avg", "he": "He √(2/n)"}


def _meta(one: View) -> dict[str, Any]:
    setup, last = one.setup, one.signal.layers[-1]
    return {
        **said(one),
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
    return math.sqrt(last.mean_square_w) if one.setup.draw == "lsuv" else size_of(one.setup, last.shape)


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
    return layer.mean_square_w if one.setup.draw == "lsuv" else variance_of(one.setup, layer.shape)


def _shares(spreads: list[Spread], which: str) -> Array:
    """(layers, bins): which share of all values lies in each bin."""
    found = [getattr(s, which) for s in spreads]
    return np.array([h.counts / max(1, h.size) for h in found], np.float32)
