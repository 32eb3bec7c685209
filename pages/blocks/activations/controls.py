"""What the learner can set, what the engine finds for where it stands, and what is taken away."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import streamlit as st

from engine.data.digits import digits
from engine.layers import ReLU
from engine.training.contest import Entrant
from engine.types import Array
from engine.zoo.digit_network import pretrained_digit_network
from pages.blocks.activations.compute.functions import FUNCTIONS, Curve, Facts, Settings, curve, facts, nanoseconds
from pages.blocks.activations.compute.learning import (
    LAPS,
    SEEDS,
    Chain,
    SlopeFit,
    Walk,
    best_rate,
    chain,
    race,
    slope_fit,
    walk,
)
from pages.blocks.activations.compute.units import EDGE, RATES, Dying, Passage, dying, grid, pass_through
from pages.blocks.activations.labels import title
from ui import limits, state
from ui.controls import Choice, Control, Number, Short

SCENES = ("crowd", "compare", "chain", "zigzag", "race", "learned", "dying")
LINKS = 30
WALK = 60
FIT = 15
FIT_RATES = ("0.05", "0.1", "0.2", "0.5")
STARTS = np.linspace(-6, 6, 121)
BEST = "best"
WALK_RATES = (BEST, "0.1", "0.2", "0.4", "0.7")
DYING_RATES = tuple(f"{rate:g}" for rate in RATES)
_USUAL = Settings()

SETTINGS = (
    Number("negative_slope", 0, 1, _USUAL.negative_slope),
    Number("weight", -1, 1, _USUAL.weight),
    Number("lower", 0, 1, _USUAL.lower),
    Number("upper", 0, 1, _USUAL.upper),
    Number("alpha", 0, 2, _USUAL.alpha),
    Number("beta", 0.2, 10, _USUAL.beta),
    Number("left", -1, 1, _USUAL.left),
    Number("right", -1, 1, _USUAL.right),
    Number("level", -1, 2, _USUAL.level),
)
CONTROLS: tuple[Control, ...] = (
    Choice("at", SCENES, SCENES[0]),
    Choice("f", tuple(FUNCTIONS), "sigmoid"),
    Short("with", r"[a-z_]+(~[a-z_]+)*", 120, default="tanh~relu", example="tanh~gelu"),
    Choice("show", ("both", "f", "slope"), "both"),
    Number("mean", -4, 4, 0),
    Number("spread", 0.1, 4, 2),
    *SETTINGS,
    Number("start", float(STARTS[0]), float(STARTS[-1]), 1),
    Number("chain_weight", -6, 6, 1),
    Number("links", 1, LINKS, 10, integer=True),
    Choice("lr", WALK_RATES, BEST),
    Number("step", 0, WALK, 0, integer=True),
    Choice("rate", DYING_RATES, "1"),
    Number("seed", 0, 99, 0, integer=True),
    Number("x", -EDGE, EDGE, 1),
    Number("link", 0, LINKS - 1, 0, integer=True),
    Number("aim", -1, 1, 0.7),
    Choice("fit_lr", FIT_RATES, "0.1"),
    Number("fit_step", 0, FIT, 0, integer=True),
    Number("lap", 0, LAPS, LAPS, integer=True),
    Number("start_seed", 0, SEEDS - 1, 0, integer=True),
    Choice("pane", ("formula", "facts"), "formula"),
)
NUMBERS = {control.name: (control.low, control.high) for control in CONTROLS if isinstance(control, Number)}


def settle() -> tuple[str, ...]:
    """Leave out names to compare with that don't exist."""
    state.set("with", "~".join(name for name in str(state.get("with")).split("~") if name in FUNCTIONS))
    return ()


def settings() -> Settings:
    """The activations' own numbers, as the controls stand; RReLU's ends in their order."""
    given = {control.name: float(state.get(control.name)) for control in SETTINGS}
    given["lower"], given["upper"] = sorted((given["lower"], given["upper"]))
    return Settings(**given)


def passage() -> Passage:
    """The crowd's way through the chosen activation."""
    return pass_through(state.get("f"), float(state.get("mean")), float(state.get("spread")), settings())


def linked() -> Chain:
    """The longest chain of the chosen activation, from every start at once: a shorter one is its beginning."""
    return chain(state.get("f"), STARTS, float(state.get("chain_weight")), LINKS, settings())


def walks() -> dict[str, Walk]:
    """The same two weights on their way with positive inputs, and with centred ones."""
    seed, lr = int(state.get("seed")), walk_rates()
    return {name: _walk(name == "centred", lr[name], seed) for name in lr}


def walk_rates() -> dict[str, float]:
    """The learning rate of each walk: the chosen one, or for each the one that suits its inputs best."""
    chosen = state.get("lr")
    return {
        name: best_rate(name == "centred", WALK) if chosen == BEST else float(chosen)
        for name in ("positive", "centred")
    }


def fitted() -> SlopeFit:
    """PReLU's slope on its way from where it is set to where its points want it."""
    start, aim = float(state.get("weight")), float(state.get("aim"))
    return slope_fit(start, aim, float(state.get("fit_lr")), FIT, int(state.get("seed")))


def raced() -> dict[str, Entrant]:
    """Both networks of the race, trained once for each server: nothing of it depends on the reader."""
    with limits.HEAVY:
        return race()


def died() -> dict[str, Dying]:
    """The training runs of the chosen activation, and ReLU's beside them."""
    names = dict.fromkeys(("relu", state.get("f")))
    return {name: _dying(name, int(state.get("seed")), settings()) for name in names}


def known(shaped: Settings) -> dict[str, tuple[Facts, float]]:
    """Facts and time (ns for one number) of every activation."""
    return {name: (_facts(name, shaped), _time(name)) for name in FUNCTIONS}


def numbers() -> dict[str, Array]:
    """What the page shows, to take away."""
    found, through = linked(), passage()
    arrays = {"x": through.x, "y": through.y, "slope": through.slope, "dy": through.dy, "dx": through.dx}
    arrays |= {"chain.starts": STARTS, "chain.a": found.a, "chain.slopes": found.slopes}
    arrays["chain.gradients"] = found.gradients
    for name, walked in walks().items():
        arrays |= {f"zigzag.{name}.w": walked.w, f"zigzag.{name}.x": walked.x, f"zigzag.{name}.dw": walked.dw}
    slope = fitted()
    arrays |= {f"learned.{part}": getattr(slope, part) for part in ("x", "t", "w", "y", "dy", "dw", "loss")}
    if state.get("at") == "race":
        arrays |= {f"race.{name}": entrant.at_best for name, entrant in raced().items()}
    if state.get("at") == "dying":
        for name, runs in died().items():
            arrays |= {"dying.rates": runs.rates, f"dying.{name}.dead": runs.dead, f"dying.{name}.open": runs.open}
    return arrays


def curves() -> dict[str, Curve]:
    """The chosen curve and those beside it, by the names that they are shown under."""
    beside = [name for name in str(state.get("with")).split("~") if name in FUNCTIONS]
    return {title(name): curve(name, grid(), settings()) for name in dict.fromkeys((state.get("f"), *beside))}


def slope_numbers() -> dict[str, str]:
    """The slopes that the text names, from the engine's backward pass."""
    at = np.array([0.0, 10.0, -10.0, 5.0])
    sigmoid, tanh = curve("sigmoid", at).slope, curve("tanh", at).slope
    return {
        "sigmoid0": f"{sigmoid[0]:g}",
        "sigmoid10": f"{sigmoid[1]:.6f}",
        "sigmoid5": f"{sigmoid[3]:.4f}",
        "tanh0": f"{tanh[0]:g}",
        "ten": f"{sigmoid[0] ** 10:.1e}",
    }


@cache
def sparse_numbers() -> dict[str, str]:
    """How many of a ReLU's outputs are 0, in per cent: of normal inputs, and in the digit network on new digits."""
    trace = pretrained_digit_network().forward(digits().validation_x)
    outputs = [step.y for step in trace if isinstance(step.layer, ReLU)]
    normal = pass_through("relu", 0, 1).y
    share = sum(int((y == 0).sum()) for y in outputs) / sum(y.size for y in outputs)
    return {"zeros": f"{100 * float((normal == 0).mean()):.0f}", "zeros_digits": f"{100 * share:.0f}"}


@lru_cache(maxsize=512)
def _facts(name: str, shaped: Settings) -> Facts:
    return facts(name, shaped)


@lru_cache(maxsize=64)
def _walk(centred: bool, lr: float, seed: int) -> Walk:
    return walk(centred, lr, WALK, seed)


@cache
def _time(name: str) -> float:
    """Measured once for each server: what a number costs doesn't depend on the reader."""
    with limits.HEAVY:
        return nanoseconds(name)


@st.cache_data(max_entries=128, show_spinner=False)
def _dying(name: str, seed: int, shaped: Settings) -> Dying:
    with limits.HEAVY:
        return dying(name, seed, shaped)
