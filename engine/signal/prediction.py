"""Predicted: the same spreads without any data, from how the weights are drawn alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from engine.layers import Conv2d, Linear
from engine.signal.setup import ACTIVATIONS, LINKS, Setup, inputs_of, layers_of, size_of, weight_shape
from engine.types import Array, Shape

EPS = 1e-5
"""Batch norm's."""


@dataclass(frozen=True)
class Predicted:
    """For x (place 0) and y of every layer: std, and the root mean square of the gradient dL/dy. Shape (depth + 1,),
    or (sizes, depth + 1) for several sizes at once; not-a-number where this theory has nothing to say."""

    std: Array
    gradient: Array


def predict(setup: Setup, input_shape: Shape, mean_square_x: float = 1.0, var_x: float | None = None) -> Predicted:
    """Var(s) = n_in · Var(w) · E[x²], then y = f(s); back: E[dx²] = n_out · Var(w) · E[f'(s)²] · E[dy²].

    A sum of many independent terms is normal, so E[y²] = E[f(z)²] for z ~ N(bias, Var(s)), and so on up; at the top
    E[dy²] = 1 is sent in. With batch norm z ~ N(0, 1), and a gradient coming back is divided by the variance of a
    unit's sums over the batch, n_in · Var(w) · Var(x). Data-dependent draws make Var(s) = 1 everywhere. Weights that
    are all one number aren't independent: of those (unless they are 0) this theory says nothing.
    mean_square_x is E[x²] of the data, var_x the variance of one of its entries over the examples, if that differs.
    Poole et al., "Exponential expressivity in deep neural networks through transient chaos", 2016; Schoenholz et al.,
    "Deep information propagation", 2017; with batch norm Yang et al., "A mean field theory of batch normalization",
    2019.
    """
    found = _chain(setup, _sums(setup, input_shape, [setup.sigma]), mean_square_x, var_x)
    return Predicted(found.std[0], found.gradient[0])


def over_sizes(
    setup: Setup, input_shape: Shape, sigmas: Sequence[float], mean_square_x: float = 1.0, var_x: float | None = None
) -> Predicted:
    """``predict`` for the same draw with each of these numbers as its size: (sizes, depth + 1)."""
    fixed = replace(setup, size="fixed")
    return _chain(fixed, _sums(fixed, input_shape, sigmas), mean_square_x, var_x)


def variance_of(setup: Setup, shape: Shape) -> float:
    """E[w²] of a weight of this shape as it is drawn. A data-dependent draw has none of its own."""
    square = size_of(setup, shape) ** 2
    n_in = float(np.prod(shape[1:]))
    return {"sparse": square * min(LINKS, n_in) / n_in, "zeros": 0.0}.get(setup.draw, square)


@dataclass(frozen=True)
class _Sum:
    """A layer's sums: how many numbers they read and feed, and the weights' E[w²] at each size (sizes,)."""

    n_in: float
    n_out: float
    var_w: Array


def _sums(setup: Setup, input_shape: Shape, sigmas: Sequence[float]) -> list[_Sum]:
    layers = [layer for _, layer in layers_of(setup, input_shape) if isinstance(layer, Linear | Conv2d)]
    setups = [replace(setup, sigma=sigma) for sigma in sigmas]
    return [
        _Sum(*inputs_of(layer), np.array([variance_of(one, weight_shape(layer)) for one in setups])) for layer in layers
    ]


def _chain(setup: Setup, sums: list[_Sum], mean_square_x: float, var_x: float | None) -> Predicted:
    """Up through all layers, and down again."""
    sizes = len(sums[0].var_w)
    square = np.full(sizes, mean_square_x)
    inside = np.full(sizes, mean_square_x if var_x is None else var_x)
    stds, factors = [np.sqrt(square)], []
    with np.errstate(all="ignore"):
        for s in sums:
            var_s = np.ones(sizes) if setup.draw == "lsuv" else s.n_in * s.var_w * square
            var_w = var_s / (s.n_in * square) if setup.draw == "lsuv" else s.var_w
            over_batch = s.n_in * var_w * inside
            if setup.batch_norm:
                mean, square, slope = _through(setup.activation, over_batch / (over_batch + EPS), 0.0)
            else:
                mean, square, slope = _through(setup.activation, var_s, setup.bias)
            factors.append(s.n_out * var_w * slope / (over_batch + EPS if setup.batch_norm else 1))
            inside = np.maximum(square - mean**2, 0)
            stds.append(np.sqrt(inside))
        back = [np.ones(sizes)]
        for factor in reversed(factors):
            back.append(back[-1] * factor)
        std, gradient = np.stack(stds, 1), np.sqrt(np.stack(back[::-1], 1))
    if setup.draw == "constant":
        std[:, 1:], gradient[:, :-1] = np.nan, np.nan
    return Predicted(std, gradient)


def _through(activation: str, variance: Array, bias: float) -> tuple[Array, Array, Array]:
    """(E[f(z)], E[f(z)²], E[f'(z)²]) for z ~ N(bias, variance), one for each variance."""
    layer = ACTIVATIONS[activation]
    nodes, weights = _normal()
    z = bias + np.sqrt(variance)[:, np.newaxis] * nodes
    y, cache = layer.forward({}, z)
    slope, _ = layer.backward({}, cache, np.ones_like(z))
    return y @ weights, y**2 @ weights, slope**2 @ weights


@cache
def _normal() -> tuple[Array, Array]:
    """Points and weights with Σ weight · g(point) ≈ E[g(z)], z ~ N(0, 1).

    The trapezoid rule, with points that crowd about 0, where the slope of an activation with large sums has all its
    mass; none stands at 0 itself, where a ReLU has two slopes.
    """
    nodes = 9 * np.sinh(np.linspace(-6, 6, 800)) / np.sinh(6)
    density = np.exp(-(nodes**2) / 2) * np.gradient(nodes)
    return nodes, density / density.sum()
