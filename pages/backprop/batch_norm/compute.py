"""Batch norm in nine elementary steps, and their undoing one by one: what ``engine.layers.norm`` does at once.

Every step is an operation whose derivative anyone knows: a sum, a difference, a square, a root, 1/s, a product.
All arrays are (N, D), or (1, D) for what a feature has once; m = N numbers are normalised together.
"""

from __future__ import annotations

import numpy as np

from engine.layers.norm import BatchNorm1d
from engine.types import Array, Params

FORWARD = ("mean", "centred", "squared", "var", "std", "inv_std", "x_hat", "scaled", "y")
BACKWARD = (
    *("dscaled", "dbias", "dx_hat", "dweight", "dinv_std", "dstd"),
    *("dvar", "dsquared", "dcentred", "dmean", "dx"),
)


def forward_steps(x: Array, weight: Array, bias: Array, eps: float, running: Params | None = None) -> Params:
    """y = γ · (x - μ) / √(σ² + ε) + β, each step by its name.

    x (N, D), weight (γ) and bias (β) (D,). With ``running`` (running_mean, running_var) steps 1, 3 and 4 are left
    out: μ and σ² are given.
    Ioffe & Szegedy, "Batch normalization: accelerating deep network training", 2015.
    """
    m, found = len(x), {}
    found["mean"] = x.sum(axis=0, keepdims=True) / m if running is None else running["running_mean"][None]  # 1
    found["centred"] = x - found["mean"]  # 2
    if running is None:
        found["squared"] = found["centred"] * found["centred"]  # 3
        found["var"] = found["squared"].sum(axis=0, keepdims=True) / m  # 4
    else:
        found["var"] = running["running_var"][None]
    found["std"] = np.sqrt(found["var"] + eps)  # 5
    found["inv_std"] = 1 / found["std"]  # 6
    found["x_hat"] = found["centred"] * found["inv_std"]  # 7
    found["scaled"] = weight * found["x_hat"]  # 8
    found["y"] = found["scaled"] + bias  # 9
    return found


def backward_steps(
    forward: Params, weight: Array, dy: Array, *, through_mean: bool = True, through_var: bool = True
) -> Params:
    """dL/d(what each step made), from 9' to 1'; dweight and dbias on the way. dy (N, D).

    9'. y = g + β:      dg = dy,           dβ = Σ dy.
    8'. g = γ · x̂:      dx̂ = dg · γ,       dγ = Σ dg · x̂.
    7'. x̂ = c · r:      dr = Σ dx̂ · c;     c gets dx̂ · r.
    6'. r = 1 / s:      ds = -dr / s².
    5'. s = √(σ² + ε):  dσ² = ds / 2s.
    4'. σ² = Σ q / m:   dq = dσ² / m, the same for all.
    3'. q = c²:         c gets 2c · dq as well: dc is the sum of both.
    2'. c = x - μ:      dμ = -Σ dc;        x gets dc.
    1'. μ = Σ x / m:    x gets dμ / m as well: dx = dc + dμ / m.

    A number that was copied to many (γ, β, r, μ) collects from all of them; one that went two ways (c, x) adds them.
    ``through_mean`` or ``through_var`` off leaves 1' or 6'-3' out, as if μ or σ² didn't move with x: then dx is wrong.
    With running averages both are left out, and rightly.
    """
    m, found = len(dy), {}
    found["dscaled"], found["dbias"] = dy, dy.sum(axis=0, keepdims=True)  # 9'
    found["dx_hat"] = found["dscaled"] * weight  # 8'
    found["dweight"] = (found["dscaled"] * forward["x_hat"]).sum(axis=0, keepdims=True)
    dcentred = found["dx_hat"] * forward["inv_std"]
    own = "squared" in forward
    if own and through_var:
        found["dinv_std"] = (found["dx_hat"] * forward["centred"]).sum(axis=0, keepdims=True)  # 7'
        found["dstd"] = -found["dinv_std"] / forward["std"] ** 2  # 6'
        found["dvar"] = found["dstd"] / (2 * forward["std"])  # 5'
        found["dsquared"] = np.broadcast_to(found["dvar"] / m, dy.shape)  # 4'
        dcentred = dcentred + 2 * forward["centred"] * found["dsquared"]  # 3'
    found["dcentred"] = dcentred
    if own and through_mean:
        found["dmean"] = -dcentred.sum(axis=0, keepdims=True)  # 2'
        found["dx"] = dcentred + found["dmean"] / m  # 1'
    else:
        found["dx"] = dcentred
    return found


def ways(forward: Params, backward: Params) -> Array:
    """dx's three parts (3, N, D): through x's own x̂, through μ, and through σ²; their sum is dx.

    dx̂ · r  +  dμ / m  +  2c · dq; a way that was left out is 0.
    """
    own = backward["dx_hat"] * forward["inv_std"]
    mean = backward["dmean"] / len(own) if "dmean" in backward else 0.0
    var = 2 * forward["centred"] * backward["dsquared"] if "dsquared" in backward else 0.0
    return np.stack([np.broadcast_to(way, own.shape) for way in (own, mean, var)])


def running_averages(layer: BatchNorm1d, params: Params, x: Array, batches: int) -> Params:
    """The layer's buffers after ``batches`` training passes over this same batch."""
    for _ in range(batches):
        _y, cache = layer.forward(params, x, train=True)
        params = params | {name: cache[name] for name in layer.buffers}
    return {name: params[name] for name in layer.buffers}
