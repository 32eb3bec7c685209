"""The words in which each layer's arithmetic is written down: once, as a rule over indices.

Every number that a layer of sums and products makes, forwards or backwards, is

    result[r] = Σ_t left[…] · right[…] (+ bias[…])

and where the factors stand is affine in the place r of the result and the number t of the term. A ``Rule`` says
so as plain data: ``explain`` evaluates it for a number that someone points at, and whatever draws the
picture can evaluate the same rule on its own. ReLU and max pooling fit too: their right factors, 0 or 1,
are chosen by the data (``gate``, ``taken``) and are arrays like any other. So is the mask of a dropout, and the
``slope`` by which an activation's gradient passes.

Where x reaches y in several ways (through itself and through its batch's mean, say), each way is a term: what the
loss wants of the stop on that way (``upstream``) times how far x moves that stop (``local``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch

import numpy as np

from engine.trace import BackStep, Step
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


def factors(step: Step, back: BackStep | None = None) -> dict[str, Array]:
    """The arrays that a step's rules read, by the names that the rules use."""
    found = {"x": step.x, **step.params, **chosen_factors(step.layer, step)}
    if back is not None:
        found |= {"dy": back.dy, **backward_factors(step.layer, step, back)}
    return found


@singledispatch
def chosen_factors(layer: Layer, step: Step) -> dict[str, Array]:
    """Factors that are no parameters: chosen by the data, by chance, or by the layer's geometry."""
    return {}


@singledispatch
def backward_factors(layer: Layer, step: Step, back: BackStep) -> dict[str, Array]:
    """Factors that only the rules of gradients read, most of them made of dy."""
    return {}


@singledispatch
def forward_rule(layer: Layer, x: Shape, y: Shape) -> Rule:
    """The terms of y; x and y are full shapes, with N."""
    raise NotImplementedError(
        f"No rule is written for y of {type(layer).__name__}. If it is no sum of products, its loop in "
        "engine/reference/__init__.py says how it is made; else write one in engine/explain/rules.py."
    )


@singledispatch
def input_rule(layer: Layer, x: Shape, y: Shape) -> Rule:
    """The terms of dx, for an upstream gradient dy of y's shape."""
    raise NotImplementedError(
        f"No rule is written for {type(layer).__name__} yet; write one in engine/explain/rules.py."
    )


@singledispatch
def param_rules(layer: Layer, x: Shape, y: Shape) -> dict[str, Rule]:
    """The terms of each parameter's gradient, by its name; none for a layer without parameters."""
    return {}


def way_by_way(size: int, ways: int, left: str, right: str | None = None) -> Rule:
    """result[m] = Σ_w left[w, m] (· right[w, m]): the rule of a number that is reached in several ways."""
    at = (of("w"), of("m"))
    view = (ways, size)
    return Rule({"m": size}, {"w": ways}, Read(left, view, at), Read(right, view, at) if right else None)


def one_by_one(size: int, left: str, right: str | None = None) -> Rule:
    """result[m] = left[m] · right[m], or left[m] alone: the rule of what is done number by number."""
    at = (of("m"),)
    return Rule({"m": size}, {}, Read(left, (size,), at), Read(right, (size,), at) if right else None)
