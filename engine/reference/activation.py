"""Activations as functions of one number, the loops that use them, and dropout. See ``reference.py``."""

from __future__ import annotations

from collections.abc import Callable
from math import cosh, erf, exp, isnan, log, pi, sqrt, tanh

import numpy as np

from engine.types import Array

Function = Callable[..., float]
SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946


def leaky_relu(x: float, negative_slope: float = 0.01) -> float:
    """x where x > 0, else negative_slope · x."""
    return x if x > 0 else negative_slope * x


def leaky_relu_slope(x: float, negative_slope: float = 0.01) -> float:
    """1 where x > 0, else negative_slope."""
    return 1 if x > 0 else negative_slope


def sigmoid(x: float) -> float:
    """σ(x) = 1 / (1 + e^-x)."""
    return 1 / (1 + exp(-x))


def sigmoid_slope(x: float) -> float:
    """σ' = σ · (1 - σ)."""
    return sigmoid(x) * (1 - sigmoid(x))


def tanh_slope(x: float) -> float:
    """tanh' = 1 / cosh²."""
    return 1 / cosh(x) ** 2


def softplus(x: float, beta: float = 1.0) -> float:
    """log(1 + e^(β·x)) / β."""
    return log(1 + exp(beta * x)) / beta


def softplus_slope(x: float, beta: float = 1.0) -> float:
    """σ(β·x)."""
    return sigmoid(beta * x)


def elu(x: float, alpha: float = 1.0) -> float:
    """x where x > 0, else α·(e^x - 1)."""
    return x if x > 0 else alpha * (exp(x) - 1)


def elu_slope(x: float, alpha: float = 1.0) -> float:
    """1 where x > 0, else α·e^x."""
    return 1 if x > 0 else alpha * exp(x)


def silu(x: float) -> float:
    """x · σ(x)."""
    return x * sigmoid(x)


def silu_slope(x: float) -> float:
    """σ + x · σ', by the product rule."""
    return sigmoid(x) + x * sigmoid_slope(x)


def gelu(x: float, approximate: str = "none") -> float:
    """x · Φ(x) with Φ(x) = (1 + erf(x/√2)) / 2, or with tanh(√(2/π) · (x + 0.044715·x³)) in place of erf(x/√2)."""
    if approximate == "tanh":
        return x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2
    return x * (1 + erf(x / sqrt(2))) / 2


def gelu_slope(x: float, approximate: str = "none") -> float:
    """Φ + x · Φ', by the product rule; Φ'(x) = e^(-x²/2) / √(2π), or tanh'(u)·u'/2 with u what tanh is taken of."""
    if approximate == "tanh":
        u, du = sqrt(2 / pi) * (x + 0.044715 * x**3), sqrt(2 / pi) * (1 + 3 * 0.044715 * x**2)
        return (1 + tanh(u)) / 2 + x * tanh_slope(u) * du / 2
    return (1 + erf(x / sqrt(2))) / 2 + x * exp(-x * x / 2) / sqrt(2 * pi)


def softsign(x: float) -> float:
    """x / (1 + |x|)."""
    return x / (1 + abs(x))


def softsign_slope(x: float) -> float:
    """1 / (1 + |x|)²."""
    return 1 / (1 + abs(x)) ** 2


def selu(x: float) -> float:
    """scale · ELU(x), with the α and the scale that keep mean 0 and variance 1."""
    return SELU_SCALE * elu(x, SELU_ALPHA)


def selu_slope(x: float) -> float:
    """scale · ELU'(x)."""
    return SELU_SCALE * elu_slope(x, SELU_ALPHA)


def celu(x: float, alpha: float = 1.0) -> float:
    """x where x > 0, else α·(e^(x/α) - 1)."""
    return x if x > 0 else alpha * (exp(x / alpha) - 1)


def celu_slope(x: float, alpha: float = 1.0) -> float:
    """1 where x > 0, else e^(x/α)."""
    return 1 if x > 0 else exp(x / alpha)


def mish(x: float) -> float:
    """x · tanh(softplus(x))."""
    return x * tanh(softplus(x))


def mish_slope(x: float) -> float:
    """tanh(softplus) + x · tanh'(softplus) · σ, by the product and the chain rule."""
    return tanh(softplus(x)) + x * tanh_slope(softplus(x)) * sigmoid(x)


def hardtanh(x: float, min_val: float = -1.0, max_val: float = 1.0) -> float:
    """x, but no less than min_val and no more than max_val."""
    return min(max(x, min_val), max_val)


def hardtanh_slope(x: float, min_val: float = -1.0, max_val: float = 1.0) -> float:
    """1 between the two, 0 beyond."""
    return 1 if min_val < x < max_val else 0


def relu6(x: float) -> float:
    """x, but no less than 0 and no more than 6."""
    return hardtanh(x, 0, 6)


def relu6_slope(x: float) -> float:
    """1 from 0 to 6, 0 beyond."""
    return hardtanh_slope(x, 0, 6)


def hardsigmoid(x: float) -> float:
    """relu6(x + 3) / 6."""
    return relu6(x + 3) / 6


def hardsigmoid_slope(x: float) -> float:
    """1/6 from -3 to 3, 0 beyond."""
    return relu6_slope(x + 3) / 6


def hardswish(x: float) -> float:
    """x · relu6(x + 3) / 6."""
    return x * hardsigmoid(x)


def hardswish_slope(x: float) -> float:
    """The gate and x times the gate's slope, by the product rule."""
    return hardsigmoid(x) + x * hardsigmoid_slope(x)


ACTIVATIONS: dict[str, tuple[Function, Function]] = {
    "LeakyReLU": (leaky_relu, leaky_relu_slope),
    "Sigmoid": (sigmoid, sigmoid_slope),
    "Tanh": (tanh, tanh_slope),
    "Softplus": (softplus, softplus_slope),
    "ELU": (elu, elu_slope),
    "SiLU": (silu, silu_slope),
    "GELU": (gelu, gelu_slope),
    "Softsign": (softsign, softsign_slope),
    "SELU": (selu, selu_slope),
    "CELU": (celu, celu_slope),
    "Mish": (mish, mish_slope),
    "Hardtanh": (hardtanh, hardtanh_slope),
    "ReLU6": (relu6, relu6_slope),
    "Hardsigmoid": (hardsigmoid, hardsigmoid_slope),
    "Hardswish": (hardswish, hardswish_slope),
}
"""By the layer's name its function of one number and that function's slope; both take the layer's own arguments too."""


def elementwise(x: Array, function: Function, *arguments: float | str) -> Array:
    """y = f(x), for each number by itself; any shape."""
    y = np.zeros_like(x)
    for at in np.ndindex(*x.shape):
        y[at] = function(float(x[at]), *arguments)
    return y


def elementwise_backward(x: Array, dy: Array, slope: Function, *arguments: float | str) -> Array:
    """dx = dy · f'(x), for each number by itself."""
    dx = np.zeros_like(x)
    for at in np.ndindex(*x.shape):
        dx[at] = dy[at] * slope(float(x[at]), *arguments)
    return dx


def prelu(x: Array, weight: Array) -> Array:
    """y[n,c,…] = x where x > 0, else w[c] · x; x (N, C, …), weight (C,), or (1,) for one slope shared by all."""
    y = np.zeros_like(x)
    for n, *at in np.ndindex(*x.shape):
        w = weight[at[0] if len(weight) > 1 else 0]
        y[n, *at] = x[n, *at] if x[n, *at] > 0 else w * x[n, *at]
    return y


def prelu_backward(x: Array, weight: Array, dy: Array) -> tuple[Array, Array]:
    """dx = dy, or dy · w where x isn't positive; there w was used, and collects dy · x."""
    dx, dweight = np.zeros_like(x), np.zeros_like(weight)
    for n, *at in np.ndindex(*x.shape):
        c = at[0] if len(weight) > 1 else 0
        if x[n, *at] > 0:
            dx[n, *at] = dy[n, *at]
        else:
            dx[n, *at] = dy[n, *at] * weight[c]
            dweight[c] += dy[n, *at] * x[n, *at]
    return dx, dweight


def rrelu(x: Array, slopes: Array) -> Array:
    """y = x where x > 0, else slopes · x: a slope was drawn for every number. All of one shape."""
    y = np.zeros_like(x)
    for at in np.ndindex(*x.shape):
        y[at] = leaky_relu(float(x[at]), float(slopes[at]))
    return y


def rrelu_backward(x: Array, slopes: Array, dy: Array) -> Array:
    """dx = dy where x > 0, else dy · slopes."""
    dx = np.zeros_like(x)
    for at in np.ndindex(*x.shape):
        dx[at] = dy[at] * leaky_relu_slope(float(x[at]), float(slopes[at]))
    return dx


def dropout(x: Array, mask: Array) -> Array:
    """y = x · mask, number by number; mask is 0 where a number was dropped, else 1/(1 - p).

    Backwards it is the same: dx = dropout(dy, mask).
    """
    y = np.zeros_like(x)
    for at in np.ndindex(*x.shape):
        y[at] = x[at] * mask[at]
    return y


def dropout2d(x: Array, mask: Array) -> Array:
    """y[n,c,i,j] = x[n,c,i,j] · mask[n,c]: whole maps are dropped. Backwards it is the same."""
    y = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*x.shape):
        y[n, c, i, j] = x[n, c, i, j] * mask[n, c]
    return y


def maxout(x: Array, pieces: int = 2) -> Array:
    """y[n,c,…] = the largest of x[n, c·pieces + a, …] for a < pieces; x (N, C, …), y (N, C/pieces, …)."""
    N, C, *rest = x.shape
    y = np.zeros((N, C // pieces, *rest), dtype=x.dtype)
    for n, c, *at in np.ndindex(*y.shape):
        y[n, c, *at] = x[n, _largest(x[n], c, at, pieces), *at]
    return y


def _largest(channels: Array, c: int, at: list[int], pieces: int) -> int:
    """Which of the pieces of unit c is the largest: of equals the first, and the first NaN before all numbers."""
    winner = c * pieces
    for piece in range(winner, winner + pieces):
        beaten = channels[piece, *at] > channels[winner, *at] or isnan(channels[piece, *at])
        if beaten and not isnan(channels[winner, *at]):
            winner = piece
    return winner


def maxout_backward(x: Array, dy: Array, pieces: int = 2) -> Array:
    """The largest piece gets the whole dy, the others nothing; of equals, the first."""
    dx = np.zeros_like(x)
    for n, c, *at in np.ndindex(*dy.shape):
        dx[n, _largest(x[n], c, at, pieces), *at] = dy[n, c, *at]
    return dx
