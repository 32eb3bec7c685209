"""Each layer's arithmetic, written down once as a rule over indices.

Every number that the engine's layers produce, forwards or backwards, is a sum of products

    result[r] = Σ_t left[…] · right[…] (+ bias[…])

and where the factors stand is affine in the place r of the result and the number t of the term. A ``Rule`` says
so as plain data: ``explain`` evaluates it for a number that someone points at, and whatever draws the
picture can evaluate the same rule on its own. ReLU and max pooling fit too: their right factors, 0 or 1,
are chosen by the data (``gate``, ``taken``) and are arrays like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from math import prod

import numpy as np

from engine.layers import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from engine.layers.pool import one_hot_switches
from engine.network import BackStep, Step
from engine.types import Array, Layer, Shape


@dataclass(frozen=True)
class Axis:
    """One coordinate of a factor: (start + Σ by[name] · value of that index) / divide; no whole number, no term."""

    by: Mapping[str, int]
    start: int = 0
    divide: int = 1


@dataclass(frozen=True)
class Read:
    """Where a factor is read: ``array``, seen with the shape ``view`` (same memory order), at these coordinates.

    A place outside the view is padding: the factor is 0 there.
    """

    array: str
    view: Shape
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Rule:
    """result[r] = Σ_t left · right (+ bias). ``result`` and ``terms`` name the indices and their sizes, in order."""

    result: Mapping[str, int]
    terms: Mapping[str, int]
    left: Read
    right: Read | None = None
    bias: Read | None = None


def of(name: str, times: int = 1, *, start: int = 0) -> Axis:
    """The coordinate start + times · name."""
    return Axis({name: times}, start)


def factors(step: Step, back: BackStep | None = None) -> dict[str, Array]:
    """The arrays that a step's rules read, by the names that the rules use."""
    found = {"x": step.x, **step.params}
    if isinstance(step.layer, ReLU):
        found["gate"] = step.cache["gate"].astype(step.x.dtype)
    elif isinstance(step.layer, MaxPool2d):
        found["taken"] = one_hot_switches(step.cache["switches"], step.layer.geometry[0], step.x.dtype)
    elif isinstance(step.layer, AvgPool2d):
        found["share"] = step.cache["share"]
    if back is not None:
        found["dy"] = back.dy
    return found


@singledispatch
def forward_rule(layer: Layer, x: Shape, y: Shape) -> Rule:
    """The terms of y; x and y are full shapes, with N."""
    raise NotImplementedError(f"No rule is written for {type(layer).__name__} yet; write one in engine/rules.py.")


@singledispatch
def input_rule(layer: Layer, x: Shape, y: Shape) -> Rule:
    """The terms of dx, for an upstream gradient dy of y's shape."""
    raise NotImplementedError(f"No rule is written for {type(layer).__name__} yet; write one in engine/rules.py.")


@singledispatch
def param_rules(layer: Layer, x: Shape, y: Shape) -> dict[str, Rule]:
    """The terms of each parameter's gradient, by its name; none for a layer without parameters."""
    return {}


# Flatten and ReLU: number by number.


def _one_by_one(size: int, left: str, right: str | None = None) -> Rule:
    at = (of("m"),)
    return Rule({"m": size}, {}, Read(left, (size,), at), Read(right, (size,), at) if right else None)


@forward_rule.register
def _(layer: Flatten, x: Shape, y: Shape) -> Rule:
    return _one_by_one(prod(x), "x")


@input_rule.register
def _(layer: Flatten, x: Shape, y: Shape) -> Rule:
    return _one_by_one(prod(x), "dy")


@forward_rule.register
def _(layer: ReLU, x: Shape, y: Shape) -> Rule:
    return _one_by_one(prod(x), "x", "gate")


@input_rule.register
def _(layer: ReLU, x: Shape, y: Shape) -> Rule:
    return _one_by_one(prod(x), "dy", "gate")


# Linear: a row of W against a row of x.


@forward_rule.register
def _(layer: Linear, x: Shape, y: Shape) -> Rule:
    return Rule(
        {"n": y[0], "k": y[1]},
        {"j": x[1]},
        left=Read("x", x, (of("n"), of("j"))),
        right=Read("weight", (y[1], x[1]), (of("k"), of("j"))),
        bias=Read("bias", (y[1],), (of("k"),)) if layer.bias else None,
    )


@input_rule.register
def _(layer: Linear, x: Shape, y: Shape) -> Rule:
    return Rule(
        {"n": x[0], "j": x[1]},
        {"k": y[1]},
        left=Read("dy", y, (of("n"), of("k"))),
        right=Read("weight", (y[1], x[1]), (of("k"), of("j"))),
    )


@param_rules.register
def _(layer: Linear, x: Shape, y: Shape) -> dict[str, Rule]:
    left = Read("dy", y, (of("n"), of("k")))
    weight = Rule({"k": y[1], "j": x[1]}, {"n": x[0]}, left=left, right=Read("x", x, (of("n"), of("j"))))
    return {"weight": weight} | ({"bias": Rule({"k": y[1]}, {"n": x[0]}, left)} if layer.bias else {})


# Conv2d: channels are seen as (group, channel in the group), which changes no memory.


def _conv_views(layer: Conv2d, x: Shape, y: Shape) -> tuple[Shape, Shape, Shape]:
    g, (kh, kw) = layer.groups, layer.kernel
    k, c = y[1] // g, x[1] // g
    return (x[0], g, c, x[2], x[3]), (g, k, c, kh, kw), (y[0], g, k, y[2], y[3])


@forward_rule.register
def _(layer: Conv2d, x: Shape, y: Shape) -> Rule:
    x_view, w_view, y_view = _conv_views(layer, x, y)
    (sh, sw), (ph, pw), (dh, dw) = layer.geometry
    rows, columns = Axis({"i": sh, "a": dh}, -ph), Axis({"j": sw, "b": dw}, -pw)
    return Rule(
        dict(zip("ngkij", y_view, strict=True)),
        {"c": w_view[2], "a": w_view[3], "b": w_view[4]},
        left=Read("x", x_view, (of("n"), of("g"), of("c"), rows, columns)),
        right=Read("weight", w_view, (of("g"), of("k"), of("c"), of("a"), of("b"))),
        bias=Read("bias", w_view[:2], (of("g"), of("k"))) if layer.bias else None,
    )


@input_rule.register
def _(layer: Conv2d, x: Shape, y: Shape) -> Rule:
    """dy is read left to right, top to bottom, so the kernel is read from its last cell to its first."""
    x_view, w_view, y_view = _conv_views(layer, x, y)
    (sh, sw), (ph, pw), (dh, dw) = layer.geometry
    kh, kw = layer.kernel
    rows = Axis({"i": 1, "a": dh}, ph - (kh - 1) * dh, sh)
    columns = Axis({"j": 1, "b": dw}, pw - (kw - 1) * dw, sw)
    turned = (of("a", -1, start=kh - 1), of("b", -1, start=kw - 1))
    return Rule(
        dict(zip("ngcij", x_view, strict=True)),
        {"k": w_view[1], "a": kh, "b": kw},
        left=Read("dy", y_view, (of("n"), of("g"), of("k"), rows, columns)),
        right=Read("weight", w_view, (of("g"), of("k"), of("c"), *turned)),
    )


@param_rules.register
def _(layer: Conv2d, x: Shape, y: Shape) -> dict[str, Rule]:
    x_view, w_view, y_view = _conv_views(layer, x, y)
    (sh, sw), (ph, pw), (dh, dw) = layer.geometry
    rows, columns = Axis({"i": sh, "a": dh}, -ph), Axis({"j": sw, "b": dw}, -pw)
    places = {"n": y[0], "i": y[2], "j": y[3]}
    dy = Read("dy", y_view, (of("n"), of("g"), of("k"), of("i"), of("j")))
    weight = Rule(
        dict(zip("gkcab", w_view, strict=True)),
        places,
        left=Read("x", x_view, (of("n"), of("g"), of("c"), rows, columns)),
        right=dy,
    )
    bias = Rule({"g": w_view[0], "k": w_view[1]}, places, left=dy)
    return {"weight": weight} | ({"bias": bias} if layer.bias else {})


# Pooling: a convolution of each channel on its own whose kernel is given by the data or the window.


def _pool_rules(layer: MaxPool2d | AvgPool2d, x: Shape, y: Shape) -> tuple[Rule, Rule]:
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = layer.geometry
    cells = {"a": kh, "b": kw}
    seen = (of("n"), of("c"), Axis({"i": sh, "a": dh}, -ph), Axis({"j": sw, "b": dw}, -pw))
    back_rows, back_columns = Axis({"i": 1, "a": -dh}, ph, sh), Axis({"j": 1, "b": -dw}, pw, sw)

    def kernel(rows: Axis, columns: Axis) -> Read:
        window = (rows, columns, of("a"), of("b"))
        if isinstance(layer, AvgPool2d):
            return Read("share", (y[2], y[3], kh, kw), window)
        return Read("taken", (*y, kh, kw), (of("n"), of("c"), *window))

    forward = Rule(dict(zip("ncij", y, strict=True)), cells, Read("x", x, seen), kernel(of("i"), of("j")))
    upstream = Read("dy", y, (of("n"), of("c"), back_rows, back_columns))
    backward = Rule(dict(zip("ncij", x, strict=True)), cells, upstream, kernel(back_rows, back_columns))
    return forward, backward


@forward_rule.register(MaxPool2d)
@forward_rule.register(AvgPool2d)
def _(layer: MaxPool2d | AvgPool2d, x: Shape, y: Shape) -> Rule:
    return _pool_rules(layer, x, y)[0]


@input_rule.register(MaxPool2d)
@input_rule.register(AvgPool2d)
def _(layer: MaxPool2d | AvgPool2d, x: Shape, y: Shape) -> Rule:
    return _pool_rules(layer, x, y)[1]


def places(read: Read, indices: Mapping[str, Array]) -> Array:
    """Flat places in the read array for arrays of index values, -1 where a place is padding or no whole number."""
    flat = np.zeros((), dtype=np.intp)
    inside = np.ones((), dtype=bool)
    for axis, size in zip(read.axes, read.view, strict=True):
        value = axis.start + sum((times * indices[name] for name, times in axis.by.items()), np.zeros((), np.intp))
        at, rest = np.divmod(value, axis.divide)
        inside = inside & (rest == 0) & (at >= 0) & (at < size)
        flat = flat * size + at
    return np.where(inside, flat, -1)
