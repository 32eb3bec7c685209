"""Loops for convolution's relatives: transposed, unshared, and the making larger of maps. See ``reference.py``."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

import numpy as np

from engine.reference.window import window
from engine.types import Array, Pair


def conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array | None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    output_padding: Pair = (0, 0),
    groups: int = 1,
    dilation: Pair = (1, 1),
) -> Array:
    """y[n, k, i·s + a·d - p, j·s + b·d - p] += Σ_c W[c,k,a,b] · x[n,c,i,j]: each input stamps the kernel onto y.

    x (N, C, H, W), weight (C, K/groups, kh, kw), bias (K,) or None, y (N, K, OH, OW) with
    OH = (H - 1)·s - 2p + d·(kh - 1) + output_padding + 1. What falls outside y is lost.
    """
    N, C, H, W = x.shape
    _, channels, kh, kw = weight.shape
    OH = (H - 1) * stride[0] - 2 * padding[0] + dilation[0] * (kh - 1) + output_padding[0] + 1
    OW = (W - 1) * stride[1] - 2 * padding[1] + dilation[1] * (kw - 1) + output_padding[1] + 1
    y = np.zeros((N, channels * groups, OH, OW), dtype=x.dtype)
    if bias is not None:
        for n, k, u, v in np.ndindex(*y.shape):
            y[n, k, u, v] = bias[k]
    for n, c, i, j in np.ndindex(N, C, H, W):
        first = c // (C // groups) * channels
        for k in range(channels):
            for a, b, row, column in window(y, i, j, (kh, kw), stride, padding, dilation):
                y[n, first + k, row, column] += weight[c, k, a, b] * x[n, c, i, j]
    return y


def conv_transpose2d_backward(
    x: Array,
    weight: Array,
    dy: Array,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    groups: int = 1,
    dilation: Pair = (1, 1),
) -> tuple[Array, Array, Array]:
    """Each product W · x went to one cell of y: x gains W · dy of that cell, W gains x · dy, b gains every dy."""
    N, C, H, W = x.shape
    _, channels, kh, kw = weight.shape
    dx, dweight = np.zeros_like(x), np.zeros_like(weight)
    dbias = np.zeros(channels * groups, dtype=weight.dtype)
    for n, k, u, v in np.ndindex(*dy.shape):
        dbias[k] += dy[n, k, u, v]
    for n, c, i, j in np.ndindex(N, C, H, W):
        first = c // (C // groups) * channels
        for k in range(channels):
            for a, b, row, column in window(dy, i, j, (kh, kw), stride, padding, dilation):
                dx[n, c, i, j] += weight[c, k, a, b] * dy[n, first + k, row, column]
                dweight[c, k, a, b] += x[n, c, i, j] * dy[n, first + k, row, column]
    return dx, dweight, dbias


def locally_connected2d(
    x: Array, weight: Array, bias: Array | None, stride: Pair = (1, 1), padding: Pair = (0, 0)
) -> Array:
    """y[n,k,i,j] = b[k,i,j] + Σ_{c,a,b} W[k,i,j,c,a,b] · x[n, c, i·s + a - p, j·s + b - p]: a kernel for each place.

    x (N, C, H, W), weight (K, OH, OW, C, kh, kw), bias (K, OH, OW) or None, y (N, K, OH, OW).
    """
    K, OH, OW, C, kh, kw = weight.shape
    y = np.zeros((len(x), K, OH, OW), dtype=x.dtype)
    for n, k, i, j in np.ndindex(*y.shape):
        if bias is not None:
            y[n, k, i, j] = bias[k, i, j]
        for c in range(C):
            for a, b, row, column in window(x, i, j, (kh, kw), stride, padding):
                y[n, k, i, j] += weight[k, i, j, c, a, b] * x[n, c, row, column]
    return y


def locally_connected2d_backward(
    x: Array, weight: Array, dy: Array, stride: Pair = (1, 1), padding: Pair = (0, 0)
) -> tuple[Array, Array, Array]:
    """As a convolution's, but W[k,i,j,…] and b[k,i,j] serve place (i, j) alone and collect only from there."""
    K, OH, OW, C, kh, kw = weight.shape
    dx, dweight, dbias = np.zeros_like(x), np.zeros_like(weight), np.zeros((K, OH, OW), dtype=weight.dtype)
    for n, k, i, j in np.ndindex(*dy.shape):
        dbias[k, i, j] += dy[n, k, i, j]
        for c in range(C):
            for a, b, row, column in window(x, i, j, (kh, kw), stride, padding):
                dx[n, c, row, column] += weight[k, i, j, c, a, b] * dy[n, k, i, j]
                dweight[k, i, j, c, a, b] += x[n, c, row, column] * dy[n, k, i, j]
    return dx, dweight, dbias


def mixed_from(i: int, size: int, out: int, mode: str) -> Iterator[tuple[int, float]]:
    """Which of ``size`` cells cell i of ``out`` is mixed from, and by which share: (cell, share).

    nearest: the cell over which it begins. bilinear: its middle is at (i + ½)·size/out - ½, between two cells; each
    gets the share by which it is near, and at the edge the edge cell stands for the one that is missing.
    """
    if mode == "nearest":
        yield i * size // out, 1.0
        return
    middle = (i + 0.5) * size / out - 0.5
    before = floor(middle)
    yield max(before, 0), 1 - (middle - before)
    if middle > before:
        yield min(before + 1, size - 1), middle - before


def upsample(x: Array, output_size: Pair, mode: str = "nearest") -> Array:
    """y[n,c,i,j] = Σ share_i · share_j · x[n,c,row,column] over the cells that (i, j) lies over or between.

    x (N, C, H, W), y (N, C, *output_size).
    """
    N, C, H, W = x.shape
    y = np.zeros((N, C, *output_size), dtype=x.dtype)
    for n, c, i, j in np.ndindex(*y.shape):
        for row, row_share in mixed_from(i, H, output_size[0], mode):
            for column, column_share in mixed_from(j, W, output_size[1], mode):
                y[n, c, i, j] += row_share * column_share * x[n, c, row, column]
    return y


def upsample_backward(x: Array, dy: Array, mode: str = "nearest") -> Array:
    """Each cell of x collects dy from every cell that it was mixed into, by the same share."""
    H, W = x.shape[2:]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        for row, row_share in mixed_from(i, H, dy.shape[2], mode):
            for column, column_share in mixed_from(j, W, dy.shape[3], mode):
                dx[n, c, row, column] += row_share * column_share * dy[n, c, i, j]
    return dx


def pixel_shuffle(x: Array, r: int) -> Array:
    """y[n, c, i·r + a, j·r + b] = x[n, c·r² + a·r + b, i, j]; x (N, C·r², H, W), y (N, C, H·r, W·r)."""
    N, channels, H, W = x.shape
    y = np.zeros((N, channels // (r * r), H * r, W * r), dtype=x.dtype)
    for n, c, a, b, i, j in np.ndindex(N, y.shape[1], r, r, H, W):
        y[n, c, i * r + a, j * r + b] = x[n, (c * r + a) * r + b, i, j]
    return y


def pixel_unshuffle(x: Array, r: int) -> Array:
    """y[n, c·r² + a·r + b, i, j] = x[n, c, i·r + a, j·r + b]: each is the other's backward pass, too."""
    N, C, H, W = x.shape
    y = np.zeros((N, C * r * r, H // r, W // r), dtype=x.dtype)
    for n, c, a, b, i, j in np.ndindex(N, C, r, r, H // r, W // r):
        y[n, (c * r + a) * r + b, i, j] = x[n, c, i * r + a, j * r + b]
    return y
