"""Array routines behind max pooling: winners by rows and columns, and the way back to them.

As in ``convolution.py`` shapes are NCHW and memory is (H, C, W, N); the same operations as loops stand in
``engine/reference/pool.py``.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from engine.kernels.memory import empty, hcwn, nchw
from engine.kernels.window import cells, output_size, pad, unpad
from engine.types import Array, Pair

_SHORT_RUN, _CACHED = 32, 500_000
"""With so few examples side by side, or so few numbers in all, copying a part is cheaper than reading it twice."""


def max_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair) -> tuple[Array, Array]:
    """y[n,c,i,j] = the largest x of the window, and which of its kh·kw cells that was (the first, when tied).

    First the largest of each kernel row, then the largest of these: kw + kh comparisons instead of kh·kw.
    """
    padded = hcwn(pad(x, padding, -np.inf))
    oh, ow = (output_size(x.shape[2 + i], kernel[i], stride[i], padding[i], dilation[i]) for i in (0, 1))
    ends = [b * dilation[1] + (ow - 1) * stride[1] + 1 for b in range(kernel[1])]
    parts = [padded[:, :, b * dilation[1] : end : stride[1]] for b, end in enumerate(ends)]
    if len(x) <= _SHORT_RUN or x.size <= _CACHED:
        parts = [np.ascontiguousarray(part) for part in parts]
    by_row, columns = _largest(parts)
    # A cell's number in a window of more than 256 cells needs more than a byte.
    columns = columns if prod(kernel) <= 256 else columns.astype(np.int32)
    rows = [slice(a * dilation[0], a * dilation[0] + (oh - 1) * stride[0] + 1, stride[0]) for a in range(kernel[0])]
    y, switches = by_row[rows[0]], columns[rows[0]]
    for a, place in enumerate(rows[1:], 1):
        row = by_row[place]
        switches = _either(columns[place] + columns.dtype.type(a * kernel[1]), switches, row > y)
        y = np.maximum(y, row, out=empty(y.shape, y.dtype))
    if y.size and not np.minimum.reduce(y, axis=None) > -np.inf:
        switches = _winners(x, (oh, ow), kernel, stride, padding, dilation)
    return nchw(y), nchw(switches)


def _winners(x: Array, out: Pair, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """The winners where NaN or -∞ is among the numbers, as PyTorch has them: cell by cell of the windows.

    NaN wins against every number, and of several the last. The padding never wins, also not where all is -∞.
    """
    padded, inside = hcwn(pad(x, padding)), hcwn(pad(np.ones_like(x[:1, :1], bool), padding))
    switches = np.full((out[0], x.shape[1], out[1], len(x)), -1, np.int32)
    largest = np.full(switches.shape, -np.inf, x.dtype)
    for cell, place in cells(kernel, out, stride, dilation):
        part = padded[place]
        wins = inside[place] & ((part > largest) | np.isnan(part) | (switches < 0))
        switches[wins], largest[wins] = cell, part[wins]
    return switches


def max_pool2d_input_grad(
    switches: Array, dy: Array, image: Pair, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair
) -> Array:
    """dx (N, C, *image): each window's dy goes to the cell that its switch names."""
    n, c, oh, ow = dy.shape
    height, width = image[0] + 2 * padding[0], image[1] + 2 * padding[1]
    upstream, chosen = np.ascontiguousarray(hcwn(dy)), hcwn(switches)
    apart = kernel == stride and dilation == (1, 1) and (oh * kernel[0], ow * kernel[1]) == (height, width)
    dx = (empty if apart else np.zeros)((height, c, width, n), dy.dtype)
    for cell, place in cells(kernel, (oh, ow), stride, dilation):
        if apart:
            np.multiply(upstream, chosen == cell, out=dx[place])
        else:
            dx[place] += upstream * (chosen == cell)
    return unpad(nchw(dx), padding)


def _largest(parts: list[Array]) -> tuple[Array, Array]:
    """The largest of several arrays, entry by entry, and which of them it came from: the first of equals."""
    if len(parts) == 1:
        return parts[0].copy(order="K"), np.zeros(parts[0].shape, np.uint8)
    largest = np.maximum(parts[0], parts[1])
    chosen: Array = (parts[1] > parts[0]).view(np.uint8)
    for number, part in enumerate(parts[2:], 2):
        chosen = _either(chosen.dtype.type(number), chosen, part > largest)
        np.maximum(largest, part, out=largest)
    return largest, chosen


def _either(one: Array | np.integer[Any], other: Array, where: Array) -> Array:
    """One or the other whole number, as the mask says: a product is ten times as fast as np.where."""
    chosen: Array = other + (one - other) * where.view(np.uint8)
    return chosen
