"""What the learner can set, the formula that is drawn then, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import streamlit as st

from engine.autograd.expression import Graph, Node, ParseError, Planned, names, outline, parse
from engine.sentence import Sentence
from engine.types import Array
from pages.backprop.graph.figure import Layout
from pages.backprop.graph.layout import lay_out
from ui import state
from ui.components.bench import standing
from ui.controls import Choice, Control, Number, Short
from ui.numbers import TYPED, typed

KEY = "graph"
VIEWS = ("numbers", "matrices")
ALL_STEPS = NO_NODE = -1
MOST_STEPS = 400
MOST_SIDE = 4
_NAME = r"[A-Za-z][A-Za-z0-9_]{0,15}"
_FORMULA = r"[A-Za-z0-9_+\-*/()., ×·÷−（），．\u3000]+"
_REFUSED = f"{KEY}.refused"
_ASKED = f"{KEY}.asked"


@dataclass(frozen=True)
class Preset:
    """A formula that can be called up, at these values."""

    key: str
    formula: str
    values: Mapping[str, float] = field(hash=False)


PRESETS = (
    Preset("gates", "(x + y) * z", {"x": -2, "y": 5, "z": -4}),
    Preset("neuron", "1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))", {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}),
    Preset("sigmoid", "sigmoid(w0*x0 + w1*x1 + w2)", {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}),
    Preset("staged", "(x + sigmoid(y)) / (sigmoid(x) + (x + y)**2)", {"x": 3, "y": -4}),
    Preset("square", "(a + b*x)**2", {"a": -1, "b": 2, "x": 3}),
    Preset("root", "(a + b*z + c*z**2)**0.5", {"a": 5, "b": 2, "c": 4, "z": 2}),
    Preset("max", "2 * (x*y + max(z, w))", {"x": 3, "y": -4, "z": 2, "w": -1}),
)
CONTROLS: tuple[Control, ...] = (
    Choice("view", VIEWS, VIEWS[0]),
    Short("f", _FORMULA, 200, PRESETS[0].formula, example="x*y + max(x, z)"),
    Short("at", rf"{_NAME}:{TYPED}(~{_NAME}:{TYPED}){{0,39}}", 900, example="x:1.5~y:-2"),
    Number("step", ALL_STEPS, MOST_STEPS, ALL_STEPS, integer=True),
    Number("node", NO_NODE, MOST_STEPS, NO_NODE, integer=True),
    Short("moved", rf"{_NAME}:{TYPED}", 40, example="x:1.5"),
    Number("rows", 1, MOST_SIDE, 2, integer=True),
    Number("inner", 1, MOST_SIDE, 3, integer=True),
    Number("inner2", 1, MOST_SIDE, 3, integer=True),
    Number("columns", 1, MOST_SIDE, 2, integer=True),
    Short(
        "cells",
        rf"[WXG]\.\d{{1,2}}:{TYPED}(~[WXG]\.\d{{1,2}}:{TYPED})*",
        900,
        example="W.0:2~X.3:-1",
    ),
    standing.cell(MOST_SIDE**2 - 1),
    standing.RESULT,
    *standing.HOW,
)


@dataclass(frozen=True)
class Refused:
    """A text that is no formula: why, and at which character."""

    text: str
    reason: Sentence
    position: int


def formula() -> tuple[str, Refused | None]:
    """The formula that is drawn, and the text that can't be, where there is one."""
    text = str(state.get("f")) or PRESETS[0].formula
    refused: Refused | None = state.noted(_REFUSED)
    try:
        outline(text)
    except ParseError as error:
        return PRESETS[0].formula, refused or _refusal(error)
    return text, refused


def asked() -> int:
    """How often a formula was asked for: so its answer is a new one, even where it is the picture that was there."""
    return cast("int", st.session_state.get(_ASKED, 0))


def _refusal(error: ParseError) -> Refused:
    return Refused(error.expression, error.message, error.position)


def preset(text: str) -> Mapping[str, float]:
    """The numbers at which a formula is called up; none for one that is the learner's own."""
    return next((p.values for p in PRESETS if _bare(p.formula) == _bare(text)), {})


def usual(text: str) -> dict[str, float]:
    """A number for each variable, where the link has none: the preset's, or a small one of our own."""
    known = preset(text)
    return {name: float(known.get(name, 2 + i)) for i, name in enumerate(names(text))}


def values(text: str) -> dict[str, float]:
    """A number for each variable."""
    given = dict(piece.split(":") for piece in filter(None, str(state.get("at")).split("~")))
    return {name: float(given.get(name, value)) for name, value in usual(text).items()}


def _bare(text: str) -> str:
    return text.replace(" ", "")


def ask(told: Any) -> None:
    """Take another formula, with numbers for letters that it may have. One that can't be read leaves all as it is."""
    if not isinstance(told, Mapping) or not isinstance(told.get("f"), str):
        return
    st.session_state[_ASKED] = asked() + 1
    text, given = told["f"], told.get("values")
    try:
        outline(text)
    except ParseError as error:
        state.note(_REFUSED, _refusal(error))
        return
    state.note(_REFUSED, None)
    letters, known = names(text), preset(text)
    taken = {"f": text.strip(" \u3000"), "step": ALL_STEPS, "node": NO_NODE, "moved": ""}
    if isinstance(given, Mapping):
        with suppress(TypeError, ValueError):
            numbers = [(name, float(value)) for name, value in given.items() if name in letters]
            taken["at"] = "~".join(f"{name}:{typed(value)}" for name, value in numbers if known.get(name) != value)
    state.hear(CONTROLS, taken)


def keep(_told: Any) -> None:
    """The learner goes on with the formula that is drawn: what can't be read is forgotten."""
    state.note(_REFUSED, None)
    state.set("f", formula()[0])


def plan() -> tuple[Planned, ...]:
    """The nodes of the drawn formula."""
    return outline(formula()[0])


def layout(down: bool = False) -> Layout:
    """Where they stand."""
    return lay_out(tuple(node.parents for node in plan()), down)


def computed() -> Graph:
    """The drawn formula with its numbers, both passes done. Raises ParseError where it has no value."""
    text, _refused = formula()
    return parse(text, values(text))


def shown() -> Graph:
    """``computed``; where the formula has no value, its graph without numbers."""
    try:
        return computed()
    except ParseError:
        empty = (Node(node.op, node.label, node.parents, np.nan, (), None) for node in plan())
        return Graph(tuple(empty), ())


def numbers() -> dict[str, Array]:
    """What is taken away: of each node value and gradient, and of each wire its three factors."""
    try:
        graph = computed()
    except ParseError:
        return {}
    grads = [np.nan if node.grad is None else node.grad for node in graph.nodes]
    sent = np.array([[s.node, s.parent, s.grad, s.local, s.amount] for s in graph.sent]).reshape(-1, 5)
    return {
        "label": np.array([node.label for node in graph.nodes]),
        "value": np.array([node.value for node in graph.nodes]),
        "gradient": np.array(grads),
        "sent.node": sent[:, 0].astype(int),
        "sent.parent": sent[:, 1].astype(int),
        "sent.upstream": sent[:, 2],
        "sent.local": sent[:, 3],
        "sent.product": sent[:, 4],
    }


def central_differences(h: float = 1e-5) -> dict[str, tuple[float, float]]:
    """For each variable its gradient by the backward pass and by (f(v + h) - f(v - h)) / 2h."""
    text, _refused = formula()
    at = values(text)

    def f(name: str, by: float) -> float:
        return parse(text, {**at, name: at[name] + by}).value

    grads = parse(text, at).grads
    return {name: (grads[name], (f(name, h) - f(name, -h)) / (2 * h)) for name in at}


def neuron_numbers() -> dict[str, str]:
    """What the text says of the sigmoid neuron."""
    graph = _preset("sigmoid")
    z, s = (node.value for node in graph.nodes[-2:])
    grads = {f"d{name}": _four(grad) for name, grad in graph.grads.items()}
    return {"z": _four(z), "s": _four(s), "slope": _four(s * (1 - s)), **grads}


def staged_numbers() -> dict[str, str]:
    """What the text says of the function that is computed in stages."""
    graph = _preset("staged")
    return {"f": f"{graph.value:.5f}", **{f"d{name}": f"{grad:.5f}" for name, grad in graph.grads.items()}}


def _preset(key: str) -> Graph:
    preset = next(p for p in PRESETS if p.key == key)
    return parse(preset.formula, preset.values)


def _four(value: float) -> str:
    return f"{value:.4f}".replace("-", "−").removesuffix(".0000")
