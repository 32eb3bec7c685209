"""The rules of elementwise layers: number by number.

Where y isn't x times something (a sigmoid's, say), only the gradient is a product: dx = dy · slope.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from engine.explain.rule import (
    Read,
    Rule,
    chosen_factors,
    forward_rule,
    input_rule,
    of,
    one_by_one,
    param_rules,
)
from engine.layers.activation import Elementwise, LeakyReLU
from engine.layers.activation_across import Maxout
from engine.layers.activation_hard import Clipped
from engine.layers.activation_learned import PReLU, RReLU
from engine.layers.activation_smooth import Gated
from engine.layers.dropout import Dropout, Dropout2d
from engine.trace import Step
from engine.types import Array, Shape


@chosen_factors.register
def _(layer: Elementwise, step: Step) -> dict[str, Array]:
    return {"slope": layer.slope(step.cache)}


@chosen_factors.register
def _(layer: Gated, step: Step) -> dict[str, Array]:
    return {"slope": layer.slope(step.cache), "gate": step.cache["gate"]}


@chosen_factors.register
def _(layer: PReLU, step: Step) -> dict[str, Array]:
    return {"slope": step.cache["slope"], "below": layer.below(step.x)}


@forward_rule.register(LeakyReLU)
@forward_rule.register(RReLU)
@forward_rule.register(PReLU)
def _(layer: LeakyReLU | RReLU | PReLU, x: Shape, y: Shape) -> Rule:
    return one_by_one(prod(x), "x", "slope")


@chosen_factors.register
def _(layer: Clipped, step: Step) -> dict[str, Array]:
    return {"slope": layer.slope(step.cache), "offset": layer.offset(step.cache)}


@forward_rule.register
def _(layer: Clipped, x: Shape, y: Shape) -> Rule:
    return replace(one_by_one(prod(x), "x", "slope"), bias=Read("offset", (prod(x),), (of("m"),)))


@forward_rule.register
def _(layer: Gated, x: Shape, y: Shape) -> Rule:
    return one_by_one(prod(x), "x", "gate")


@input_rule.register(Elementwise)
@input_rule.register(PReLU)
def _(layer: Elementwise | PReLU, x: Shape, y: Shape) -> Rule:
    return one_by_one(prod(x), "dy", "slope")


@param_rules.register
def _(layer: PReLU, x: Shape, y: Shape) -> dict[str, Rule]:
    """A slope collects every number of its channel; a shared one reads all channels as a single long one."""
    channels = layer.num_parameters
    view = (x[0], channels, prod(x[1:]) // channels)
    at = (of("n"), of("w"), of("m"))
    return {"weight": Rule({"w": channels}, {"n": x[0], "m": view[2]}, Read("dy", view, at), Read("below", view, at))}


@chosen_factors.register(Dropout)
@chosen_factors.register(Dropout2d)
def _(layer: Dropout | Dropout2d, step: Step) -> dict[str, Array]:
    everything = np.ones(step.x.shape if isinstance(layer, Dropout) else step.x.shape[:2], step.x.dtype)
    return {"mask": step.cache.get("mask", everything)}


def _masked(layer: Dropout | Dropout2d, x: Shape, left: str) -> Rule:
    if isinstance(layer, Dropout):
        return one_by_one(prod(x), left, "mask")
    view = (x[0], x[1], x[2] * x[3])
    mask = Read("mask", view[:2], (of("n"), of("c")))
    return Rule(dict(zip("ncm", view, strict=True)), {}, Read(left, view, (of("n"), of("c"), of("m"))), mask)


@forward_rule.register(Dropout)
@forward_rule.register(Dropout2d)
def _(layer: Dropout | Dropout2d, x: Shape, y: Shape) -> Rule:
    return _masked(layer, x, "x")


@input_rule.register(Dropout)
@input_rule.register(Dropout2d)
def _(layer: Dropout | Dropout2d, x: Shape, y: Shape) -> Rule:
    return _masked(layer, x, "dy")


# Maxout: one of the pieces, as in max pooling.


@chosen_factors.register
def _(layer: Maxout, step: Step) -> dict[str, Array]:
    return {"taken": layer.taken(step.cache["switches"], step.x.dtype)}


@forward_rule.register
def _(layer: Maxout, x: Shape, y: Shape) -> Rule:
    view = (*y[:2], layer.pieces, prod(y[2:]))
    at = (of("n"), of("c"), of("a"), of("m"))
    return Rule(
        {"n": view[0], "c": view[1], "m": view[3]}, {"a": view[2]}, Read("x", view, at), Read("taken", view, at)
    )


@input_rule.register
def _(layer: Maxout, x: Shape, y: Shape) -> Rule:
    view = (*y[:2], layer.pieces, prod(y[2:]))
    return Rule(
        dict(zip("ncam", view, strict=True)),
        {},
        left=Read("dy", (*y[:2], view[3]), (of("n"), of("c"), of("m"))),
        right=Read("taken", view, (of("n"), of("c"), of("a"), of("m"))),
    )
