"""Loops for what blocks do to the outputs of their paths, for Flatten and Identity. See ``reference.py``.

The paths are layers in rows and have loops of their own.
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.types import Array


def identity(x: Array) -> Array:
    """y = x, number by number; any shape. Backwards it is the same."""
    y = np.zeros_like(x)
    for at in np.ndindex(*x.shape):
        y[at] = x[at]
    return y


def flatten(x: Array, start_dim: int = 1, end_dim: int = -1) -> Array:
    """y[n, (c·H + i)·W + j] = x[n,c,i,j]: row after row, map after map. x (N, C, H, W), or with other axes behind N.

    The axes from start_dim to end_dim become one; those before and behind them stay.
    """
    start, end = start_dim % x.ndim, end_dim % x.ndim + 1
    y = np.zeros((*x.shape[:start], prod(x.shape[start:end]), *x.shape[end:]), dtype=x.dtype)
    for before in np.ndindex(*x.shape[:start]):
        for m, at in enumerate(np.ndindex(*x.shape[start:end])):
            for behind in np.ndindex(*x.shape[end:]):
                y[*before, m, *behind] = x[*before, *at, *behind]
    return y


def flatten_backward(x: Array, dy: Array, start_dim: int = 1, end_dim: int = -1) -> Array:
    """dx[n,c,i,j] = dy[n, (c·H + i)·W + j]: each number goes back to where it came from."""
    start, end = start_dim % x.ndim, end_dim % x.ndim + 1
    dx = np.zeros_like(x)
    for before in np.ndindex(*x.shape[:start]):
        for m, at in enumerate(np.ndindex(*x.shape[start:end])):
            for behind in np.ndindex(*x.shape[end:]):
                dx[*before, *at, *behind] = dy[*before, m, *behind]
    return dx


def residual(body: Array, shortcut: Array) -> Array:
    """y = F(x) + S(x), number by number. Backwards dF = dS = dy, and what comes back from both adds up to dx."""
    y = np.zeros_like(body)
    for at in np.ndindex(*body.shape):
        y[at] = body[at] + shortcut[at]
    return y


def highway(x: Array, h: Array, t: Array) -> Array:
    """y = t · h + (1 - t) · x, number by number, with h = H(x) and t = T(x)."""
    y = np.zeros_like(x)
    for at in np.ndindex(*x.shape):
        y[at] = t[at] * h[at] + (1 - t[at]) * x[at]
    return y


def highway_backward(x: Array, h: Array, t: Array, dy: Array) -> tuple[Array, Array, Array]:
    """dx = dy · (1 - t), dh = dy · t, dt = dy · (h - x); x gets besides what comes back through H and T."""
    dx, dh, dt = np.zeros_like(x), np.zeros_like(h), np.zeros_like(t)
    for at in np.ndindex(*x.shape):
        dx[at] = dy[at] * (1 - t[at])
        dh[at] = dy[at] * t[at]
        dt[at] = dy[at] * (h[at] - x[at])
    return dx, dh, dt


def parallel(outputs: list[Array]) -> Array:
    """y = the branches' channels one behind the other; outputs of shapes (N, C_b, …), y (N, Σ C_b, …)."""
    N, _, *rest = outputs[0].shape
    y = np.zeros((N, sum(output.shape[1] for output in outputs), *rest), dtype=outputs[0].dtype)
    first = 0
    for output in outputs:
        for n, c, *at in np.ndindex(*output.shape):
            y[n, first + c, *at] = output[n, c, *at]
        first += output.shape[1]
    return y


def parallel_backward(outputs: list[Array], dy: Array) -> list[Array]:
    """Each branch gets the part of dy that stands where its channels stood."""
    shares, first = [], 0
    for output in outputs:
        share = np.zeros_like(output)
        for n, c, *at in np.ndindex(*output.shape):
            share[n, c, *at] = dy[n, first + c, *at]
        shares.append(share)
        first += output.shape[1]
    return shares
