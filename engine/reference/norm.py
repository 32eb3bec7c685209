"""Loops for the normalisations. They differ only in which numbers belong together. See ``reference.py``.

weight (γ) and bias (β) are those of the layer; for a layer without them, ones and zeros.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from engine.types import Array, Shape


def mean_and_std(numbers: Array, eps: float) -> tuple[float, float]:
    """μ = Σ x / m and √(σ² + ε) with σ² = Σ (x - μ)² / m, of m numbers that belong together; any shape."""
    mean = sum(numbers.flat) / numbers.size
    var = sum((number - mean) ** 2 for number in numbers.flat) / numbers.size
    return mean, sqrt(var + eps)


def standardise(numbers: Array, eps: float) -> Array:
    """x̂ = (x - μ) / √(σ² + ε), for numbers that belong together; any shape."""
    mean, std = mean_and_std(numbers, eps)
    x_hat = np.zeros_like(numbers)
    for at in np.ndindex(*numbers.shape):
        x_hat[at] = (numbers[at] - mean) / std
    return x_hat


def standardise_backward(numbers: Array, dx_hat: Array, eps: float) -> Array:
    """x moves x̂ in three ways: as itself, through the mean and through the variance.

    dx = dx̂ / std + dμ · 1/m + dσ² · 2(x - μ)/m with dμ = -Σ dx̂ / std and dσ² = -½ Σ dx̂ · (x - μ) / std³.
    """
    mean, std = mean_and_std(numbers, eps)
    m = numbers.size
    dmean = dvar = numbers.dtype.type(0)
    for at in np.ndindex(*numbers.shape):
        dmean -= dx_hat[at] / std
        dvar -= dx_hat[at] * (numbers[at] - mean) / std**3 / 2
    dx = np.zeros_like(numbers)
    for at in np.ndindex(*numbers.shape):
        dx[at] = dx_hat[at] / std + dmean / m + dvar * 2 * (numbers[at] - mean) / m
    return dx


def scale_and_shift(x_hat: Array, weight: Array, bias: Array) -> Array:
    """y[n,c,…] = γ[c] · x̂[n,c,…] + β[c]."""
    y = np.zeros_like(x_hat)
    for n, c, *at in np.ndindex(*x_hat.shape):
        y[n, c, *at] = weight[c] * x_hat[n, c, *at] + bias[c]
    return y


def scale_and_shift_backward(x_hat: Array, weight: Array, dy: Array) -> tuple[Array, Array, Array]:
    """dx̂ = dy · γ[c];  dγ[c] = Σ dy · x̂;  dβ[c] = Σ dy: each collects from every number that it served."""
    dx_hat, dweight, dbias = np.zeros_like(x_hat), np.zeros_like(weight), np.zeros_like(weight)
    for n, c, *at in np.ndindex(*x_hat.shape):
        dx_hat[n, c, *at] = dy[n, c, *at] * weight[c]
        dweight[c] += dy[n, c, *at] * x_hat[n, c, *at]
        dbias[c] += dy[n, c, *at]
    return dx_hat, dweight, dbias


def batch_norm(x: Array, weight: Array, bias: Array, eps: float = 1e-5) -> Array:
    """In training: all numbers of a channel, of all examples, belong together. x (N, C, …), weight, bias (C,)."""
    x_hat = np.zeros_like(x)
    for c in range(x.shape[1]):
        x_hat[:, c] = standardise(x[:, c], eps)
    return scale_and_shift(x_hat, weight, bias)


def batch_norm_backward(x: Array, weight: Array, dy: Array, eps: float = 1e-5) -> tuple[Array, Array, Array]:
    """Back through γ and β, then through each channel's own mean and variance."""
    x_hat = batch_norm(x, np.ones_like(weight), np.zeros_like(weight), eps)
    dx_hat, dweight, dbias = scale_and_shift_backward(x_hat, weight, dy)
    dx = np.zeros_like(x)
    for c in range(x.shape[1]):
        dx[:, c] = standardise_backward(x[:, c], dx_hat[:, c], eps)
    return dx, dweight, dbias


def batch_norm_testing(
    x: Array, running_mean: Array, running_var: Array, weight: Array, bias: Array, eps: float = 1e-5
) -> Array:
    """In testing: y[n,c,…] = γ[c] · (x - running_mean[c]) / √(running_var[c] + ε) + β[c]."""
    y = np.zeros_like(x)
    for n, c, *at in np.ndindex(*x.shape):
        std = sqrt(running_var[c] + eps)
        y[n, c, *at] = weight[c] * (x[n, c, *at] - running_mean[c]) / std + bias[c]
    return y


def batch_norm_testing_backward(
    x: Array, running_mean: Array, running_var: Array, weight: Array, dy: Array, eps: float = 1e-5
) -> tuple[Array, Array, Array]:
    """dx = dy · γ / std: the running averages are given, so x moves y as itself alone."""
    dx, dweight, dbias = np.zeros_like(x), np.zeros_like(weight), np.zeros_like(weight)
    for n, c, *at in np.ndindex(*x.shape):
        std = sqrt(running_var[c] + eps)
        dx[n, c, *at] = dy[n, c, *at] * weight[c] / std
        dweight[c] += dy[n, c, *at] * (x[n, c, *at] - running_mean[c]) / std
        dbias[c] += dy[n, c, *at]
    return dx, dweight, dbias


def layer_norm(x: Array, normalized_shape: Shape, weight: Array, bias: Array, eps: float = 1e-5) -> Array:
    """The numbers of an example's last axes belong together. x (N, …, *normalized_shape), weight, bias alike."""
    y = np.zeros_like(x)
    for at in np.ndindex(*x.shape[: x.ndim - len(normalized_shape)]):
        x_hat = standardise(x[at], eps)
        for place in np.ndindex(*normalized_shape):
            y[*at, *place] = weight[place] * x_hat[place] + bias[place]
    return y


def layer_norm_backward(
    x: Array, normalized_shape: Shape, weight: Array, dy: Array, eps: float = 1e-5
) -> tuple[Array, Array, Array]:
    """Back through γ and β, of which each place has its own, then through the mean and the variance."""
    dx, dweight, dbias = np.zeros_like(x), np.zeros_like(weight), np.zeros_like(weight)
    for at in np.ndindex(*x.shape[: x.ndim - len(normalized_shape)]):
        x_hat, dx_hat = standardise(x[at], eps), np.zeros_like(x[at])
        for place in np.ndindex(*normalized_shape):
            dx_hat[place] = dy[*at, *place] * weight[place]
            dweight[place] += dy[*at, *place] * x_hat[place]
            dbias[place] += dy[*at, *place]
        dx[at] = standardise_backward(x[at], dx_hat, eps)
    return dx, dweight, dbias


def group_norm(x: Array, num_groups: int, weight: Array, bias: Array, eps: float = 1e-5) -> Array:
    """One example's neighbouring channels, C/num_groups of them, belong together. x (N, C, …), weight, bias (C,).

    As many groups as channels is instance norm.
    """
    x_hat, size = np.zeros_like(x), x.shape[1] // num_groups
    for n, group in np.ndindex(len(x), num_groups):
        own = slice(group * size, (group + 1) * size)
        x_hat[n, own] = standardise(x[n, own], eps)
    return scale_and_shift(x_hat, weight, bias)


def group_norm_backward(
    x: Array, num_groups: int, weight: Array, dy: Array, eps: float = 1e-5
) -> tuple[Array, Array, Array]:
    """Back through γ and β, then through each group's own mean and variance."""
    x_hat = group_norm(x, num_groups, np.ones_like(weight), np.zeros_like(weight), eps)
    dx_hat, dweight, dbias = scale_and_shift_backward(x_hat, weight, dy)
    dx, size = np.zeros_like(x), x.shape[1] // num_groups
    for n, group in np.ndindex(len(x), num_groups):
        own = slice(group * size, (group + 1) * size)
        dx[n, own] = standardise_backward(x[n, own], dx_hat[n, own], eps)
    return dx, dweight, dbias


def around(c: int, size: int, channels: int) -> range:
    """The ``size`` channels around c, as far as there are any: from c - ⌊size/2⌋ to c + ⌊(size - 1)/2⌋."""
    return range(max(0, c - size // 2), min(channels, c + (size - 1) // 2 + 1))


def local_response_norm(x: Array, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Array:
    """y[n,c,…] = x[n,c,…] / t^beta with t = k + alpha/size · Σ x² over the channels around c. x (N, C, …)."""
    y = np.zeros_like(x)
    for n, c, *at in np.ndindex(*x.shape):
        energy = sum(x[n, j, *at] ** 2 for j in around(c, size, x.shape[1]))
        y[n, c, *at] = x[n, c, *at] / (k + alpha / size * energy) ** beta
    return y


def local_response_norm_backward(
    x: Array, dy: Array, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Array:
    """y_c moves with x_c itself by t^-beta, and with every x_j around it, x_c too, through t_c.

    dt/dx_j = 2·alpha/size · x_j and dy_c/dt = -beta · x_c · t^(-beta-1).
    """
    dx = np.zeros_like(x)
    for n, c, *at in np.ndindex(*x.shape):
        energy = sum(x[n, j, *at] ** 2 for j in around(c, size, x.shape[1]))
        t = k + alpha / size * energy
        dt = dy[n, c, *at] * -beta * x[n, c, *at] * t ** (-beta - 1)
        dx[n, c, *at] += dy[n, c, *at] * t**-beta
        for j in around(c, size, x.shape[1]):
            dx[n, j, *at] += dt * 2 * alpha / size * x[n, j, *at]
    return dx


def weight_norm(weight_v: Array, weight_g: Array) -> Array:
    """W[r,…] = g[r] · v[r,…] / ‖v[r]‖: row by row, a direction v and a length g. v (R, …), g (R, 1, …), W like v."""
    weight = np.zeros_like(weight_v)
    for r, *at in np.ndindex(*weight_v.shape):
        norm = sqrt(sum(v * v for v in weight_v[r].flat))
        weight[r, *at] = weight_g[r].item() * weight_v[r, *at] / norm
    return weight


def weight_norm_backward(weight_v: Array, weight_g: Array, dweight: Array) -> tuple[Array, Array]:
    """dv, dg from dW.  dg = Σ dW · v/‖v‖;  dv = dW · g/‖v‖ + d‖v‖ · v/‖v‖ with d‖v‖ = -g/‖v‖² · Σ dW · v."""
    dv, dg = np.zeros_like(weight_v), np.zeros_like(weight_g)
    row = weight_v.shape[1:]
    for r in range(len(weight_v)):
        v, g = weight_v[r], weight_g[r].item()
        norm = sqrt(sum(number * number for number in v.flat))
        along = sum(dweight[r][at] * v[at] for at in np.ndindex(*row))
        dg[r] = along / norm
        for at in np.ndindex(*row):
            dv[r, *at] = dweight[r][at] * g / norm - g / norm**2 * along * v[at] / norm
    return dv, dg
