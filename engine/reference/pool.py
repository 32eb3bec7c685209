"""Loops for pooling: by the maximum, the mean, a norm or chance, and to a chosen size. See ``reference.py``."""

from __future__ import annotations

from math import isnan

import numpy as np

from engine.reference.window import covered, places, window
from engine.types import Array, Pair

Cell = tuple[int, int]


def max_pool2d(
    x: Array,
    kernel: Pair,
    stride: Pair,
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    ceil_mode: bool = False,
) -> Array:
    """y[n,c,i,j] = the largest x of the window at (i, j); the padding never wins."""
    N, C, H, W = x.shape
    OH = places(H, kernel[0], stride[0], padding[0], dilation[0], ceil_mode)
    OW = places(W, kernel[1], stride[1], padding[1], dilation[1], ceil_mode)
    y = np.zeros((N, C, OH, OW), dtype=x.dtype)
    for n, c, i, j in np.ndindex(N, C, OH, OW):
        cells = window(x, i, j, kernel, stride, padding, dilation)
        y[n, c, i, j] = max((x[n, c, row, column] for _, _, row, column in cells), key=_rank)
    return y


def _rank(number: float) -> tuple[bool, float]:
    """Where a number stands among others: NaN above all of them, so that it can't get lost."""
    return isnan(number), number


def _winner(image: Array, cells: list[Cell]) -> Cell:
    """The cell with the largest number: of equals the first. A NaN wins against numbers, the last of several."""
    winner = cells[0]
    for cell in cells:
        if image[cell] > image[winner] or isnan(image[cell]):
            winner = cell
    return winner


def max_pool2d_backward(
    x: Array, dy: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0), dilation: Pair = (1, 1)
) -> Array:
    """The winner of each window gets the window's whole dy, the others nothing; of equals, the first wins."""
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        cells = window(x, i, j, kernel, stride, padding, dilation)
        winner = _winner(x[n, c], [(row, column) for _, _, row, column in cells])
        dx[n, c, *winner] += dy[n, c, i, j]
    return dx


def avg_pool2d(
    x: Array,
    kernel: Pair,
    stride: Pair,
    padding: Pair = (0, 0),
    count_include_pad: bool = True,
    ceil_mode: bool = False,
) -> Array:
    """y[n,c,i,j] = the sum of the window / its number of cells, the padding's zeros counted or not."""
    N, C, H, W = x.shape
    OH = places(H, kernel[0], stride[0], padding[0], 1, ceil_mode)
    OW = places(W, kernel[1], stride[1], padding[1], 1, ceil_mode)
    y = np.zeros((N, C, OH, OW), dtype=x.dtype)
    for n, c, i, j in np.ndindex(N, C, OH, OW):
        cells = list(window(x, i, j, kernel, stride, padding))
        count = covered(x, i, j, kernel, stride, padding) if count_include_pad else len(cells)
        y[n, c, i, j] = sum(x[n, c, row, column] for _, _, row, column in cells) / count
    return y


def avg_pool2d_backward(
    x: Array,
    dy: Array,
    kernel: Pair,
    stride: Pair,
    padding: Pair = (0, 0),
    count_include_pad: bool = True,
) -> Array:
    """Each cell of a window gets an equal share of the window's dy: dy / count."""
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        cells = list(window(x, i, j, kernel, stride, padding))
        count = covered(x, i, j, kernel, stride, padding) if count_include_pad else len(cells)
        for _, _, row, column in cells:
            dx[n, c, row, column] += dy[n, c, i, j] / count
    return dx


def _cells(x: Array, i: int, j: int, kernel: Pair, stride: Pair) -> list[Cell]:
    """(row, column) of every cell of the window at place (i, j) that lies inside x."""
    return [(row, column) for _, _, row, column in window(x, i, j, kernel, stride, (0, 0))]


def _output(x: Array, kernel: Pair, stride: Pair, ceil_mode: bool = False) -> Array:
    """Zeros (N, C, OH, OW): one for each window."""
    N, C, H, W = x.shape
    OH, OW = (places(size, k, s, 0, 1, ceil_mode) for size, k, s in zip((H, W), kernel, stride, strict=True))
    return np.zeros((N, C, OH, OW), dtype=x.dtype)


def lp_pool2d(x: Array, norm_type: float, kernel: Pair, stride: Pair, ceil_mode: bool = False) -> Array:
    """y[n,c,i,j] = (kh·kw/m · Σ |x|^p)^(1/p) over the m cells of the window at (i, j), p = norm_type.

    m is kh·kw, or less for a last window that reaches over the end.
    """
    y = _output(x, kernel, stride, ceil_mode)
    for n, c, i, j in np.ndindex(*y.shape):
        cells = _cells(x, i, j, kernel, stride)
        total = sum(abs(x[n, c, *cell]) ** norm_type for cell in cells) * (kernel[0] * kernel[1] / len(cells))
        y[n, c, i, j] = total ** (1 / norm_type)
    return y


def lp_pool2d_backward(
    x: Array, dy: Array, norm_type: float, kernel: Pair, stride: Pair, ceil_mode: bool = False
) -> Array:
    """dx = dy · kh·kw/m · sign(x) · (|x| / y)^(p-1) from every window that read x; one of zeros sends nothing."""
    y = lp_pool2d(x, norm_type, kernel, stride, ceil_mode)
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        cells = _cells(x, i, j, kernel, stride)
        for cell in cells:
            if y[n, c, i, j] != 0:
                slope = np.sign(x[n, c, *cell]) * (abs(x[n, c, *cell]) / y[n, c, i, j]) ** (norm_type - 1)
                dx[n, c, *cell] += dy[n, c, i, j] * slope * kernel[0] * kernel[1] / len(cells)
    return dx


def stochastic_pool2d(x: Array, switches: Array, kernel: Pair, stride: Pair) -> Array:
    """y[n,c,i,j] = the cell that was drawn from the window at (i, j): number ``switches[n,c,i,j]`` of its cells."""
    y = _output(x, kernel, stride)
    for n, c, i, j in np.ndindex(*y.shape):
        drawn = _cells(x, i, j, kernel, stride)[switches[n, c, i, j]]
        y[n, c, i, j] = x[n, c, *drawn]
    return y


def stochastic_pool2d_backward(x: Array, switches: Array, dy: Array, kernel: Pair, stride: Pair) -> Array:
    """The cell that was drawn gets the window's whole dy."""
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        drawn = _cells(x, i, j, kernel, stride)[switches[n, c, i, j]]
        dx[n, c, *drawn] += dy[n, c, i, j]
    return dx


def expected_pool2d(x: Array, kernel: Pair, stride: Pair) -> Array:
    """Stochastic pooling in testing: y = Σ p · x with the chances p = x / Σ x, a negative x having none.

    In a window without a positive x all cells have the same chance.
    """
    y = _output(x, kernel, stride)
    for n, c, i, j in np.ndindex(*y.shape):
        values = [x[n, c, *cell] for cell in _cells(x, i, j, kernel, stride)]
        total = sum(max(value, 0) for value in values)
        for value in values:
            chance = 1 / len(values) if total == 0 else max(value, 0) / total
            y[n, c, i, j] += chance * value
    return y


def expected_pool2d_backward(x: Array, dy: Array, kernel: Pair, stride: Pair) -> Array:
    """y = Σ x² / Σ x over the positive cells, so dx = dy · (2x - y) / Σ x for them; or dy/m, if none is positive."""
    y = expected_pool2d(x, kernel, stride)
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        cells = _cells(x, i, j, kernel, stride)
        total = sum(max(x[n, c, *cell], 0) for cell in cells)
        for cell in cells:
            if total == 0:
                dx[n, c, *cell] += dy[n, c, i, j] / len(cells)
            elif not x[n, c, *cell] <= 0:
                dx[n, c, *cell] += dy[n, c, i, j] * (2 * x[n, c, *cell] - y[n, c, i, j]) / total
    return dx


def _adaptive_cells(x: Array, i: int, j: int, output_size: Pair) -> list[Cell]:
    """The cells of window (i, j) of output_size: rows ⌊i·H/out⌋ to ⌈(i + 1)·H/out⌉ - 1, columns alike."""
    H, W = x.shape[2:]
    OH, OW = output_size
    rows = range(i * H // OH, -(-(i + 1) * H // OH))
    columns = range(j * W // OW, -(-(j + 1) * W // OW))
    return [(row, column) for row in rows for column in columns]


def adaptive_avg_pool2d(x: Array, output_size: Pair) -> Array:
    """y[n,c,i,j] = the mean of window (i, j); the windows together cover x. (1, 1) is the global average."""
    y = np.zeros((*x.shape[:2], *output_size), dtype=x.dtype)
    for n, c, i, j in np.ndindex(*y.shape):
        cells = _adaptive_cells(x, i, j, output_size)
        y[n, c, i, j] = sum(x[n, c, *cell] for cell in cells) / len(cells)
    return y


def adaptive_avg_pool2d_backward(x: Array, dy: Array, output_size: Pair) -> Array:
    """Each cell of a window gets an equal share of the window's dy."""
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        cells = _adaptive_cells(x, i, j, output_size)
        for cell in cells:
            dx[n, c, *cell] += dy[n, c, i, j] / len(cells)
    return dx


def adaptive_max_pool2d(x: Array, output_size: Pair) -> Array:
    """y[n,c,i,j] = the largest x of window (i, j); the windows together cover x."""
    y = np.zeros((*x.shape[:2], *output_size), dtype=x.dtype)
    for n, c, i, j in np.ndindex(*y.shape):
        y[n, c, i, j] = max((x[n, c, *cell] for cell in _adaptive_cells(x, i, j, output_size)), key=_rank)
    return y


def adaptive_max_pool2d_backward(x: Array, dy: Array, output_size: Pair) -> Array:
    """The winner of each window gets the window's whole dy, the others nothing; of equals, the first wins."""
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        winner = _winner(x[n, c], _adaptive_cells(x, i, j, output_size))
        dx[n, c, *winner] += dy[n, c, i, j]
    return dx


def max_unpool2d(x: Array, indices: Array, output_size: Pair) -> Array:
    """y[n,c,u,v] = x[n,c,i,j] for u·W + v = indices[n,c,i,j], W being y's width; the last one stands, or 0."""
    y = np.zeros((*x.shape[:2], *output_size), dtype=x.dtype)
    for n, c, i, j in np.ndindex(*x.shape):
        u, v = divmod(int(indices[n, c, i, j]), output_size[1])
        y[n, c, u, v] = x[n, c, i, j]
    return y


def max_unpool2d_backward(x: Array, indices: Array, dy: Array) -> Array:
    """dx = dy at the place to which the number went, but 0 for one that a later number was written over."""
    dx = np.zeros_like(x)
    written: dict[tuple[int, int, int], tuple[int, int]] = {}
    for n, c, i, j in np.ndindex(*x.shape):
        written[n, c, int(indices[n, c, i, j])] = i, j
    for (n, c, place), (i, j) in written.items():
        u, v = divmod(place, dy.shape[3])
        dx[n, c, i, j] = dy[n, c, u, v]
    return dx
