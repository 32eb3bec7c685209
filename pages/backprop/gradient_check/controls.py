"""What the learner can set, what is differentiated then, and what becomes of a formula or an accusation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from engine.autograd.expression import ParseError
from engine.data.digits import all_digits, digit
from engine.gradcheck import GOOD, WRONG
from engine.sentence import Sentence
from engine.types import Array, Floating
from engine.zoo.digit_network import pretrained_digit_network
from pages.backprop.gradient_check.compute.case import CASES, Case, judged
from pages.backprop.gradient_check.compute.kinks import Crossings, Path, crossings, path_along
from pages.backprop.gradient_check.compute.sweep import (
    DTYPES,
    RULES,
    Subject,
    Sweep,
    Weight,
    formula_subject,
    notable_weights,
    sweep,
    unit,
    weight_subject,
)
from ui import state
from ui.controls import Choice, Control, Flag, Number, Short
from ui.numbers import power_of_ten, ten_to

KEY = "gradient-check"
VIEWS = ("h", "kink", "fault")
SUBJECTS: Mapping[str, tuple[str, float]] = {
    "cube": ("x**3", 2.0),
    "sigmoid": ("sigmoid(x)", 1.0),
    "steep": ("1 / x", 0.05),
}
OWN = ("exp(x) / x", 2.0)
LAYERS = ("conv1", "conv2", "linear")
FUNCTIONS = ("relu", "max", "abs", "smooth", "network")
SUSPECTS = ("conv", "norm", "relu", "pool", "hidden", "relu2", "output", "loss")
STEPS = {"1e-2": 1e-2, "1e-5": 1e-5, "1e-10": 1e-10}
DIGIT = 5
"""A 5 that the pretrained network takes for a 9: its loss has gradients worth checking."""
REACH = 0.5
SHARES = (1e-2, 1e-3, 1e-5)
START = (0.25, 0.6)
"""x and h of the kink view: the chord reaches over the kink of max(0, x)."""
_FORMULA = r"[A-Za-z0-9_+\-*/()., ×·÷−（），．\u3000]+"
CONTROLS: tuple[Control, ...] = (
    Choice("view", VIEWS, "h"),
    Choice("of", (*SUBJECTS, "own", "weight"), "cube"),
    Choice("rule", RULES, "central"),
    Number("h", -12, -1, -1.5),
    Short("f", _FORMULA, 200, OWN[0], example="tanh(x) + x**2"),
    Number("x", -1000, 1000, OWN[1]),
    Choice("layer", LAYERS, "conv1"),
    Choice("weight", ("strong", "weak"), "strong"),
    Number("digit", 0, 1796, DIGIT, integer=True),
    Choice("kof", FUNCTIONS, "relu"),
    Number("kx", -10, 10, START[0]),
    Number("kh", 0, 1, START[1]),
    Choice("case", tuple(case.key for case in CASES), CASES[0].key),
    Choice("suspect", SUSPECTS, "loss"),
    Choice("fh", tuple(STEPS), "1e-5"),
    Choice("fshow", ("error", "analytic", "numeric"), "error"),
    Flag("mended"),
    Short("entry", r"[a-z0-9]{1,8}\.[a-z]{1,8}:\d{1,4}", 24, example="norm.dx:3"),
    Short("found", f"[{''.join(case.key for case in CASES)}]+", len(CASES), example="ac"),
)
OWN_CONTROLS = tuple(control for control in CONTROLS if control.name in ("f", "x"))
_REFUSED, _VERDICT = f"{KEY}.refused", f"{KEY}.verdict"


class Refused(NamedTuple):
    """A text that is no formula to differentiate: why, and at which character."""

    text: str
    reason: Sentence
    position: int


def ask(told: Any) -> None:
    """Take the learner's formula and x. What can't be used is shown with its fault, and what was before stays."""
    if not isinstance(told, Mapping):
        return
    before = {name: state.get(name) for name in ("f", "x")}
    state.note(_REFUSED, None)
    state.hear(OWN_CONTROLS, told)
    try:
        formula_subject(str(told.get("f", "")), float(state.get("x")))
    except ParseError as error:
        state.note(_REFUSED, _refusal(error))
        state.hear(OWN_CONTROLS, before)


def _refusal(error: ParseError) -> Refused:
    return Refused(error.expression, error.message, error.position)


# ---- what is differentiated ----


def own() -> tuple[str, float, Refused | None]:
    """The learner's formula and x, and what can't be used: typed last, or a link's. Then the usual ones stand."""
    if state.get("of") != "own":
        state.note(_REFUSED, None)
    refused: Refused | None = state.noted(_REFUSED)
    formula, x = str(state.get("f")) or OWN[0], float(state.get("x"))
    try:
        formula_subject(formula, x)
    except ParseError as error:
        return *OWN, refused or _refusal(error)
    return formula, x, refused


def weight() -> Weight:
    """The chosen weight of the digit network."""
    return _weight(int(state.get("digit")), str(state.get("layer")), str(state.get("weight")))


@lru_cache(maxsize=64)
def _weight(number: int, layer: str, kind: str) -> Weight:
    network, (image, label) = pretrained_digit_network(), digit(number)
    found = notable_weights(network, image, label, (layer,))
    none = Weight(f"{layer}.weight", (0,) * network.params[f"{layer}.weight"].ndim)
    return found.get(f"{layer}.{kind}", none)


def subject() -> tuple[Subject, dict[Floating, Sweep]]:
    """What is differentiated, and its values at every h in both types."""
    match state.get("of"):
        case "weight":
            return _weight_sweeps(int(state.get("digit")), weight())
        case "own":
            return _formula_sweeps(*own()[:2])
    return _formula_sweeps(*SUBJECTS[state.get("of")])


@lru_cache(maxsize=64)
def _formula_sweeps(formula: str, x: float) -> tuple[Subject, dict[Floating, Sweep]]:
    found = formula_subject(formula, x)
    return found, {dtype: sweep(found, dtype) for dtype in DTYPES}


@lru_cache(maxsize=64)
def _weight_sweeps(number: int, of: Weight) -> tuple[Subject, dict[Floating, Sweep]]:
    image, label = digit(number)
    found = weight_subject(pretrained_digit_network(), image, label, of)
    return found, {dtype: sweep(found, dtype) for dtype in DTYPES}


@lru_cache(maxsize=32)
def path(number: int, of: Weight) -> Path:
    """The loss on a digit along a weight of the digit network."""
    image, label = digit(number)
    return path_along(pretrained_digit_network(), image, label, of.name, of.index, REACH)


def kink_path() -> tuple[Weight, Path]:
    """The weight of conv1 that matters most for the chosen digit, and the loss along it."""
    number = int(state.get("digit"))
    of = _weight(number, "conv1", "strong")
    return of, path(number, of)


@lru_cache(maxsize=32)
def crossed(number: int) -> Crossings:
    """How many checks of the digit network cross a kink on this digit."""
    return crossings(pretrained_digit_network(), digit(number)[0], SHARES)


# ---- the faults ----


def case() -> Case:
    """The open case."""
    return next(one for one in CASES if one.key == state.get("case"))


def solved(key: str) -> bool:
    """Whether a case was found."""
    return key in str(state.get("found"))


def verdict() -> dict[str, Any] | None:
    """What became of the last accusation in the open case."""
    last: dict[str, Any] | None = st.session_state.get(_VERDICT)
    return last if last and last["case"] == state.get("case") else None


def accuse(told: Any) -> None:
    """Judge a line that the learner clicked, or (layer "") that nothing is wrong."""
    if not isinstance(told, Mapping) or told.get("case") != state.get("case"):
        return
    layer, line = told.get("layer"), told.get("line")
    if layer not in ("", *SUSPECTS) or not isinstance(line, int):
        return
    found = judged(case(), layer, line)
    st.session_state[_VERDICT] = {"case": told["case"], "layer": layer, "line": line, "kind": found.kind}
    if layer:
        state.set("suspect", layer)
    if found.found and not solved(told["case"]):
        state.set("found", "".join(sorted(str(state.get("found")) + told["case"])))


# ---- what is taken away ----


def label() -> int:
    """What the chosen digit is."""
    return int(all_digits()[1][int(state.get("digit"))])


def numbers() -> dict[str, Array]:
    """What is taken away: for every h the values, the errors and what was foretold."""
    found, sweeps = subject()
    h = sweeps["float64"].h
    made: dict[str, Array] = {"h": h, "x": np.array([found.x]), "gradient": np.array([found.slope])}
    for rule in RULES:
        made[f"truncation.{rule}"] = found.truncation(h, rule)
    for dtype, one in sweeps.items():
        made |= {f"{dtype}.above": one.above, f"{dtype}.below": one.below, f"{dtype}.centre": np.array([one.centre])}
        for rule in RULES:
            made[f"{dtype}.{rule}.error"] = one.error(rule)
            made[f"{dtype}.{rule}.round_off"] = found.round_off(h, dtype, rule)
    return made


def text_numbers() -> dict[str, str]:
    """For the text: the rules of thumb, and how short a step the rounding of either float allows."""
    found = {"good": ten_to(GOOD), "wrong": ten_to(WRONG)}
    for bits, dtype in zip(("64", "32"), DTYPES, strict=True):
        u = unit(dtype)
        found |= {f"u{bits}": power_of_ten(u), f"third{bits}": power_of_ten(u ** (1 / 3))}
        found |= {f"root{bits}": power_of_ten(u ** (1 / 2)), f"left{bits}": power_of_ten(u ** (2 / 3))}
    return found
