"""Array routines behind what has one number for each channel of an image: sums, and such numbers laid over the image.

As in ``convolution.py`` shapes are NCHW and memory is (H, C, W, N): a channel is a run of each row. BLAS adds up and
multiplies runs three times as fast as NumPy reduces three axes, and what varies from channel to channel is half as fast
again where it lies in a row as long as the image's. For other arrays and axes each of these is plain NumPy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernels.memory import hcwn, nchw
from engine.types import Array

_IMAGES = frozenset({0, 2, 3})
"""The axes along which the numbers of one channel lie."""
_LONG = 128
"""From so many numbers in a row on it pays."""


def total(x: Array, axes: Sequence[int]) -> Array:
    """Σ x over these axes, kept as axes of length 1."""
    runs = _runs(x, axes)
    if runs is None:
        added: Array = x.sum(axis=tuple(axes), keepdims=True)
        return added
    return _of_channels(runs @ np.ones(runs.shape[2], x.dtype))


def total_of_products(a: Array, b: Array, axes: Sequence[int]) -> Array:
    """Σ a · b over these axes, kept as axes of length 1; the products are never stored."""
    left, right = _runs(a, axes), _runs(b, axes)
    if left is not None and right is not None:
        return _of_channels(np.vecdot(left, right))
    every = list(range(a.ndim))
    over = {axis % a.ndim for axis in axes}
    added: Array = np.einsum(a, every, b, every, [axis for axis in every if axis not in over])
    return np.expand_dims(added, tuple(sorted(over)))


def laid_over(x: Array, value: Array) -> Array:
    """The numbers of channels, (1, C, 1, 1), repeated along a row of x where that is faster; as they are elsewhere."""
    if value.shape != (1, *x.shape[1:2], 1, 1) or _runs(x, (0, 2, 3)) is None:
        return value
    n, c, _, w = x.shape
    row = np.empty((1, c, w, n), value.dtype)
    row[...] = hcwn(value)
    return nchw(row)


def _runs(x: Array, axes: Sequence[int]) -> Array | None:
    """(H, C, W · N), for sums over images that lie so in memory; None for all others."""
    if x.ndim != 4 or {axis % 4 for axis in axes} != _IMAGES or x.shape[0] * x.shape[3] < _LONG:
        return None
    rows = hcwn(x)
    return rows.reshape(*rows.shape[:2], -1) if rows.flags.c_contiguous else None


def _of_channels(by_row: Array) -> Array:
    """(1, C, 1, 1) from each row's own (H, C)."""
    added: Array = by_row.sum(axis=0)
    return added.reshape(1, -1, 1, 1)
