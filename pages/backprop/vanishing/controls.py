"""What the learner can set, what it means to the engine, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from engine.network import Network
from engine.signal.signal import moments
from engine.types import Array
from engine.written import trimmed
from pages.backprop.vanishing.compute.back import Flow, measure
from pages.backprop.vanishing.compute.jacobian import STARTS, Pair, Spectrum, jacobians, pair, spectrum
from pages.backprop.vanishing.compute.prediction import Expected, predict
from pages.backprop.vanishing.compute.setup import (
    ACTIVATION_NAMES,
    DRAWS,
    NORMS,
    PRESETS,
    SHORTCUTS,
    Deep,
    sized,
    unit_network,
)
from ui import limits, state
from ui.controls import Choice, Control, Flag, Number, Short, Value
from ui.edits import Typed, TypedNumbers, apply

VIEWS = ("depth", "jacobian", "spectrum")
WIDTHS = ("16", "32", "64", "128", "256")
SIZES = ("xavier", "he")
SHOWN = ("dy", "dw", "y")
EXAMPLES = 64
DEEPEST, SHALLOWEST, LAYERS = 50, 2, 12
TIMES = (0.2, 12.0)
SEEDS = 9999
MOST_KEPT = 3
WIDEST_SPECTRUM = 128
USUAL = Deep()

TYPED = TypedNumbers({"W": "w"})
_ONE = "-".join((
    rf"({'|'.join(ACTIVATION_NAMES)})", rf"({'|'.join(DRAWS)})", rf"({'|'.join(SIZES)})",
    r"(0\.[2-9]\d?|([1-9]|1[01])(\.\d{1,2})?|12)",
    rf"({'|'.join(NORMS)})", rf"({'|'.join(SHORTCUTS)})", r"([2-9]|[1-4]\d|50)", rf"({'|'.join(WIDTHS)})", r"\d{1,4}",
))  # fmt: skip
"""A kept setup in a link, such as relu-normal-he-1.2-none-none-50-64-0."""

CONTROLS: tuple[Control, ...] = (
    Choice("view", VIEWS, VIEWS[0]),
    Number("depth", SHALLOWEST, DEEPEST, USUAL.depth, integer=True),
    Choice("width", WIDTHS, str(USUAL.width)),
    Choice("act", ACTIVATION_NAMES, USUAL.activation),
    Choice("draw", DRAWS, USUAL.draw),
    Choice("size", SIZES, USUAL.size),
    Number("times", *TIMES, USUAL.times),
    Choice("norm", NORMS, USUAL.norm),
    Choice("link", SHORTCUTS, USUAL.shortcut),
    Number("seed", 0, SEEDS, 0, integer=True),
    Choice("what", SHOWN, SHOWN[0]),
    Short("kept", rf"-|{_ONE}(~{_ONE}){{0,{MOST_KEPT - 1}}}", 250, "relu-normal-he-1-none-none-50-64-0", example="-"),
    Number("at", -1, DEEPEST, -1, integer=True),
    Flag("held", True),
    Number("layers", 1, LAYERS, 6, integer=True),
    Choice("start", tuple(STARTS), "press"),
    Choice("bend", ACTIVATION_NAMES, "linear"),
    Flag("skip"),
    Short("typed", TYPED.pattern, 1000, example="w.0:0.9~w.3:1.2"),
    Number("angle", 0, 360, 40),
    Choice("axis", ("shared", "own"), "shared"),
    Choice("of", ("product", "layer"), "product"),
)


@dataclass(frozen=True)
class Kept:
    """A setup and the seed of its weights: what a curve belongs to."""

    deep: Deep
    seed: int

    def written(self) -> str:
        """As it stands in a link."""
        d = self.deep
        parts = (d.activation, d.draw, d.size, trimmed(d.times, 2), d.norm, d.shortcut, d.depth, d.width, self.seed)
        return "-".join(map(str, parts))


@dataclass(frozen=True)
class Measured:
    """A setup with what was measured and what was predicted of it."""

    kept: Kept
    flow: Flow
    expected: Expected


def setup() -> Kept:
    """What the controls say."""
    deep = Deep(
        depth=int(state.get("depth")),
        width=int(state.get("width")),
        activation=state.get("act"),
        draw=state.get("draw"),
        size=state.get("size"),
        times=round(float(state.get("times")), 2),
        norm=state.get("norm"),
        shortcut=state.get("link"),
    )
    return Kept(deep, int(state.get("seed")))


def kept() -> tuple[Kept, ...]:
    """The setups whose curves stay beside the present one."""
    return tuple(_read_kept(text) for text in kept_names())


def kept_names() -> list[str]:
    """The same as they stand in the link."""
    return [text for text in state.get("kept").split("~") if text not in ("", "-")]


def _read_kept(text: str) -> Kept:
    act, draw, size, times, norm, shortcut, depth, width, seed = text.split("-")
    deep: Any = {"draw": draw, "size": size, "norm": norm, "shortcut": shortcut}
    return Kept(Deep(int(depth), int(width), act, times=float(times), **deep), int(seed))


def preset() -> str:
    """The worked example that the controls spell out, or nothing."""
    now = setup()
    return next((name for name, deep in PRESETS.items() if Kept(deep, 0) == now), "")


def as_controls(deep: Deep) -> dict[str, Value]:
    """What the controls say of a worked example."""
    return {
        "depth": deep.depth, "width": str(deep.width), "act": deep.activation, "draw": deep.draw, "size": deep.size,
        "times": deep.times, "norm": deep.norm, "link": deep.shortcut, "seed": 0,
    }  # fmt: skip


def now() -> Measured:
    """What the controls say, measured."""
    return measured(setup())


@lru_cache(maxsize=256)
def measured(of: Kept) -> Measured:
    """Draw the weights, send noise forwards and a random gradient of size 1 backwards, and look at every layer."""
    shape = (EXAMPLES, of.deep.width)
    x, dy = (np.random.default_rng([of.seed, part]).standard_normal(shape, dtype=np.float32) for part in (1, 2))
    with limits.HEAVY:
        flow = measure(_network(of), x, dy / moments(dy).rms)
    return Measured(of, flow, _predicted(of.deep))


def _network(of: Kept) -> Network:
    """The unit draw is the same for all sizes."""
    return sized(_unit(Kept(replace(of.deep, size=USUAL.size, times=1.0), of.seed)), of.deep)


@lru_cache(maxsize=6)
def _unit(of: Kept) -> Network:
    return unit_network(of.deep, np.random.default_rng([of.seed, 0]))


@lru_cache(maxsize=256)
def _predicted(deep: Deep) -> Expected:
    return predict(deep)


@dataclass(frozen=True)
class Spectra:
    """The present setup as far as one example has Jacobians, the same with another draw, and both spectra."""

    deep: Deep
    other: Deep
    found: Spectrum
    beside: Spectrum


def spectra() -> Spectra:
    """Of the present setup (no batch norm, not too wide), and of orthogonal weights beside it (or normal ones)."""
    of = setup()
    deep = of.deep
    deep = replace(deep, width=min(deep.width, WIDEST_SPECTRUM), norm="none" if deep.norm == "batch" else deep.norm)
    other = replace(deep, draw="normal" if deep.draw == "orthogonal" else "orthogonal")
    return Spectra(deep, other, _spectrum(Kept(deep, of.seed)), _spectrum(Kept(other, of.seed)))


@lru_cache(maxsize=64)
def _spectrum(of: Kept) -> Spectrum:
    x = np.random.default_rng([of.seed, 1]).standard_normal(of.deep.width)
    with limits.HEAVY:
        return spectrum(jacobians(_network(of).astype(np.float64), x))


def typed() -> tuple[Typed, ...]:
    """The weights of the two-unit layers that were typed over."""
    return TYPED.parse(state.get("typed"))


def two_wide() -> Pair:
    """The two-unit layers as they stand."""
    return _two_wide(state.get("start"), int(state.get("layers")), state.get("bend"), state.get("skip"), typed())


@lru_cache(maxsize=128)
def _two_wide(start: str, layers: int, bend: str, skip: bool, changed: tuple[Typed, ...]) -> Pair:
    weights = apply(changed, {"W": STARTS[start].weights(LAYERS)})["W"][:layers]
    return pair(weights, bend, "residual" if skip else "none")


def numbers() -> dict[str, Array]:
    """What the open view shows, to take away."""
    if state.get("view") == "jacobian":
        two = two_wide()
        return {"weights": two.weights, "slopes": two.slopes, "jacobians": two.js, "products": two.products, "y": two.y}
    if state.get("view") == "spectrum":
        found = spectra()
        return {
            f"{name}.{part}": getattr(one, part)
            for name, one in ((found.deep.draw, found.found), (found.other.draw, found.beside))
            for part in ("layer", "product", "rms")
        }
    arrays: dict[str, Array] = {}
    for name, one in (("now", now()), *((one.written(), measured(one)) for one in kept())):
        flow = one.flow
        arrays |= {f"{name}.{part}": getattr(flow, part) for part in ("y", "dy", "dweight", "gain")}
        arrays |= {f"{name}.{part}": values for part, values in flow.factors.items()}
        arrays |= {f"{name}.predicted.gain": one.expected.gain, f"{name}.predicted.dy": one.expected.dy}
    return arrays
