"""Behind the lesson "Computational graph": its formulas, their numbers, and what the picture tells."""

from __future__ import annotations

from collections.abc import Mapping
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
_HEARD = f"{KEY}.heard"


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


def drawn() -> tuple[str, Refused | None]:
    """The formula that is drawn, and the text that can't be, where there is one."""
    text = str(state.get("f")) or PRESETS[0].formula
    refused: Refused | None = st.session_state.get(_REFUSED)
    try:
        outline(text)
    except ParseError as error:
        return PRESETS[0].formula, refused or _refusal(error)
    return text, refused


def heard() -> float:
    """When the browser told what was heard last: so it knows an answer from one to something older."""
    return cast("float", st.session_state.get(_HEARD, 0))


def _refusal(error: ParseError) -> Refused:
    return Refused(error.expression, error.message, error.position)


def values(formula: str) -> dict[str, float]:
    """A number for each variable: the link's, the preset's, or a small one of our own."""
    given = dict(piece.split(":") for piece in filter(None, str(state.get("at")).split("~")))
    preset = next((p.values for p in PRESETS if _bare(p.formula) == _bare(formula)), {})
    known = names(formula)
    return {name: float(given.get(name, preset.get(name, 2 + i))) for i, name in enumerate(known)}


def _bare(formula: str) -> str:
    return formula.replace(" ", "")


def now() -> dict[str, Any]:
    """Formula, values and step as the browser holds them."""
    formula, _refused = drawn()
    places = {name: int(state.get(name)) for name in ("step", "node")}
    return {"formula": formula, "values": values(formula), **places, "moved": _moved()}


def _moved() -> dict[str, Any] | None:
    """The input that was moved last, and where it stood before."""
    name, found, value = str(state.get("moved")).partition(":")
    return {"name": name, "from": float(value)} if found else None


def act(told: Any) -> None:
    """Take what the learner did into the controls; what can't be read leaves them as they are."""
    if not isinstance(told, Mapping) or not isinstance(told.get("formula"), str):
        return
    formula = told["formula"]
    when = told.get("asked")
    st.session_state[_HEARD] = when if isinstance(when, int | float) else 0
    try:
        plan = outline(formula)
    except ParseError as error:
        st.session_state[_REFUSED] = _refusal(error)
        return
    st.session_state.pop(_REFUSED, None)
    _take("f", formula.strip(" \u3000"))
    _take("step", told.get("step"))
    _take("node", told.get("node", NO_NODE))
    moved = told.get("moved")
    try:
        _take("moved", f"{moved['name']}:{typed(float(moved['from']))}" if isinstance(moved, Mapping) else "")
    except (KeyError, TypeError, ValueError):
        _take("moved", "")
    given = told.get("values")
    known = {node.label for node in plan if node.op == "variable"}
    numbers = given.items() if isinstance(given, Mapping) else ()
    usual = next((p.values for p in PRESETS if _bare(p.formula) == _bare(formula)), {})
    try:
        changed = [(name, float(value)) for name, value in numbers if name in known and usual.get(name) != value]
    except (TypeError, ValueError):
        return
    _take("at", "~".join(f"{name}:{typed(value)}" for name, value in changed))


def _take(name: str, value: Any) -> None:
    try:
        state.set(name, value)
    except (ValueError, TypeError):
        return


def plan() -> tuple[Planned, ...]:
    """The nodes of the drawn formula."""
    return outline(drawn()[0])


def layout(down: bool = False) -> Layout:
    """Where they stand."""
    return lay_out(tuple(node.parents for node in plan()), down)


def computed() -> Graph:
    """The drawn formula with its numbers, both passes done. Raises ParseError where it has no value."""
    formula, _refused = drawn()
    return parse(formula, values(formula))


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
    formula, _refused = drawn()
    at = values(formula)

    def f(name: str, by: float) -> float:
        return parse(formula, {**at, name: at[name] + by}).value

    grads = parse(formula, at).grads
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
