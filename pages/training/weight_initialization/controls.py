"""What the learner can set, the row of settings, what they mean to the engine, and what was measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import streamlit as st

from engine.data.digits import digits
from engine.network import Network
from engine.signal import (
    ACTIVATIONS,
    DRAWS,
    SIZES,
    STACKS,
    Predicted,
    Setup,
    Signal,
    measure,
    over_sizes,
    predict,
    resized,
    unit_network,
)
from engine.types import Array, Shape
from pages.training.weight_initialization.compute import PRESETS
from ui import limits, state
from ui.controls import Choice, Control, Flag, Number, Short, Value
from ui.i18n import _, _p
from ui.names import activations, draws
from ui.row import count, select

KEY = "weight-initialization"
WIDTHS, CHANNELS = ("10", "30", "100", "250", "500"), ("4", "8", "16", "32")
DATA = ("noise", "digits")
FEW, MANY = "64", "1000"
SIGMAS = tuple(float(f"{10 ** (power / 15):.3g}") for power in range(-45, 16))
SEEDS, DEPTHS = 9999, 20
RATES = ("0.001", "0.01", "0.1")
MINE = "mine"
SELDOM = ("data", "bias", "samples", "seed")

SETTINGS: tuple[Control, ...] = (
    Choice("stack", STACKS, "dense"),
    Choice("data", DATA, "noise"),
    Number("depth", 1, DEPTHS, 10, integer=True),
    Choice("width", WIDTHS, "500"),
    Choice("channels", CHANNELS, "16"),
    Choice("act", tuple(ACTIVATIONS), "tanh"),
    Choice("draw", DRAWS, "normal", linked=(("lsuv", "data"),)),
    Choice("size", SIZES, "fixed"),
    Number("sigma", SIGMAS[0], SIGMAS[-1], 0.01),
    Flag("norm"),
    Choice("bias", ("0", "0.01", "0.1"), "0"),
    Choice("samples", (FEW, MANY), MANY),
    Number("seed", 0, SEEDS, 0, integer=True),
)
LAB: tuple[Control, ...] = (
    Choice("axis", ("shared", "own"), "shared"),
    Short("at", r"[yg]([0-9]|1[0-9]|20)", 3, example="g3"),
    Flag("held", True),
)
RACE: tuple[Control, ...] = (
    Choice("lr", RATES, "0.01"),
    Choice("units", (MINE, *PRESETS), MINE),
)
CONTROLS = (*SETTINGS, *LAB, *RACE)


@dataclass(frozen=True, eq=False)
class View:
    """One setup with what was measured and what was predicted of it; measured once, so it equals itself only."""

    setup: Setup
    data: str
    samples: int
    seed: int
    signal: Signal
    predicted: Predicted


def setup() -> Setup:
    """What the controls say; a size that no rule asks for is left out, so that equal setups are equal."""
    stack, size = state.get("stack"), state.get("size")
    return Setup(
        depth=int(state.get("depth")),
        width=int(state.get("width" if stack == "dense" else "channels")),
        activation=state.get("act"),
        draw=state.get("draw"),
        size=size,
        sigma=float(state.get("sigma")) if size == "fixed" else Setup.sigma,
        batch_norm=bool(state.get("norm")),
        bias=float(state.get("bias")),
        stack=stack,
    )


def view() -> View:
    """What the controls say, measured."""
    return measured(setup(), state.get("data"), samples(), int(state.get("seed")))


def samples() -> int:
    """How many examples; maps are measured on few, which have 64 places each."""
    return int(FEW if state.get("stack") == "conv" else state.get("samples"))


def preset() -> str:
    """The classic experiment that the controls spell out, or nothing."""
    if state.get("data") != "noise" or state.get("seed") != 0:
        return ""
    return next((name for name, known in PRESETS.items() if known == setup()), "")


def choose_preset(name: object) -> None:
    """Set every control as this experiment has it."""
    if not isinstance(name, str) or name not in PRESETS:
        return
    chosen = PRESETS[name]
    values: dict[str, Value] = {control.name: control.default for control in SETTINGS}
    values |= {"act": chosen.activation, "norm": chosen.batch_norm, "draw": chosen.draw, "size": chosen.size}
    for control, value in (values | {"sigma": chosen.sigma, "samples": MANY}).items():
        state.set(control, value)


def choose_rule(rule: object) -> None:
    """Let this rule say how large a weight is."""
    if rule in SIZES:
        state.set("size", str(rule))
        _try()


def choose_size(sigma: object) -> None:
    """Take weights of this size, of a draw that has one."""
    if isinstance(sigma, int | float) and SIGMAS[0] <= sigma <= SIGMAS[-1]:
        state.set("size", "fixed")
        state.set("sigma", float(sigma))
        if state.get("draw") in ("lsuv", "zeros"):
            state.set("draw", "normal")
        _try()


ACTS: Mapping[str, Callable[[object], None]] = {"preset": choose_preset, "rule": choose_rule, "size": choose_size}
"""What the learner does to the settings in the picture itself."""


def widgets() -> None:
    """What isn't dragged or clicked in the picture itself; what is seldom touched is built when it is asked for."""
    kinds = {"dense": _("fully connected"), "conv": _("3×3 convolutions")}
    _choose("stack", _p("their kind", "layers"), STACKS, 9.6, kinds)
    count("depth", _("depth"), 1, DEPTHS, 6.4, on_change=_try)
    if state.get("stack") == "dense":
        _choose("width", _("units a layer"), WIDTHS, 5.4)
    else:
        _choose("channels", _("channels a layer"), CHANNELS, 6.4)
    _choose("act", _("activation"), tuple(ACTIVATIONS), 7.2, activations())
    _choose("draw", _("weights drawn"), DRAWS, 9.6, draws())
    if not state.hidden("norm"):
        st.toggle(_("batch norm"), key=state.key("norm"), on_change=_try, width="content")
    if not all(state.hidden(name) for name in SELDOM):
        popover = st.popover(_("More settings"), key=f"{KEY}.more", on_change="rerun", width="content")
        if popover.open:
            with popover:
                _seldom()


def _seldom() -> None:
    _choose("data", _("data"), DATA, 9.6, {"noise": _("noise"), "digits": _("digits")})
    _choose("bias", _("bias"), ("0", "0.01", "0.1"), 9.6)
    select(
        "samples", _("examples"), (FEW, MANY), 9.6, {MANY: "1,000"}, disabled=state.get("stack") != "dense",
        help=_("While you try things out, 64 examples answer at once. 1,000 make the numbers a little finer."),
    )  # fmt: skip
    count("seed", _("seed"), 0, SEEDS, 6.4, on_change=_try)


def _choose(
    name: str, label: str, options: tuple[str, ...], rem: float, words: Mapping[str, str] | None = None
) -> None:
    select(name, label, options, rem, words, on_change=_try)


def _try() -> None:
    """A setting is being tried out: few examples answer at once, and show the same."""
    state.set("samples", FEW)


@lru_cache(maxsize=128)
def measured(chosen: Setup, data: str, count: int, seed: int) -> View:
    """Draw the weights, send examples forwards and a gradient backwards, and look."""
    x = examples(chosen, data, count, seed)
    with limits.HEAVY:
        unit = _unit(replace(chosen, size="fixed", sigma=1.0, bias=0.0), x.shape[1:], seed)
        network = resized(unit, chosen, x)
        out = (count, chosen.width) if chosen.stack == "dense" else (count, chosen.width, *x.shape[2:])
        dy = np.random.default_rng([seed, 2]).standard_normal(out, dtype=np.float32)
        signal = measure(network, x, dy)
    return View(chosen, data, count, seed, signal, predict(chosen, x.shape[1:], *_squares(x)))


def predictions(one: View) -> Predicted:
    """What every size on the axis would give, so that a drag needs no answer from here."""
    draw = "normal" if one.setup.draw in ("lsuv", "zeros") else one.setup.draw
    return _predictions(replace(one.setup, size="fixed", sigma=1.0, draw=draw), one.data, one.samples, one.seed)


@lru_cache(maxsize=128)
def _predictions(chosen: Setup, data: str, count: int, seed: int) -> Predicted:
    x = examples(chosen, data, count, seed)
    return over_sizes(chosen, x.shape[1:], SIGMAS, *_squares(x))


@lru_cache(maxsize=3)
def _unit(chosen: Setup, shape: Shape, seed: int) -> Network:
    """The costliest part of an answer, and the same for every size: 10 MB for ten layers of 500 units."""
    return unit_network(chosen, shape, np.random.default_rng([seed, 0]))


def examples(chosen: Setup, data: str, count: int, seed: int) -> Array:
    """Normal noise as wide as the stack, or digits with mean 0 and variance 1."""
    if data == "digits":
        return shaped(digits().train_x[:count], chosen)
    return np.random.default_rng([seed, 1]).standard_normal((count, *chosen.input_shape), dtype=np.float32)


def shaped(images: Array, chosen: Setup) -> Array:
    """Digits (N, 1, 8, 8) as this stack takes them, standardised by the training set's mean and std."""
    known = digits().train_x
    scaled: Array = ((images - known.mean()) / known.std()).astype(np.float32)
    return scaled if chosen.stack == "conv" else scaled.reshape(len(scaled), -1)


def _squares(x: Array) -> tuple[float, float]:
    """E[x²], and the variance of one entry over the examples (a convolution's: over places too)."""
    axes = (0,) if x.ndim == 2 else (0, 2, 3)
    return float((x.astype(np.float64) ** 2).mean()), float(x.var(axis=axes, dtype=np.float64).mean())
