"""Array routines behind the convolutions.

The only chapter where speed may cost plainness. The same operations as loops stand in ``engine/reference``.
Shapes are NCHW throughout; ``stride``, ``padding``, ``dilation`` are (height, width) pairs.

Images lie in memory as (H, C, W, N), whatever their shape says (``memory.py``), so that each output row of a
convolution is a matrix product of its own, on patches of which only kw shifts were copied: kw copies instead of kh·kw,
and no way back (col2im). These products are cut until they fit the cache (``_TILE``, ``_BLOCK``): BLAS is 3 to 4 times
as fast on such tiles as on one huge matrix. What is returned is always new.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from engine.kernels import blas, memory
from engine.kernels.window import output_size, pad, windows
from engine.types import Array, Pair

_IN_PLACE = blas.reads_in_place()
"""Whether BLAS multiplies small matrices where they lie; or else repacks each of them first."""
_TILE = 1_000_000 if _IN_PLACE else 2_000_000
"""Multiply-adds of one matrix product that stays in a core's second-level cache, and that OpenBLAS doesn't repack."""
_NARROW, _LOW = 64, 16
"""Fewer columns or rows than these make a slow product, whatever else fits the cache."""
_WIDE = 512
"""Columns at a time where patches are too long for a product of ``_TILE``."""
_STRIPE, _BLOCK = 1_000_000, 400_000
"""Numbers of a column matrix that are still in the cache when the product reads them: few examples, or a batch."""
_SMALL = 1200
"""Up to so many results, OpenBLAS multiplies by a transposed matrix without repacking it."""


def conv2d(
    x: Array,
    weight: Array,
    bias: Array | None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> Array:
    """y[n,k,i,j] = b[k] + Σ_{c,a,b} W[k,c,a,b] · x[n, c, i·s + a·d - p, j·s + b·d - p].

    x (N, C, H, W), weight (K, C/groups, kh, kw), bias (K,) or None; y (N, K, out_h, out_w).
    """
    return memory.nchw(correlate(x, weight, stride, padding, dilation, groups, bias))


def conv2d_input_grad(
    weight: Array, dy: Array, image: Pair, stride: Pair, padding: Pair, dilation: Pair, groups: int
) -> Array:
    """dx (N, C, *image) for an upstream gradient dy (N, K, out_h, out_w): dy convolved with the turned kernel.

    A stride s of the forward pass puts s - 1 zeros between the rows and columns of dy; what the forward pass left
    over at the far edge gets no gradient.
    """
    k, c, kh, kw = weight.shape
    (sh, sw), (ph, pw), (dh, dw) = stride, padding, dilation
    n, _, oh, ow = dy.shape
    turned = weight.reshape(groups, k // groups, c, kh, kw)[..., ::-1, ::-1].transpose(0, 2, 1, 3, 4)
    turned = turned.reshape(groups * c, k // groups, kh, kw)
    # Where in the padded frame of dx the first and last number of dy came from.
    top, left = dh * (kh - 1) - ph, dw * (kw - 1) - pw
    whole = (oh + dh * (kh - 1) - 2 * ph, ow + dw * (kw - 1) - 2 * pw) == image
    if (sh, sw) == (1, 1) and whole and top >= 0 and left >= 0:
        return memory.nchw(correlate(dy, turned, (1, 1), (top, left), dilation, groups))
    height, width = image[0] + dh * (kh - 1), image[1] + dw * (kw - 1)
    frame = memory.scratch("frame", (height, k, width, n), dy.dtype)
    frame[...] = 0
    rows, from_row = _overlap(top, sh, oh, height)
    columns, from_column = _overlap(left, sw, ow, width)
    frame[rows, :, columns] = memory.hcwn(dy)[from_row, :, from_column]
    return memory.nchw(correlate(memory.nchw(frame), turned, (1, 1), (0, 0), dilation, groups))


def conv2d_weight_grad(
    x: Array, kernel: Pair, dy: Array, stride: Pair, padding: Pair, dilation: Pair, groups: int
) -> Array:
    """dweight (K, C/groups, kh, kw): each weight collects x · dy over every place of the kernel."""
    (kh, kw), (n, k, oh, ow) = kernel, dy.shape
    c, columns = x.shape[1] // groups, ow * n
    rows = np.ascontiguousarray(memory.hcwn(dy)).reshape(oh, k, columns)
    # Products of few lines are slow where each matrix is repacked: more lines are worth a copy of all shifts.
    if groups == 1 and dilation[0] == 1 and stride[1] == 1 and (_IN_PLACE or kh * c >= _LOW):
        total = _row_products(rows, memory.framed_image(x, padding), kh * c, stride[0], kw, dilation[1] * n)
        return total.reshape(kw, kh, c, k).transpose(3, 2, 1, 0).copy()
    lowered = memory.lowered_rows(x, kw, ow, stride, padding, dilation)
    if groups == 1 and dilation[0] == 1:
        total = _row_products(rows, lowered, kh * c * kw, stride[0])
        return total.reshape(kh, c, kw, k).transpose(3, 1, 0, 2).copy()
    dweight = np.empty((k, c, kh, kw), dy.dtype)
    for g in range(groups):
        own = slice(g * k // groups, (g + 1) * k // groups)
        for a in range(kh):
            read = _kernel_row(lowered, a, oh, stride[0], dilation[0], slice(g * c * kw, (g + 1) * c * kw))
            total = np.matmul(rows[:, own], read.swapaxes(-1, -2)).sum(axis=0)
            dweight[own, :, a] = total.reshape(-1, c, kw)
    return dweight


def correlate(
    x: Array, weight: Array, stride: Pair, padding: Pair, dilation: Pair, groups: int, bias: Array | None = None
) -> Array:
    """conv2d as (out_h, K, out_w, N): for each output row the weight matrix times its patches."""
    n, _, h, w = x.shape
    k, _, kh, kw = weight.shape
    oh = output_size(h, kh, stride[0], padding[0], dilation[0])
    ow = output_size(w, kw, stride[1], padding[1], dilation[1])
    if n > memory.FEW and groups == 1 and dilation[0] == 1:
        shifted = memory.shifted_views(x, kw, ow, stride, padding, dilation)
        return _correlate_in_blocks(shifted, weight, bias, oh, stride[0])
    if n > memory.FEW:
        lowered = memory.lowered_rows(x, kw, ow, stride, padding, dilation)
        y = _correlate_in_parts(lowered, weight, oh, stride[0], dilation[0], groups).reshape(oh, k, ow, n)
    else:
        y = correlate_few(x, weight, (oh, ow), stride, padding, dilation, groups)
    if bias is not None:
        y += bias[:, None, None]
    return y


def _correlate_in_blocks(shifted: Array, weight: Array, bias: Array | None, oh: int, step: int) -> Array:
    """(out_h, K, out_w, N) from the kw shifts of an image (H, C, kw, out_w, N), block by block from the cache.

    The bias is the weight of one more line, of ones.
    """
    (k, c, kh, kw), (ow, n) = weight.shape, shifted.shape[3:]
    matrix: Array = weight.transpose(0, 2, 1, 3).reshape(k, kh, c * kw)
    if bias is not None:
        of_ones = np.zeros((k, kh, 1), weight.dtype)
        of_ones[:, 0, 0] = bias
        matrix = np.concatenate((matrix, of_ones), axis=2)
    lines = matrix.shape[2]
    channels, places, examples = _tile(k, kh * lines, ow, n)
    high = _share(oh, max(1, _BLOCK // (lines * places * examples) - kh + 1))
    y = memory.empty((oh, k, ow, n), shifted.dtype)
    for top, left, first in product(range(0, oh, high), range(0, ow, places), range(0, n, examples)):
        columns = slice(left, left + places), slice(first, first + examples)
        block = y[top : top + high, :, *columns]
        read = shifted[top * step : (top + len(block) - 1) * step + kh, :, :, *columns]
        correlate_by_rows(read, matrix, step, block.reshape(len(block), k, -1, copy=False), channels)
    return y


def correlate_by_rows(shifted: Array, matrix: Array, step: int, y: Array, channels: int) -> None:
    """Each output row is a matrix product: the weights (K, kh, lines) times the row's patches.

    shifted (H, C, kw, places, N) is laid line below line, so that a patch of kh rows is a run of memory, and read in
    place. y (out_h, K, places·N) is written, so many ``channels`` at a time. A line more than C·kw is a line of ones.
    """
    (k, kh, lines), (h, c, kw) = matrix.shape, shifted.shape[:3]
    lowered = memory.scratch("lowered", (h, lines, y.shape[2]), y.dtype)
    lowered[:, : c * kw].reshape(shifted.shape)[...] = shifted
    if lines > c * kw:
        lowered[:, -1] = 1
    patches = memory.patches_of(lowered, kh * lines, y.shape[2], len(y), step)[0, :, 0]
    matrix = matrix.reshape(k, -1)
    for first in range(0, k, channels):
        own = slice(first, first + channels)
        np.matmul(matrix[own], patches, out=y[:, own])


def _correlate_in_parts(lowered: Array, weight: Array, oh: int, step: int, dh: int, groups: int) -> Array:
    """(out_h, K, out_w·N) where a patch is no run of memory: group by group, kernel row by kernel row."""
    k, c, kh, kw = weight.shape
    y = np.empty((oh, k, lowered.shape[2]), lowered.dtype)
    for g in range(groups):
        own = slice(g * k // groups, (g + 1) * k // groups)
        for a in range(kh):
            read = _kernel_row(lowered, a, oh, step, dh, slice(g * c * kw, (g + 1) * c * kw))
            part = np.matmul(weight[own, :, a].reshape(-1, c * kw), read)
            if a == 0:
                y[:, own] = part
            else:
                y[:, own] += part
    return y


def _row_products(rows: Array, read: Array, lines: int, step: int, shifts: int = 1, shift: int = 0) -> Array:
    """Σ over the rows of dy · patchesᵀ, for each of the shifts: (shifts, lines, K).

    rows (out_h, K, numbers) of dy; read (H, lines, numbers), of which a patch has so many ``lines``. Both lie along
    the numbers that are summed up. Where BLAS reads in place, that is slow for many results: there dy is turned, as
    long as the products that fit the cache are no narrower than that is worth.
    """
    oh, k, columns = rows.shape
    most = _TILE // (lines * k)
    turn = _IN_PLACE and k >= _LOW and k * lines > _SMALL and most >= 2 * _NARROW
    parts = _parts(columns, most if turn else max(most, 2 * _WIDE)) if _IN_PLACE else 1
    patches = memory.patches_of(read, lines, columns, oh, step, parts, shifts, shift)
    turned = memory.turned_rows(rows) if turn else rows.swapaxes(1, 2)
    each = np.matmul(patches, turned.reshape(oh, parts, -1, k)).reshape(shifts, -1, lines, k)
    total: Array = each.sum(axis=1)
    return total


def correlate_few(
    x: Array, weight: Array, out: Pair, stride: Pair, padding: Pair, dilation: Pair, groups: int
) -> Array:
    """(out_h, K, out_w, N) for a few examples: rows are short then, so several make one product (im2col by stripes)."""
    (k, c, kh, kw), (oh, ow) = weight.shape, out
    x = np.ascontiguousarray(pad(x, padding))
    y = np.empty((len(x), k, oh, ow), x.dtype)
    stripe = max(1, min(oh, _STRIPE // (c * kh * kw * ow)))
    for g in range(groups):
        own = slice(g * k // groups, (g + 1) * k // groups)
        matrix = weight[own].reshape(-1, c * kh * kw)
        places = windows(x[:, g * c : (g + 1) * c], (kh, kw), stride, dilation).transpose(0, 1, 4, 5, 2, 3)
        for example, result in zip(places, y[:, own], strict=True):
            for top in range(0, oh, stripe):
                rows = slice(top, min(oh, top + stripe))
                columns = memory.scratch("columns", (c, kh, kw, rows.stop - top, ow), x.dtype)
                np.copyto(columns, example[..., rows, :])
                found = np.matmul(matrix, columns.reshape(c * kh * kw, -1))
                result[:, rows] = found.reshape(-1, rows.stop - top, ow)
    return memory.hcwn(y)


def _overlap(first: int, step: int, count: int, size: int) -> tuple[slice, slice]:
    """Places first, first + step, … that lie inside 0 … size - 1, and which of the ``count`` they are."""
    start = min(count, max(0, -(first // step)))
    stop = max(start, min(count, (size - 1 - first) // step + 1))
    at = first + start * step
    return slice(at, at + (stop - start - 1) * step + 1 if stop > start else at, step), slice(start, stop)


def _kernel_row(lowered: Array, a: int, oh: int, sh: int, dh: int, lines: slice) -> Array:
    """What kernel row ``a`` reads for each output row, of some channels' lines: (out_h, C·kw, out_w·N)."""
    return lowered[a * dh : a * dh + (oh - 1) * sh + 1 : sh, lines]


def _tile(m: int, k: int, ow: int, n: int) -> tuple[int, int, int]:
    """How many rows, places and examples at a time make products (m × k) @ (k × ow·n) that fit the cache.

    None of them is narrow: where that can't be, patches being long, some hundred columns are taken.
    """
    if m * k * ow * n <= _TILE:
        return m, ow, n
    whole = _LOW * k * _NARROW > _TILE
    wide = _WIDE if whole else max(_NARROW, _TILE // (m * k) // _NARROW * _NARROW)
    places, examples = (_share(ow, wide // n), n) if n <= wide else (1, _share(n, wide, _LOW))
    return m if whole else _share(m, _TILE // (k * places * examples), _LOW), places, examples


def _share(size: int, most: int, unit: int = 1) -> int:
    """``size`` cut into the fewest even shares of at most ``most``, each a multiple of ``unit``."""
    if size <= most:
        return size
    shares = -(-size // max(unit, most - most % unit))
    return -(-size // (shares * unit)) * unit


def _parts(n: int, most: int) -> int:
    """In how many equal parts of at most ``most`` numbers n can be cut; uncut where that would leave narrow ones."""
    if n <= most:
        return 1
    fewest = -(-n // max(1, most))
    return next((parts for parts in range(fewest, n // _NARROW + 1) if n % parts == 0), 1)
