"""The rules of convolution's relatives, and of layers that mix a map by given shares."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from engine.explain.rule import (
    Axis,
    Read,
    Rule,
    backward_factors,
    chosen_factors,
    forward_rule,
    input_rule,
    of,
    param_rules,
    way_by_way,
)
from engine.initializers import Zeros
from engine.layers.conv_variants import ConvTranspose2d, LocallyConnected2d
from engine.layers.pool_variants import AdaptiveAvgPool2d, AdaptiveMaxPool2d
from engine.layers.resample import Upsample
from engine.layers.weight_norm import WeightNorm
from engine.trace import BackStep, Step
from engine.types import Array, Pair, Shape

# ConvTranspose2d: Conv2d's backward pass as a forward pass, and the other way round.


def _transposed_views(layer: ConvTranspose2d, x: Shape, y: Shape) -> tuple[Shape, Shape, Shape]:
    g, (kh, kw) = layer.groups, layer.kernel
    c, k = x[1] // g, y[1] // g
    return (x[0], g, c, x[2], x[3]), (g, c, k, kh, kw), (y[0], g, k, y[2], y[3])


@forward_rule.register
def _(layer: ConvTranspose2d, x: Shape, y: Shape) -> Rule:
    x_view, w_view, y_view = _transposed_views(layer, x, y)
    (sh, sw), (ph, pw), (dh, dw) = layer.geometry
    kh, kw = layer.kernel
    rows = Axis({"i": 1, "a": dh}, ph - (kh - 1) * dh, sh)
    columns = Axis({"j": 1, "b": dw}, pw - (kw - 1) * dw, sw)
    turned = (of("a", -1, start=kh - 1), of("b", -1, start=kw - 1))
    return Rule(
        dict(zip("ngkij", y_view, strict=True)),
        {"c": w_view[1], "a": kh, "b": kw},
        left=Read("x", x_view, (of("n"), of("g"), of("c"), rows, columns)),
        right=Read("weight", w_view, (of("g"), of("c"), of("k"), *turned)),
        bias=Read("bias", y_view[1:3], (of("g"), of("k"))) if layer.bias else None,
    )


@input_rule.register
def _(layer: ConvTranspose2d, x: Shape, y: Shape) -> Rule:
    x_view, w_view, y_view = _transposed_views(layer, x, y)
    (sh, sw), (ph, pw), (dh, dw) = layer.geometry
    rows, columns = Axis({"i": sh, "a": dh}, -ph), Axis({"j": sw, "b": dw}, -pw)
    return Rule(
        dict(zip("ngcij", x_view, strict=True)),
        {"k": w_view[2], "a": w_view[3], "b": w_view[4]},
        left=Read("dy", y_view, (of("n"), of("g"), of("k"), rows, columns)),
        right=Read("weight", w_view, (of("g"), of("c"), of("k"), of("a"), of("b"))),
    )


@param_rules.register
def _(layer: ConvTranspose2d, x: Shape, y: Shape) -> dict[str, Rule]:
    x_view, w_view, y_view = _transposed_views(layer, x, y)
    (sh, sw), (ph, pw), (dh, dw) = layer.geometry
    rows, columns = Axis({"i": sh, "a": dh}, -ph), Axis({"j": sw, "b": dw}, -pw)
    weight = Rule(
        dict(zip("gckab", w_view, strict=True)),
        {"n": x[0], "i": x[2], "j": x[3]},
        left=Read("dy", y_view, (of("n"), of("g"), of("k"), rows, columns)),
        right=Read("x", x_view, (of("n"), of("g"), of("c"), of("i"), of("j"))),
    )
    everywhere = Read("dy", y_view, (of("n"), of("g"), of("k"), of("i"), of("j")))
    bias = Rule({"g": y_view[1], "k": y_view[2]}, {"n": y[0], "i": y[2], "j": y[3]}, left=everywhere)
    return {"weight": weight} | ({"bias": bias} if layer.bias else {})


# LocallyConnected2d: a convolution whose weight has the place among its own coordinates.


@forward_rule.register
def _(layer: LocallyConnected2d, x: Shape, y: Shape) -> Rule:
    (sh, sw), (ph, pw), _ = layer.geometry
    kh, kw = layer.kernel
    return Rule(
        dict(zip("nkij", y, strict=True)),
        {"c": x[1], "a": kh, "b": kw},
        left=Read("x", x, (of("n"), of("c"), Axis({"i": sh, "a": 1}, -ph), Axis({"j": sw, "b": 1}, -pw))),
        right=Read("weight", layer.weight_shape, tuple(map(of, "kijcab"))),
        bias=Read("bias", y[1:], tuple(map(of, "kij"))) if layer.bias else None,
    )


@input_rule.register
def _(layer: LocallyConnected2d, x: Shape, y: Shape) -> Rule:
    """dy is read left to right, top to bottom, so each place's kernel is read from its last cell to its first."""
    (sh, sw), (ph, pw), _ = layer.geometry
    kh, kw = layer.kernel
    rows, columns = Axis({"i": 1, "a": 1}, ph - kh + 1, sh), Axis({"j": 1, "b": 1}, pw - kw + 1, sw)
    turned = (of("a", -1, start=kh - 1), of("b", -1, start=kw - 1))
    return Rule(
        dict(zip("ncij", x, strict=True)),
        {"k": y[1], "a": kh, "b": kw},
        left=Read("dy", y, (of("n"), of("k"), rows, columns)),
        right=Read("weight", layer.weight_shape, (of("k"), rows, columns, of("c"), *turned)),
    )


@param_rules.register
def _(layer: LocallyConnected2d, x: Shape, y: Shape) -> dict[str, Rule]:
    (sh, sw), (ph, pw), _ = layer.geometry
    dy = Read("dy", y, tuple(map(of, "nkij")))
    weight = Rule(
        dict(zip("kijcab", layer.weight_shape, strict=True)),
        {"n": x[0]},
        left=Read("x", x, (of("n"), of("c"), Axis({"i": sh, "a": 1}, -ph), Axis({"j": sw, "b": 1}, -pw))),
        right=dy,
    )
    bias = Rule(dict(zip("kij", y[1:], strict=True)), {"n": x[0]}, left=dy)
    return {"weight": weight} | ({"bias": bias} if layer.bias else {})


# WeightNorm: the layer inside, reading the weight that was put together.


def _inside(layer: WeightNorm, step: Step) -> Step:
    """The step of the layer inside, as if the weight were its own."""
    return replace(step, layer=layer.layer, params={**step.params, "weight": step.cache["normed_weight"]})


@chosen_factors.register
def _(layer: WeightNorm, step: Step) -> dict[str, Array]:
    inside = chosen_factors(layer.layer, _inside(layer, step))
    return {**inside, "normed_weight": step.cache["normed_weight"]}


@backward_factors.register
def _(layer: WeightNorm, step: Step, back: BackStep) -> dict[str, Array]:
    """What the loss wants of the weight; of it and of the norm ‖v‖; and how far v moves these two.

    weight = g · v/‖v‖ = g · direction. v moves it by g/‖v‖ with the norm held. The norm moves all weights of the
    row, each by -g·v/‖v‖², so dL/d‖v‖ = -g/‖v‖ · Σ dW · direction; and v moves the norm by v/‖v‖ = direction.
    """
    inside = _inside(layer, step)
    _, grads = layer.layer.backward(inside.params, step.cache, back.dy)
    dweight, direction, rate = grads["weight"], step.cache["direction"], step.params["weight_g"] / step.cache["norm"]
    dnorm = -rate * (dweight * direction).sum(axis=tuple(range(1, dweight.ndim)), keepdims=True)
    return {
        **backward_factors(layer.layer, inside, back),
        "dnormed_weight": dweight,
        "direction": direction,
        "upstream_v": np.stack(np.broadcast_arrays(dweight, dnorm)),
        "local_v": np.stack(np.broadcast_arrays(rate, direction)),
    }


def _with_normed_weight(rule: Rule) -> Rule:
    if rule.right is None or rule.right.array != "weight":
        return rule
    return replace(rule, right=replace(rule.right, array="normed_weight"))


@forward_rule.register
def _(layer: WeightNorm, x: Shape, y: Shape) -> Rule:
    return _with_normed_weight(forward_rule(layer.layer, x, y))


@input_rule.register
def _(layer: WeightNorm, x: Shape, y: Shape) -> Rule:
    return _with_normed_weight(input_rule(layer.layer, x, y))


@param_rules.register
def _(layer: WeightNorm, x: Shape, y: Shape) -> dict[str, Rule]:
    """A length collects its row's weight gradient along the direction; v has two ways, its weight and its norm."""
    weight = layer.layer.init(np.random.default_rng(0), Zeros())["weight"].shape
    view, at = (weight[0], prod(weight[1:])), (of("r"), of("m"))
    length = Rule({"r": view[0]}, {"m": view[1]}, Read("dnormed_weight", view, at), Read("direction", view, at))
    own = {"weight_g": length, "weight_v": way_by_way(prod(weight), 2, "upstream_v", "local_v")}
    return own | {name: rule for name, rule in param_rules(layer.layer, x, y).items() if name != "weight"}


# AdaptiveAvgPool2d, and Upsample to a size that is no multiple: each number of y reads the whole map, most of it with a
# share of 0.


def _whole_maps(x: Shape, y: Shape) -> tuple[Rule, Rule]:
    share = Read("share", (*y[2:], *x[2:]), tuple(map(of, "ijuv")))
    down, up = {"u": x[2], "v": x[3]}, {"i": y[2], "j": y[3]}
    forward = Rule(dict(zip("ncij", y, strict=True)), down, Read("x", x, tuple(map(of, "ncuv"))), share)
    backward = Rule(dict(zip("ncuv", x, strict=True)), up, Read("dy", y, tuple(map(of, "ncij"))), share)
    return forward, backward


def _every_share(step: Step) -> Array:
    share: Array = np.einsum("iu,jv->ijuv", step.cache["rows"], step.cache["columns"])
    return share


@chosen_factors.register
def _(layer: AdaptiveAvgPool2d, step: Step) -> dict[str, Array]:
    return {"share": _every_share(step)}


@forward_rule.register
def _(layer: AdaptiveAvgPool2d, x: Shape, y: Shape) -> Rule:
    return _whole_maps(x, y)[0]


@input_rule.register
def _(layer: AdaptiveAvgPool2d, x: Shape, y: Shape) -> Rule:
    return _whole_maps(x, y)[1]


# AdaptiveMaxPool2d: each window reads the whole map, of which one cell was taken.


@chosen_factors.register
def _(layer: AdaptiveMaxPool2d, step: Step) -> dict[str, Array]:
    return {"taken": layer.taken(step.cache)}


@forward_rule.register
def _(layer: AdaptiveMaxPool2d, x: Shape, y: Shape) -> Rule:
    taken = Read("taken", (*y, *x[2:]), tuple(map(of, "ncijuv")))
    terms = {"u": x[2], "v": x[3]}
    return Rule(dict(zip("ncij", y, strict=True)), terms, Read("x", x, tuple(map(of, "ncuv"))), taken)


@input_rule.register
def _(layer: AdaptiveMaxPool2d, x: Shape, y: Shape) -> Rule:
    taken = Read("taken", (*y, *x[2:]), tuple(map(of, "ncijuv")))
    terms = {"i": y[2], "j": y[3]}
    return Rule(dict(zip("ncuv", x, strict=True)), terms, Read("dy", y, tuple(map(of, "ncij"))), taken)


# Upsample to a multiple s: cell (i·s + e, j·s + f) of y lies over cell (i, j) of x and mixes it with its eight
# neighbours, at most.


def _multiple(x: Shape, y: Shape) -> Pair | None:
    """How many times larger y is than x, if that is a whole number both ways."""
    return None if y[2] % x[2] or y[3] % x[3] else (y[2] // x[2], y[3] // x[3])


@chosen_factors.register
def _(layer: Upsample, step: Step) -> dict[str, Array]:
    multiple = _multiple(step.x.shape, step.y.shape)
    if multiple is None:
        return {"share": _every_share(step)}

    def nearby(shares: Array, scale: int) -> Array:
        """The three entries of each row around the cell that it lies over, 0 beyond the edge."""
        padded = np.pad(shares, ((0, 0), (1, 1)))
        return np.take_along_axis(padded, np.arange(len(shares))[:, None] // scale + np.arange(3), axis=1)

    rows, columns = (nearby(step.cache[name], s) for name, s in zip(("rows", "columns"), multiple, strict=True))
    return {"share": np.einsum("ia,jb->ijab", rows, columns)}


@forward_rule.register
def _(layer: Upsample, x: Shape, y: Shape) -> Rule:
    multiple = _multiple(x, y)
    if multiple is None:
        return _whole_maps(x, y)[0]
    (sh, sw), (n, c, h, w) = multiple, x
    place = (Axis({"i": sh, "e": 1}), Axis({"j": sw, "f": 1}))
    return Rule(
        {"n": n, "c": c, "i": h, "e": sh, "j": w, "f": sw},
        {"a": 3, "b": 3},
        left=Read("x", x, (of("n"), of("c"), Axis({"i": 1, "a": 1}, -1), Axis({"j": 1, "b": 1}, -1))),
        right=Read("share", (y[2], y[3], 3, 3), (*place, of("a"), of("b"))),
    )


@input_rule.register
def _(layer: Upsample, x: Shape, y: Shape) -> Rule:
    multiple = _multiple(x, y)
    if multiple is None:
        return _whole_maps(x, y)[1]
    sh, sw = multiple
    place = (Axis({"i": sh, "a": -sh, "e": 1}, sh), Axis({"j": sw, "b": -sw, "f": 1}, sw))
    return Rule(
        dict(zip("ncij", x, strict=True)),
        {"a": 3, "b": 3, "e": sh, "f": sw},
        left=Read("dy", y, (of("n"), of("c"), *place)),
        right=Read("share", (y[2], y[3], 3, 3), (*place, of("a"), of("b"))),
    )
