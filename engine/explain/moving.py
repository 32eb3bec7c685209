"""The rules of layers that put numbers elsewhere: padding."""

from __future__ import annotations

import numpy as np

from engine.explain.rule import Axis, Read, Rule, chosen_factors, forward_rule, input_rule, of
from engine.layers.padding import ConstantPad2d, Pad2d, ZeroPad2d
from engine.trace import Step
from engine.types import Array, Shape

Constant = ConstantPad2d | ZeroPad2d


def copies(layer: Pad2d, shape: Shape) -> Array:
    """1 where place (i, j) of y holds number (u, v) of x, else 0: (top + H + bottom, left + W + right, H, W)."""
    rows, columns = (
        (source[:, None] == np.arange(size)).astype(float)
        for source, size in zip(layer.sources(shape), shape[2:], strict=True)
    )
    share: Array = np.einsum("iu,jv->ijuv", rows, columns)
    return share


def collected(x: Shape, padded: Shape, upstream: str) -> Rule:
    """What each number of x gets from all places of the padded x, most of which don't hold it."""
    left = Read(upstream, padded, tuple(map(of, "ncij")))
    share = Read("share", (*padded[2:], *x[2:]), tuple(map(of, "ijuv")))
    return Rule(dict(zip("ncuv", x, strict=True)), {"i": padded[2], "j": padded[3]}, left, share)


@chosen_factors.register
def _(layer: Pad2d, step: Step) -> dict[str, Array]:
    return {"share": copies(layer, step.x.shape).astype(step.x.dtype)}


@forward_rule.register
def _(layer: Pad2d, x: Shape, y: Shape) -> Rule:
    left = Read("x", x, tuple(map(of, "ncuv")))
    share = Read("share", (*y[2:], *x[2:]), tuple(map(of, "ijuv")))
    return Rule(dict(zip("ncij", y, strict=True)), {"u": x[2], "v": x[3]}, left, share)


@input_rule.register
def _(layer: Pad2d, x: Shape, y: Shape) -> Rule:
    return collected(x, y, "dy")


@chosen_factors.register(ConstantPad2d)
@chosen_factors.register(ZeroPad2d)
def _(layer: Constant, step: Step) -> dict[str, Array]:
    return {"around": layer.around(step.x.shape[2:], step.x.dtype)}


@forward_rule.register(ConstantPad2d)
@forward_rule.register(ZeroPad2d)
def _(layer: Constant, x: Shape, y: Shape) -> Rule:
    left, _, top, _ = layer.sides
    inside = Read("x", x, (of("n"), of("c"), Axis({"i": 1}, -top), Axis({"j": 1}, -left)))
    return Rule(dict(zip("ncij", y, strict=True)), {}, inside, bias=Read("around", y[2:], (of("i"), of("j"))))


@input_rule.register(ConstantPad2d)
@input_rule.register(ZeroPad2d)
def _(layer: Constant, x: Shape, y: Shape) -> Rule:
    left, _, top, _ = layer.sides
    middle = Read("dy", y, (of("n"), of("c"), Axis({"i": 1}, top), Axis({"j": 1}, left)))
    return Rule(dict(zip("ncij", x, strict=True)), {}, middle)
