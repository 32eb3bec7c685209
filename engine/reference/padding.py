"""Loops for what stands around a map: zeros or another number, or the map's own rows and columns again.

``padding`` is (left, right, top, bottom), as PyTorch's padding layers have it. See ``reference.py``.
"""

from __future__ import annotations

import numpy as np

from engine.types import Array

Sides = tuple[int, int, int, int]


def padded_from(u: int, size: int, mode: str) -> int | None:
    """Which of ``size`` rows stands at row u, which may lie before the first or behind the last; None for none.

    reflect: mirrored at the first and the last row. replicate: the nearest. circular: as if it went round.
    """
    if 0 <= u < size:
        return u
    if mode == "reflect":
        return -u if u < 0 else 2 * (size - 1) - u
    if mode == "replicate":
        return 0 if u < 0 else size - 1
    if mode == "circular":
        return u + size if u < 0 else u - size
    return None


def pad2d(x: Array, padding: Sides, mode: str = "zeros", value: float = 0.0) -> Array:
    """y[n,c,i,j] = x[n, c, from(i - top), from(j - left)], or value where there is no such place."""
    N, C, H, W = x.shape
    left, right, top, bottom = padding
    y = np.zeros((N, C, top + H + bottom, left + W + right), dtype=x.dtype)
    for n, c, i, j in np.ndindex(*y.shape):
        row, column = padded_from(i - top, H, mode), padded_from(j - left, W, mode)
        y[n, c, i, j] = value if row is None or column is None else x[n, c, row, column]
    return y


def pad2d_backward(x: Array, dy: Array, padding: Sides, mode: str = "zeros") -> Array:
    """Each number of x gets dy from every place at which it stands."""
    dx = np.zeros_like(x)
    H, W = x.shape[2:]
    left, _, top, _ = padding
    for n, c, i, j in np.ndindex(*dy.shape):
        row, column = padded_from(i - top, H, mode), padded_from(j - left, W, mode)
        if row is not None and column is not None:
            dx[n, c, row, column] += dy[n, c, i, j]
    return dx
