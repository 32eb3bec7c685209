"""The rules of layers whose numbers share a denominator: softmax, the normalisations, local response."""

from __future__ import annotations

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
    one_by_one,
    param_rules,
    way_by_way,
)
from engine.layers.activation_across import LogSoftmax, Softmax
from engine.layers.local_response import LocalResponseNorm
from engine.layers.norm import BatchNorm
from engine.layers.norm_example import GroupNorm, InstanceNorm2d, LayerNorm
from engine.trace import BackStep, Step
from engine.types import Array, Shape

# Softmax: y = e^x · 1/Σ e^x, and dx = Σ_c dy_c · dy_c/dx. The axis lies between an outer and an inner part of x.


def _softmax_view(layer: Softmax | LogSoftmax, x: Shape) -> Shape:
    axis = layer.dim % len(x)
    return prod(x[:axis]), x[axis], prod(x[axis + 1 :])


@chosen_factors.register
def _(layer: Softmax, step: Step) -> dict[str, Array]:
    """The largest x of each row is taken off first, as in the layer: it cancels."""
    exp = np.exp(step.x - step.x.max(axis=layer.dim, keepdims=True))
    return {"exp": exp, "per_total": 1 / exp.sum(axis=layer.dim, keepdims=True)}


@backward_factors.register
def _(layer: Softmax, step: Step, back: BackStep) -> dict[str, Array]:
    """jacobian[o,c,j,m] = dy_c/dx_j = y_c · ([c = j] - y_j)."""
    y = step.y.reshape(_softmax_view(layer, step.x.shape))
    same = np.eye(y.shape[1], dtype=y.dtype)[:, :, None]
    return {"jacobian": y[:, :, None] * (same - y[:, None])}


@forward_rule.register
def _(layer: Softmax, x: Shape, y: Shape) -> Rule:
    view = _softmax_view(layer, x)
    total = Read("per_total", (view[0], view[2]), (of("o"), of("m")))
    return Rule(dict(zip("ocm", view, strict=True)), {}, Read("exp", view, tuple(map(of, "ocm"))), total)


@input_rule.register(Softmax)
@input_rule.register(LogSoftmax)
def _(layer: Softmax | LogSoftmax, x: Shape, y: Shape) -> Rule:
    view = outer, classes, inner = _softmax_view(layer, x)
    return Rule(
        dict(zip("ojm", view, strict=True)),
        {"c": classes},
        left=Read("dy", view, tuple(map(of, "ocm"))),
        right=Read("jacobian", (outer, classes, classes, inner), tuple(map(of, "ocjm"))),
    )


# LogSoftmax: y = x - ln Σ e^x, the total's logarithm being the same number for all of a row.


@chosen_factors.register
def _(layer: LogSoftmax, step: Step) -> dict[str, Array]:
    """-ln Σ e^x, the largest x taken off first and then added again."""
    largest = step.x.max(axis=layer.dim, keepdims=True)
    return {"less_log_total": -largest - np.log(np.exp(step.x - largest).sum(axis=layer.dim, keepdims=True))}


@backward_factors.register
def _(layer: LogSoftmax, step: Step, back: BackStep) -> dict[str, Array]:
    """jacobian[o,c,j,m] = dy_c/dx_j = [c = j] - p_j."""
    p = np.exp(step.y.reshape(_softmax_view(layer, step.x.shape)))
    return {"jacobian": np.eye(p.shape[1], dtype=p.dtype)[:, :, None] - p[:, None]}


@forward_rule.register
def _(layer: LogSoftmax, x: Shape, y: Shape) -> Rule:
    view = _softmax_view(layer, x)
    total = Read("less_log_total", (view[0], view[2]), (of("o"), of("m")))
    return Rule(dict(zip("ocm", view, strict=True)), {}, Read("x", view, tuple(map(of, "ocm"))), bias=total)


# LocalResponseNorm: y = x · shrink, and every channel c whose denominator holds x_j sends it a share of its gradient.


@chosen_factors.register
def _(layer: LocalResponseNorm, step: Step) -> dict[str, Array]:
    return {"shrink": step.cache["total"] ** -layer.beta}


@backward_factors.register
def _(layer: LocalResponseNorm, step: Step, back: BackStep) -> dict[str, Array]:
    """slope[n,c,e,…] = dy_c/dx_j for the e-th channel around c, j = c + e - ⌊size/2⌋; 0 where there is none.

    dy_c/dx_j = [j = c] · t_c^-beta - 2·alpha·beta/size · x_c · x_j · t_c^(-beta-1).
    """
    x, total = step.x, step.cache["total"]
    before, channels = layer.size // 2, x.shape[1]
    around = np.pad(x, ((0, 0), (before, layer.size), *((0, 0),) * (x.ndim - 2)))
    neighbours = np.stack([around[:, e : e + channels] for e in range(layer.size)], axis=2)
    through = 2 * layer.alpha * layer.beta / layer.size * x * total ** (-layer.beta - 1)
    slope = -through[:, :, None] * neighbours
    slope[:, :, before] += total**-layer.beta
    return {"slope": slope}


@forward_rule.register
def _(layer: LocalResponseNorm, x: Shape, y: Shape) -> Rule:
    return one_by_one(prod(x), "x", "shrink")


@input_rule.register
def _(layer: LocalResponseNorm, x: Shape, y: Shape) -> Rule:
    """The term d is channel j + d - ⌊(size - 1)/2⌋, around which j is the (size - 1 - d)-th."""
    n, channels, inner = x[0], x[1], prod(x[2:])
    channel = Axis({"j": 1, "d": 1}, -((layer.size - 1) // 2))
    return Rule(
        {"n": n, "j": channels, "m": inner},
        {"d": layer.size},
        left=Read("dy", (n, channels, inner), (of("n"), channel, of("m"))),
        right=Read(
            "slope",
            (n, channels, layer.size, inner),
            (of("n"), channel, of("d", -1, start=layer.size - 1), of("m")),
        ),
    )


# Normalisations: y = (x - μ) · γ/σ + β, with σ short for √(σ² + ε). γ/σ is one number for every feature (batch norm),
# for every channel of an example (group and instance norm), or for every number (layer norm).

Norm = BatchNorm | LayerNorm | GroupNorm | InstanceNorm2d


def _together(layer: Norm, x: Shape) -> tuple[Shape, tuple[int, ...]]:
    """x's shape with the channels cut into groups, and the axes along which numbers are normalised together."""
    if isinstance(layer, BatchNorm):
        return x, (0, *range(2, len(x)))
    if isinstance(layer, LayerNorm):
        return x, tuple(range(len(x) - len(layer.sizes), len(x)))
    return (x[0], layer.groups, prod(x[1:]) // layer.groups), (2,)


def _over(layer: Norm, step: Step, name: str) -> Array:
    """γ (or β) in a shape that lies over x; 1 where the layer has none."""
    if name not in step.params:
        return np.ones((), step.x.dtype)
    across = layer.sizes if isinstance(layer, LayerNorm) else (-1, *(1,) * (step.x.ndim - 2))
    return step.params[name].reshape(across)


def _inv_std(layer: Norm, step: Step) -> Array:
    """1/σ of every number of x."""
    view, _ = _together(layer, step.x.shape)
    return np.broadcast_to(step.cache["inv_std"], view).reshape(step.x.shape)


def _views(layer: Norm, x: Shape) -> tuple[str, Shape, str, str]:
    """The indices of x and their sizes, and which of them γ/σ and γ have."""
    if isinstance(layer, LayerNorm):
        size = prod(layer.sizes)
        return "om", (prod(x) // size, size), "om", "m"
    return "ncm", (x[0], x[1], prod(x[2:])), "c" if isinstance(layer, BatchNorm) else "nc", "c"


@chosen_factors.register(BatchNorm)
@chosen_factors.register(LayerNorm)
@chosen_factors.register(GroupNorm)
@chosen_factors.register(InstanceNorm2d)
def _(layer: Norm, step: Step) -> dict[str, Array]:
    """x - μ, and γ/σ as often as it differs."""
    inv_std = _inv_std(layer, step)
    scale = inv_std * _over(layer, step, "weight")
    if not isinstance(layer, LayerNorm):
        scale = scale[(0 if isinstance(layer, BatchNorm) else slice(None), slice(None), *(0,) * (step.x.ndim - 2))]
    return {"centred": step.cache["x_hat"] / inv_std, "scale": scale}


@backward_factors.register(BatchNorm)
@backward_factors.register(LayerNorm)
@backward_factors.register(GroupNorm)
@backward_factors.register(InstanceNorm2d)
def _(layer: Norm, step: Step, back: BackStep) -> dict[str, Array]:
    """The three ways from x to the loss: through its own y, through μ and through σ².

    upstream = [dL/dy, dL/dμ, dL/dσ²] with dL/dμ = -Σ dx̂/σ, dL/dσ² = -½ Σ dx̂ · (x - μ)/σ³, where dx̂ = dy · γ;
    local = [γ/σ, 1/m, 2(x - μ)/m] is how far x moves each of them, the sums and means over m numbers.
    The products are the three terms of dx = 1/σ · (dx̂ - mean(dx̂) - x̂ · mean(dx̂ · x̂)), as σ · x̂ = x - μ.
    Running averages don't move with x: with them the loss wants nothing of μ and σ², and two terms are 0.
    """
    x, (view, axes), inv_std = step.x, _together(layer, step.x.shape), _inv_std(layer, step)
    gamma, x_hat = _over(layer, step, "weight"), step.cache["x_hat"]
    own = not isinstance(layer, BatchNorm) or "batch_mean" in step.cache

    def collected(values: Array) -> Array:
        total = values.reshape(view).sum(axis=axes, keepdims=True) * own
        return np.broadcast_to(total, view).reshape(x.shape)

    dx_hat, centred, m = back.dy * gamma, x_hat / inv_std, prod(view[axis] for axis in axes)
    dmean, dvar = -collected(dx_hat * inv_std), -collected(dx_hat * centred * inv_std**3) / 2
    return {
        "upstream": np.stack([back.dy, dmean, dvar]),
        "local": np.stack([gamma * inv_std, np.full_like(x, 1 / m), 2 * centred / m]),
        "x_hat": x_hat,
    }


@forward_rule.register(BatchNorm)
@forward_rule.register(LayerNorm)
@forward_rule.register(GroupNorm)
@forward_rule.register(InstanceNorm2d)
def _(layer: Norm, x: Shape, y: Shape) -> Rule:
    names, view, scale, gamma = _views(layer, x)
    sizes = dict(zip(names, view, strict=True))

    def read(array: str, indices: str) -> Read:
        return Read(array, tuple(sizes[name] for name in indices), tuple(map(of, indices)))

    bias = read("bias", gamma) if _learns(layer, "bias") else None
    return Rule(sizes, {}, read("centred", names), read("scale", scale), bias)


@input_rule.register(BatchNorm)
@input_rule.register(LayerNorm)
@input_rule.register(GroupNorm)
@input_rule.register(InstanceNorm2d)
def _(layer: Norm, x: Shape, y: Shape) -> Rule:
    return way_by_way(prod(x), 3, "upstream", "local")


@param_rules.register(BatchNorm)
@param_rules.register(LayerNorm)
@param_rules.register(GroupNorm)
@param_rules.register(InstanceNorm2d)
def _(layer: Norm, x: Shape, y: Shape) -> dict[str, Rule]:
    """γ collects dy · x̂, and β dy, from every number that they served."""
    names, view, _, gamma = _views(layer, x)
    sizes = dict(zip(names, view, strict=True))
    result, terms = {gamma: sizes[gamma]}, {name: size for name, size in sizes.items() if name != gamma}
    dy, x_hat = (Read(name, view, tuple(map(of, names))) for name in ("dy", "x_hat"))
    rules = {"weight": Rule(result, terms, dy, x_hat), "bias": Rule(result, terms, dy)}
    return {name: rule for name, rule in rules.items() if _learns(layer, name)}


def _learns(layer: Norm, name: str) -> bool:
    if isinstance(layer, LayerNorm):
        return layer.elementwise_affine and (layer.bias or name == "weight")
    return layer.affine
