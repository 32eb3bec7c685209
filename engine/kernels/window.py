"""Where a kernel or window lies on an image: how often it fits, what it reads there, and the way back.

Shapes are NCHW; ``stride``, ``padding``, ``dilation`` are (height, width) pairs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided

from engine.kernels import memory
from engine.types import Array, Pair


def output_size(size: int, kernel: int, stride: int, padding: int, dilation: int = 1, ceil_mode: bool = False) -> int:
    """⌊(size + 2·padding - dilation·(kernel - 1) - 1) / stride⌋ + 1: how many places the kernel has.

    ceil_mode rounds up: a last place may reach over the end, if it starts on the image or on the padding before it.
    """
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if not ceil_mode:
        return room // stride + 1
    return min(-(-room // stride), (size + padding - 1) // stride) + 1


def overhang(image: Pair, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair, ceil_mode: bool) -> Pair:
    """How many rows and columns the last places of a kernel reach over the end of the padded image."""
    if not ceil_mode:
        return 0, 0
    down, across = (
        max(0, (output_size(size, k, s, p, d, True) - 1) * s + d * (k - 1) + 1 - size - 2 * p)
        for size, k, s, p, d in zip(image, kernel, stride, padding, dilation, strict=True)
    )
    return down, across


def extend(x: Array, beyond: Pair, value: float = 0.0) -> Array:
    """x with so many more rows and columns of ``value`` behind its last ones; x itself where there are none."""
    if beyond == (0, 0):
        return x
    n, c, h, w = x.shape
    extended = np.full((n, c, h + beyond[0], w + beyond[1]), value, dtype=x.dtype)
    extended[:, :, :h, :w] = x
    return extended


def pad(x: Array, padding: Pair, value: float = 0.0) -> Array:
    """x with ``value`` around its last two axes; x itself where there is nothing to add."""
    ph, pw = padding
    if ph == 0 and pw == 0:
        return x
    n, c, h, w = x.shape
    padded = np.full((n, c, h + 2 * ph, w + 2 * pw), value, dtype=x.dtype)
    padded[:, :, ph : ph + h, pw : pw + w] = x
    return padded


def unpad(x: Array, padding: Pair) -> Array:
    """What ``pad`` was given, as a view."""
    ph, pw = padding
    return x[:, :, ph : x.shape[2] - ph, pw : x.shape[3] - pw]


def windows(x: Array, kernel: Pair, stride: Pair, dilation: Pair) -> Array:
    """Every place of a kernel on x, a read-only view (N, C, out_h, out_w, kernel_h, kernel_w); nothing is copied."""
    n, c, h, w = x.shape
    (kh, kw), (sh, sw), (dh, dw) = kernel, stride, dilation
    bn, bc, bh, bw = x.strides
    return as_strided(
        x,
        (n, c, output_size(h, kh, sh, 0, dh), output_size(w, kw, sw, 0, dw), kh, kw),
        (bn, bc, bh * sh, bw * sw, bh * dh, bw * dw),
        writeable=False,
    )


def cells(kernel: Pair, out: Pair, stride: Pair, dilation: Pair) -> Iterator[tuple[int, tuple[slice, ...]]]:
    """For each kernel cell its number and where it lies on a padded (H, C, W, N), over all places of the kernel."""
    for a in range(kernel[0]):
        for b in range(kernel[1]):
            top, left = a * dilation[0], b * dilation[1]
            rows = slice(top, top + (out[0] - 1) * stride[0] + 1, stride[0])
            columns = slice(left, left + (out[1] - 1) * stride[1] + 1, stride[1])
            yield a * kernel[1] + b, (rows, slice(None), columns)


def spread(share: Array, image: Pair, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """Add each window's share (N, C, out_h, out_w, kh, kw) to the cells it was read from; (N, C, H, W)."""
    n, c, oh, ow, kh, kw = share.shape
    dx = np.zeros((image[0] + 2 * padding[0], c, image[1] + 2 * padding[1], n), share.dtype)
    by_cell = share.transpose(2, 1, 3, 0, 4, 5).reshape(oh, c, ow, n, kh * kw)
    for cell, place in cells((kh, kw), (oh, ow), stride, dilation):
        dx[place] += by_cell[..., cell]
    return unpad(memory.nchw(dx), padding)
