"""The rules of layers that put numbers elsewhere: padding, unpooling, pixels made of channels."""

from __future__ import annotations

import numpy as np

from engine.explain.rule import Axis, Read, Rule, chosen_factors, forward_rule, input_rule, of
from engine.layers.padding import ConstantPad2d, Pad2d, ZeroPad2d
from engine.layers.pixel_shuffle import PixelShuffle, PixelUnshuffle
from engine.layers.unpool import MaxUnpool2d
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


# MaxUnpool2d: each place of y reads the whole map, of which one number was put there, or none.


@chosen_factors.register
def _(layer: MaxUnpool2d, step: Step) -> dict[str, Array]:
    return {"placed": layer.placed(step.cache, (step.y.shape[2], step.y.shape[3]))}


@forward_rule.register
def _(layer: MaxUnpool2d, x: Shape, y: Shape) -> Rule:
    placed = Read("placed", (*x, *y[2:]), tuple(map(of, "ncijuv")))
    terms = {"i": x[2], "j": x[3]}
    return Rule(dict(zip("ncuv", y, strict=True)), terms, Read("x", x, tuple(map(of, "ncij"))), placed)


@input_rule.register
def _(layer: MaxUnpool2d, x: Shape, y: Shape) -> Rule:
    placed = Read("placed", (*x, *y[2:]), tuple(map(of, "ncijuv")))
    terms = {"u": y[2], "v": y[3]}
    return Rule(dict(zip("ncij", x, strict=True)), terms, Read("dy", y, tuple(map(of, "ncuv"))), placed)


# PixelShuffle and PixelUnshuffle: a channel of x is (c, a, b), a pixel of the larger map (i, a) and (j, b).


def _as_pixels(small: Shape, r: int, read: str) -> Rule:
    """The large map's numbers, read from the small maps'."""
    n, channels, h, w = small
    result = {"n": n, "c": channels // (r * r), "i": h, "a": r, "j": w, "b": r}
    view = (n, channels // (r * r), r, r, h, w)
    return Rule(result, {}, Read(read, view, tuple(map(of, "ncabij"))))


def _as_channels(small: Shape, r: int, read: str) -> Rule:
    """The small maps' numbers, read from the large map."""
    n, channels, h, w = small
    result = {"n": n, "c": channels // (r * r), "a": r, "b": r, "i": h, "j": w}
    view = (n, channels // (r * r), h, r, w, r)
    return Rule(result, {}, Read(read, view, tuple(map(of, "nciajb"))))


@forward_rule.register
def _(layer: PixelShuffle, x: Shape, y: Shape) -> Rule:
    return _as_pixels(x, layer.upscale_factor, "x")


@input_rule.register
def _(layer: PixelShuffle, x: Shape, y: Shape) -> Rule:
    return _as_channels(x, layer.upscale_factor, "dy")


@forward_rule.register
def _(layer: PixelUnshuffle, x: Shape, y: Shape) -> Rule:
    return _as_channels(y, layer.downscale_factor, "x")


@input_rule.register
def _(layer: PixelUnshuffle, x: Shape, y: Shape) -> Rule:
    return _as_pixels(y, layer.downscale_factor, "dy")
