"""Each layer's arithmetic, written down once as a rule over indices: the words for it are in ``rule.py``."""

from __future__ import annotations

from math import prod

from engine.explain import blocks, elementwise, moving, norm, variants  # noqa: F401  # imported to join in
from engine.explain.moving import collected, copies
from engine.explain.rule import (
    Axis,
    Read,
    Rule,
    backward_factors,
    chosen_factors,
    factors,
    forward_rule,
    input_rule,
    of,
    one_by_one,
    param_rules,
    places,
)
from engine.layers import AvgPool2d, Conv2d, Flatten, Identity, Linear, MaxPool2d, ReLU
from engine.layers.padding import Pad2d
from engine.layers.pool import one_hot_switches
from engine.layers.pool_variants import LPPool2d, StochasticPool2d
from engine.trace import BackStep, Step
from engine.types import Array, Pair, Shape

__all__ = ["Axis", "Read", "Rule", "factors", "forward_rule", "input_rule", "of", "param_rules", "places"]

# Identity, Flatten and ReLU: number by number.


@forward_rule.register(Identity)
@forward_rule.register(Flatten)
def _(layer: Identity | Flatten, x: Shape, y: Shape) -> Rule:
    return one_by_one(prod(x), "x")


@input_rule.register(Identity)
@input_rule.register(Flatten)
def _(layer: Identity | Flatten, x: Shape, y: Shape) -> Rule:
    return one_by_one(prod(x), "dy")


@forward_rule.register
def _(layer: ReLU, x: Shape, y: Shape) -> Rule:
    return one_by_one(prod(x), "x", "gate")


@input_rule.register
def _(layer: ReLU, x: Shape, y: Shape) -> Rule:
    return one_by_one(prod(x), "dy", "gate")


@chosen_factors.register
def _(layer: ReLU, step: Step) -> dict[str, Array]:
    return {"gate": step.cache["gate"].astype(step.x.dtype)}


# Linear: a row of W against a row of x. Axes between N and the last make more rows, which changes no memory.


def _rows(shape: Shape) -> Shape:
    return prod(shape[:-1]), shape[-1]


@forward_rule.register
def _(layer: Linear, x: Shape, y: Shape) -> Rule:
    (n, k), (_, j) = _rows(y), _rows(x)
    return Rule(
        {"n": n, "k": k},
        {"j": j},
        left=Read("x", (n, j), (of("n"), of("j"))),
        right=Read("weight", (k, j), (of("k"), of("j"))),
        bias=Read("bias", (k,), (of("k"),)) if layer.bias else None,
    )


@input_rule.register
def _(layer: Linear, x: Shape, y: Shape) -> Rule:
    (n, k), (_, j) = _rows(y), _rows(x)
    return Rule(
        {"n": n, "j": j},
        {"k": k},
        left=Read("dy", (n, k), (of("n"), of("k"))),
        right=Read("weight", (k, j), (of("k"), of("j"))),
    )


@param_rules.register
def _(layer: Linear, x: Shape, y: Shape) -> dict[str, Rule]:
    (n, k), (_, j) = _rows(y), _rows(x)
    left = Read("dy", (n, k), (of("n"), of("k")))
    weight = Rule({"k": k, "j": j}, {"n": n}, left=left, right=Read("x", (n, j), (of("n"), of("j"))))
    return {"weight": weight} | ({"bias": Rule({"k": k}, {"n": n}, left)} if layer.bias else {})


# Conv2d: channels are seen as (group, channel in the group), which changes no memory. Where x stands outside itself,
# the kernel reads the padded x, whose gradient is x's, copy by copy.


def _repeated(layer: Conv2d) -> Pad2d | None:
    """What pads x with numbers of its own; zeros are places outside x."""
    return layer.framing if layer.padding_mode != "zeros" else None


def _conv_read(layer: Conv2d, x: Shape) -> tuple[str, Shape, Pair]:
    """Which array the kernel reads, its shape, and the padding that is left to do."""
    pad = _repeated(layer)
    if pad is None:
        return "x", x, layer.geometry[1]
    return "padded", (x[0], *pad.output_shape(x[1:])), (0, 0)


def _conv_views(layer: Conv2d, x: Shape, y: Shape) -> tuple[Shape, Shape, Shape]:
    g, (kh, kw) = layer.groups, layer.kernel
    k, c = y[1] // g, x[1] // g
    return (x[0], g, c, x[2], x[3]), (g, k, c, kh, kw), (y[0], g, k, y[2], y[3])


@chosen_factors.register
def _(layer: Conv2d, step: Step) -> dict[str, Array]:
    return {} if _repeated(layer) is None else {"padded": step.cache["padded"]}


@backward_factors.register
def _(layer: Conv2d, step: Step, back: BackStep) -> dict[str, Array]:
    """What each number of the padded x gets, and of which number of x it is a copy."""
    pad = _repeated(layer)
    if pad is None:
        return {}
    dpadded = layer.input_grad(step.params, step.cache, back.dy)
    return {"dpadded": dpadded, "share": copies(pad, step.x.shape).astype(step.x.dtype)}


@forward_rule.register
def _(layer: Conv2d, x: Shape, y: Shape) -> Rule:
    name, read, (ph, pw) = _conv_read(layer, x)
    x_view, w_view, y_view = _conv_views(layer, read, y)
    (sh, sw), _, (dh, dw) = layer.geometry
    rows, columns = Axis({"i": sh, "a": dh}, -ph), Axis({"j": sw, "b": dw}, -pw)
    return Rule(
        dict(zip("ngkij", y_view, strict=True)),
        {"c": w_view[2], "a": w_view[3], "b": w_view[4]},
        left=Read(name, x_view, (of("n"), of("g"), of("c"), rows, columns)),
        right=Read("weight", w_view, (of("g"), of("k"), of("c"), of("a"), of("b"))),
        bias=Read("bias", w_view[:2], (of("g"), of("k"))) if layer.bias else None,
    )


@input_rule.register
def _(layer: Conv2d, x: Shape, y: Shape) -> Rule:
    """dy is read left to right, top to bottom, so the kernel is read from its last cell to its first."""
    _, read, (ph, pw) = _conv_read(layer, x)
    if _repeated(layer) is not None:
        return collected(x, read, "dpadded")
    x_view, w_view, y_view = _conv_views(layer, x, y)
    (sh, sw), _, (dh, dw) = layer.geometry
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
    name, read, (ph, pw) = _conv_read(layer, x)
    x_view, w_view, y_view = _conv_views(layer, read, y)
    (sh, sw), _, (dh, dw) = layer.geometry
    rows, columns = Axis({"i": sh, "a": dh}, -ph), Axis({"j": sw, "b": dw}, -pw)
    places = {"n": y[0], "i": y[2], "j": y[3]}
    dy = Read("dy", y_view, (of("n"), of("g"), of("k"), of("i"), of("j")))
    weight = Rule(
        dict(zip("gkcab", w_view, strict=True)),
        places,
        left=Read(name, x_view, (of("n"), of("g"), of("c"), rows, columns)),
        right=dy,
    )
    bias = Rule({"g": w_view[0], "k": w_view[1]}, places, left=dy)
    return {"weight": weight} | ({"bias": bias} if layer.bias else {})


# Pooling: a convolution of each channel on its own whose kernel is given by the data or the window.

Pool = MaxPool2d | AvgPool2d | LPPool2d | StochasticPool2d


@chosen_factors.register
def _(layer: MaxPool2d, step: Step) -> dict[str, Array]:
    return {"taken": one_hot_switches(step.cache["switches"], layer.geometry[0], step.x.dtype)}


@chosen_factors.register
def _(layer: AvgPool2d, step: Step) -> dict[str, Array]:
    return {"share": step.cache["share"]}


@chosen_factors.register
def _(layer: LPPool2d, step: Step) -> dict[str, Array]:
    return {"slope": layer.slope(step.cache)}


@chosen_factors.register
def _(layer: StochasticPool2d, step: Step) -> dict[str, Array]:
    return {"share": layer.share(step.cache), "slope": layer.slope(step.cache)}


def _pool_rules(layer: Pool, x: Shape, y: Shape) -> tuple[Rule, Rule]:
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = layer.geometry
    cells = {"a": kh, "b": kw}
    seen = (of("n"), of("c"), Axis({"i": sh, "a": dh}, -ph), Axis({"j": sw, "b": dw}, -pw))
    back_rows, back_columns = Axis({"i": 1, "a": -dh}, ph, sh), Axis({"j": 1, "b": -dw}, pw, sw)

    def kernel(name: str, rows: Axis, columns: Axis) -> Read:
        window = (rows, columns, of("a"), of("b"))
        if isinstance(layer, AvgPool2d):
            return Read(name, (y[2], y[3], kh, kw), window)
        return Read(name, (*y, kh, kw), (of("n"), of("c"), *window))

    there, back = _KERNELS[type(layer)]
    forward = Rule(dict(zip("ncij", y, strict=True)), cells, Read("x", x, seen), kernel(there, of("i"), of("j")))
    upstream = Read("dy", y, (of("n"), of("c"), back_rows, back_columns))
    backward = Rule(dict(zip("ncij", x, strict=True)), cells, upstream, kernel(back, back_rows, back_columns))
    return forward, backward


_KERNELS: dict[type, tuple[str, str]] = {
    MaxPool2d: ("taken", "taken"),
    AvgPool2d: ("share", "share"),
    LPPool2d: ("slope", "slope"),
    StochasticPool2d: ("share", "slope"),
}
"""What a window's cells are multiplied by, forwards and backwards."""


@forward_rule.register(MaxPool2d)
@forward_rule.register(AvgPool2d)
@forward_rule.register(LPPool2d)
@forward_rule.register(StochasticPool2d)
def _(layer: Pool, x: Shape, y: Shape) -> Rule:
    return _pool_rules(layer, x, y)[0]


@input_rule.register(MaxPool2d)
@input_rule.register(AvgPool2d)
@input_rule.register(LPPool2d)
@input_rule.register(StochasticPool2d)
def _(layer: Pool, x: Shape, y: Shape) -> Rule:
    return _pool_rules(layer, x, y)[1]
