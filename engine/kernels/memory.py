"""How images lie in memory for the kernels, and what they copy before they multiply.

Shapes are NCHW for everybody. In memory a batch lies as (H, C, W, N): rows outside, examples inside, so that a row of
all examples is one run. A convolution as a matrix product needs every patch as a column (im2col), kh·kw copies of the
image. Here only the kw shifts along a row are copied. A patch of kh rows is then a run of consecutive
memory, so the kh shifts are overlapping windows on that copy which BLAS reads in place (``patches_of``).

Copies are scratch memory of the thread, which the next call overwrites; they never leave the kernels.
"""

from __future__ import annotations

import threading
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.types import Array, Pair, Shape

FEW = 4
"""Up to so many examples, several rows of one image make a better product than one row of all."""
_LINE, _MANY = 64, 20_000
"""Bytes of a cache line, and from how many numbers on it pays to begin at one."""
_GAP = 16
"""Numbers between lines that are moved apart, so that no two of them fall on the same places of the cache."""


class _Memory(threading.local):
    """A thread's scratch arrays."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, np.dtype[Any]], Array] = {}


_memory = _Memory()

# The C library gives a freed block of some megabytes back to the system, and the next one costs a page fault for every
# 4 kB, a fifth of a small network's training step. Once it has seen a block of this size come and go, it keeps them.
# Nothing is ever written into this one, so it takes no memory.
np.empty(31 * 2**20, np.uint8)


def hcwn(x: Array) -> Array:
    """(N, C, H, W) seen as (H, C, W, N)."""
    return x.transpose(2, 1, 3, 0)


def nchw(x: Array) -> Array:
    """(H, C, W, N) seen as (N, C, H, W)."""
    return x.transpose(3, 1, 0, 2)


def empty(shape: Shape, dtype: npt.DTypeLike) -> Array:
    """np.empty that starts at a line of the cache: a vector that straddles two lines takes two loads."""
    numbers, dtype = prod(shape), np.dtype(dtype)
    if numbers < _MANY:
        return np.empty(shape, dtype)
    memory = np.empty(numbers * dtype.itemsize + _LINE, np.uint8)
    return np.ndarray(shape, dtype, memory, -memory.ctypes.data % _LINE)


def arranged(x: Array) -> Array:
    """Images (N, C, H, W) in the memory order of all that is here, so that no pass over them has to turn them again."""
    if x.ndim != 4 or len(x) <= FEW:
        return x
    rows = hcwn(x)
    turned = empty(rows.shape, x.dtype)
    np.copyto(turned, rows)
    return nchw(turned)


def framed_image(x: Array, padding: Pair) -> Array:
    """x framed by zeros, (H + 2p, C, (W + 2p) · N), in consecutive memory; x itself where it lies so already."""
    n, c, h, w = x.shape
    (ph, pw), source = padding, hcwn(x)
    if ph == 0 and pw == 0 and source.flags.c_contiguous:
        return source.reshape(h, c, w * n)
    framed = scratch("framed", (h + 2 * ph, c, w + 2 * pw, n), x.dtype)
    if framed.size < _MANY:
        framed.fill(0)
    else:
        framed[:ph] = framed[ph + h :] = 0
        framed[ph : ph + h, :, :pw] = framed[ph : ph + h, :, pw + w :] = 0
    framed[ph : ph + h, :, pw : pw + w] = source
    return framed.reshape(h + 2 * ph, c, -1)


def shifted_views(x: Array, kw: int, ow: int, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """The kw column shifts of padded x side by side, overlapping views: (H + 2p, C, kw, out_w, N)."""
    n, framed = len(x), framed_image(x, padding)
    (h, c, _), (row, line, item) = framed.shape, framed.strides
    places = (row, line, dilation[1] * n * item, stride[1] * n * item, item)
    return np.ndarray((h, c, kw, ow, n), x.dtype, framed, 0, places)


def lowered_rows(x: Array, kw: int, ow: int, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """The kw column shifts of padded x as scratch in consecutive memory: (H + 2p, C · kw, out_w · N)."""
    shifted = shifted_views(x, kw, ow, stride, padding, dilation)
    lowered = scratch("lowered", shifted.shape, x.dtype)
    np.copyto(lowered, shifted)
    return lowered.reshape(len(shifted), shifted.shape[1] * kw, -1)


def patches_of(
    rows: Array, height: int, width: int, count: int, step: int, blocks: int = 1, shifts: int = 1, shift: int = 0
) -> Array:
    """For each output row its patches, overlapping windows on consecutive memory: nothing is copied.

    rows (H, lines, numbers): a patch reads ``width`` numbers of ``height`` lines, cut into ``blocks`` of columns; all
    of that ``shifts`` times, each time ``shift`` numbers further. (shifts, count, blocks, height, width / blocks).
    """
    row, line, item = rows.strides
    part = width // blocks
    places = (shift * item, row * step, part * item, line, item)
    return np.ndarray((shifts, count, blocks, height, part), rows.dtype, rows, 0, places)


def turned_rows(rows: Array) -> Array:
    """Each row (lines, numbers) as (numbers, lines), in scratch memory.

    Lines whose length is a power of two, as they often are, fall on the same places of the cache. Moved apart first,
    they are read three times as fast.
    """
    h, lines, length = rows.shape
    turned = scratch("turned", (h, length, lines), rows.dtype)
    apart = scratch("apart", (lines, length + _GAP), rows.dtype)[:, :length]
    for row, result in zip(rows, turned, strict=True):
        np.copyto(apart, row)
        np.copyto(result, apart.T)
    return turned


def scratch(name: str, shape: Shape, dtype: np.dtype[Any]) -> Array:
    """Memory of this thread that the next call under the same name overwrites."""
    size, memory = prod(shape), _memory.kept.get((name, dtype))
    if memory is None or memory.size < size:
        memory = _memory.kept[name, dtype] = empty((size,), dtype)
    return memory[:size].reshape(shape)
