"""Array routines behind the layers: convolution and pooling windows.

The only room where speed may cost plainness. The same operations as loops stand in ``reference.py``.
Shapes are NCHW throughout; ``stride``, ``padding``, ``dilation`` are (height, width) pairs.

**Memory.** Results have the shape (N, C, H, W), but lie in memory as (H, C, W, N): rows outside, examples inside.
A transposed view costs nothing, arguments may lie in any order, and two things become cheap:

- *Row lowering.* A convolution as a matrix product needs every patch as a column (im2col), kh·kw copies of the
  image. Here only the kw shifts along a row are copied. A patch of kh rows is then a run of consecutive memory,
  so the kh shifts are overlapping windows on that copy which BLAS reads in place: kw copies, no way back (col2im).
- *Tiles.* Each output row is a matrix product of its own, cut further until it fits the cache (``_TILE``): BLAS
  is 3 to 4 times as fast on such tiles as on one huge matrix.

Lowered copies are scratch memory of the thread. They never leave this file; what is returned is always new.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from math import prod

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from engine.types import Array, Pair, Shape

_TILE = 1_000_000
"""Multiply-adds of one matrix product that stays in a core's second-level cache."""

_memory = threading.local()


def output_size(size: int, kernel: int, stride: int, padding: int, dilation: int = 1) -> int:
    """⌊(size + 2·padding - dilation·(kernel - 1) - 1) / stride⌋ + 1: how many places the kernel has."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def pad(x: Array, padding: Pair, value: float = 0.0) -> Array:
    """x with ``value`` around its last two axes; x itself where there is nothing to add."""
    ph, pw = padding
    if ph == 0 and pw == 0:
        return x
    n, c, h, w = x.shape
    padded = np.full((n, c, h + 2 * ph, w + 2 * pw), value, dtype=x.dtype)
    padded[:, :, ph : ph + h, pw : pw + w] = x
    return padded


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
    y = correlate(x, weight, stride, padding, dilation, groups)
    if bias is not None:
        y += bias[:, None, None]
    return _nchw(y)


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
    height, width = image[0] + dh * (kh - 1), image[1] + dw * (kw - 1)
    frame = _scratch("frame", (height, k, width, n), dy.dtype)
    frame[...] = 0
    rows, from_row = _overlap(top, sh, oh, height)
    columns, from_column = _overlap(left, sw, ow, width)
    frame[rows, :, columns] = _hcwn(dy)[from_row, :, from_column]
    return _nchw(correlate(_nchw(frame), turned, (1, 1), (0, 0), dilation, groups))


def conv2d_param_grads(
    x: Array, kernel: Pair, dy: Array, stride: Pair, padding: Pair, dilation: Pair, groups: int
) -> tuple[Array, Array]:
    """dweight (K, C/groups, kh, kw) and dbias (K,): each weight collects x · dy over every place of the kernel."""
    (kh, kw), (n, k, oh, ow) = kernel, dy.shape
    c = x.shape[1] // groups
    rows = np.ascontiguousarray(_hcwn(dy)).reshape(oh, k, ow * n)
    dbias = rows.sum(axis=(0, 2))
    lowered = _lower(x, kw, ow, stride, padding, dilation)
    if groups == 1 and dilation[0] == 1:
        patches = _patches(lowered, kh, oh, stride[0])
        blocks = _blocks(k, c * kh * kw, ow * n)
        total = np.matmul(_split(rows, blocks), _split(patches, blocks).swapaxes(-1, -2)).sum(axis=(0, 1))
        return total.reshape(k, kh, c, kw).transpose(0, 2, 1, 3), dbias
    dweight = np.empty((k, c, kh, kw), dy.dtype)
    for g in range(groups):
        own = slice(g * k // groups, (g + 1) * k // groups)
        for a in range(kh):
            read = _kernel_row(lowered, a, oh, stride[0], dilation[0], slice(g * c, (g + 1) * c))
            total = np.matmul(rows[:, own], read.swapaxes(-1, -2)).sum(axis=0)
            dweight[own, :, a] = total.reshape(-1, c, kw)
    return dweight, dbias


def max_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair) -> tuple[Array, Array]:
    """y[n,c,i,j] = the largest x of the window, and which of its kh·kw cells that was (the first, when tied).

    First the largest of each kernel row, then the largest of these: kw + kh comparisons instead of kh·kw.
    """
    padded = _hcwn(pad(x, padding, -np.inf))
    oh, ow = (output_size(x.shape[2 + i], kernel[i], stride[i], padding[i], dilation[i]) for i in (0, 1))
    ends = [b * dilation[1] + (ow - 1) * stride[1] + 1 for b in range(kernel[1])]
    by_row, columns = _largest([padded[:, :, b * dilation[1] : end : stride[1]] for b, end in enumerate(ends)])
    rows = [slice(a * dilation[0], a * dilation[0] + (oh - 1) * stride[0] + 1, stride[0]) for a in range(kernel[0])]
    y, row = _largest([by_row[place] for place in rows])
    # A cell's number in a window of more than 256 cells needs more than a byte.
    columns = columns if prod(kernel) <= 256 else columns.astype(np.int32)
    switches = columns[rows[0]].copy()
    for a, place in enumerate(rows[1:], 1):
        switches = np.where(row == a, columns[place] + switches.dtype.type(a * kernel[1]), switches)
    return _nchw(y), _nchw(switches)


def max_pool2d_input_grad(
    switches: Array, dy: Array, image: Pair, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair
) -> Array:
    """dx (N, C, *image): each window's dy goes to the cell that its switch names."""
    n, c, oh, ow = dy.shape
    height, width = image[0] + 2 * padding[0], image[1] + 2 * padding[1]
    upstream, chosen = _hcwn(dy), _hcwn(switches)
    apart = kernel == stride and dilation == (1, 1) and (oh * kernel[0], ow * kernel[1]) == (height, width)
    dx = (np.empty if apart else np.zeros)((height, c, width, n), dy.dtype)
    for cell, place in _cells(kernel, (oh, ow), stride, dilation):
        if apart:
            np.multiply(upstream, chosen == cell, out=dx[place])
        else:
            dx[place] += upstream * (chosen == cell)
    return _unpad(_nchw(dx), padding)


def spread(share: Array, image: Pair, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """Add each window's share (N, C, out_h, out_w, kh, kw) to the cells it was read from; (N, C, H, W)."""
    n, c, oh, ow, kh, kw = share.shape
    dx = np.zeros((image[0] + 2 * padding[0], c, image[1] + 2 * padding[1], n), share.dtype)
    by_cell = share.transpose(2, 1, 3, 0, 4, 5).reshape(oh, c, ow, n, kh * kw)
    for cell, place in _cells((kh, kw), (oh, ow), stride, dilation):
        dx[place] += by_cell[..., cell]
    return _unpad(_nchw(dx), padding)


def correlate(x: Array, weight: Array, stride: Pair, padding: Pair, dilation: Pair, groups: int) -> Array:
    """conv2d without a bias, as (out_h, K, out_w, N): for each output row the weight matrix times its patches."""
    n, _, h, w = x.shape
    k, c, kh, kw = weight.shape
    oh = output_size(h, kh, stride[0], padding[0], dilation[0])
    ow = output_size(w, kw, stride[1], padding[1], dilation[1])
    lowered = _lower(x, kw, ow, stride, padding, dilation)
    y = np.empty((oh, k, ow * n), x.dtype)
    if groups == 1 and dilation[0] == 1:
        blocks = _blocks(k, c * kh * kw, ow * n)
        matrix = weight.transpose(0, 2, 1, 3).reshape(k, -1)
        np.matmul(matrix, _split(_patches(lowered, kh, oh, stride[0]), blocks), out=_split(y, blocks))
        return y.reshape(oh, k, ow, n)
    for g in range(groups):
        own = slice(g * k // groups, (g + 1) * k // groups)
        for a in range(kh):
            read = _kernel_row(lowered, a, oh, stride[0], dilation[0], slice(g * c, (g + 1) * c))
            part = np.matmul(weight[own, :, a].reshape(-1, c * kw), read)
            if a == 0:
                y[:, own] = part
            else:
                y[:, own] += part
    return y.reshape(oh, k, ow, n)


def _lower(x: Array, kw: int, ow: int, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """The kw column shifts of padded x side by side: scratch (H + 2p, C, kw, out_w · N)."""
    n, c, h, w = x.shape
    (ph, pw), sw, dw = padding, stride[1], dilation[1]
    lowered = _scratch("lowered", (h + 2 * ph, c, kw, ow, n), x.dtype)
    source = _hcwn(x)
    if ph:
        lowered[:ph] = 0
        lowered[ph + h :] = 0
    inner = lowered[ph : ph + h]
    for b in range(kw):
        to, read = _shifted(b * dw - pw, sw, ow, w)
        inner[:, :, b, : to.start] = 0
        inner[:, :, b, to.stop :] = 0
        inner[:, :, b, to] = source[:, :, read]
    return lowered.reshape(h + 2 * ph, c, kw, ow * n)


def _shifted(first: int, step: int, count: int, size: int) -> tuple[slice, slice]:
    """Which of ``count`` places first, first + step, … lie inside 0 … size - 1, and the part of it that they read."""
    start = min(count, max(0, -(first // step)))
    stop = max(start, min(count, (size - 1 - first) // step + 1))
    at = first + start * step
    return slice(start, stop), slice(at, at + (stop - start - 1) * step + 1 if stop > start else at, step)


def _overlap(first: int, step: int, count: int, size: int) -> tuple[slice, slice]:
    """Places first, first + step, … that lie inside 0 … size - 1, and which of the ``count`` they are."""
    inside, places = _shifted(first, step, count, size)
    return places, inside


def _patches(lowered: Array, kh: int, oh: int, sh: int) -> Array:
    """For each output row its patches (out_h, kh·C·kw, out_w·N): overlapping windows on the lowered rows, no copy."""
    _, c, kw, n = lowered.shape
    row, line = lowered.strides[0], lowered.strides[2]
    return as_strided(lowered, (oh, kh * c * kw, n), (row * sh, line, lowered.itemsize), writeable=False)


def _kernel_row(lowered: Array, a: int, oh: int, sh: int, dh: int, channels: slice) -> Array:
    """What kernel row ``a`` reads for each output row, of some channels: (out_h, C·kw, out_w·N)."""
    rows = lowered[a * dh : a * dh + (oh - 1) * sh + 1 : sh, channels]
    return rows.reshape(oh, -1, rows.shape[-1])


def _blocks(m: int, k: int, n: int) -> int:
    """In how many equal parts n is cut so that each product m·k·(n / parts) fits the cache."""
    wanted = -(-m * k * n // _TILE)
    return next((parts for parts in range(max(1, wanted), n + 1) if n % parts == 0), n)


def _split(a: Array, parts: int) -> Array:
    """(rows, m, n) as (rows, parts, m, n / parts), without a copy."""
    rows, m, n = a.shape
    by_row, by_line, by_item = a.strides
    return as_strided(a, (rows, parts, m, n // parts), (by_row, n // parts * by_item, by_line, by_item))


def _largest(parts: list[Array]) -> tuple[Array, Array]:
    """The largest of several arrays, entry by entry, and which of them it came from: the first of equals."""
    if len(parts) == 1:
        return parts[0].copy(order="K"), np.zeros(parts[0].shape, np.uint8)
    largest = np.maximum(parts[0], parts[1])
    chosen = (parts[1] > parts[0]).view(np.uint8)
    for number, part in enumerate(parts[2:], 2):
        chosen[part > largest] = number
        np.maximum(largest, part, out=largest)
    return largest, chosen


def _cells(kernel: Pair, out: Pair, stride: Pair, dilation: Pair) -> Iterator[tuple[int, tuple[slice, ...]]]:
    """For each kernel cell its number and where it lies on a padded (H, C, W, N), over all places of the kernel."""
    for a in range(kernel[0]):
        for b in range(kernel[1]):
            top, left = a * dilation[0], b * dilation[1]
            rows = slice(top, top + (out[0] - 1) * stride[0] + 1, stride[0])
            columns = slice(left, left + (out[1] - 1) * stride[1] + 1, stride[1])
            yield a * kernel[1] + b, (rows, slice(None), columns)


def _scratch(name: str, shape: Shape, dtype: npt.DTypeLike) -> Array:
    """Memory of this thread that the next call under the same name overwrites."""
    size = prod(shape)
    kept: dict[tuple[str, str], Array] = _memory.__dict__.setdefault("arrays", {})
    key = (name, np.dtype(dtype).str)
    if key not in kept or kept[key].size < size:
        kept[key] = np.empty(size, dtype)
    return kept[key][:size].reshape(shape)


def _hcwn(x: Array) -> Array:
    """(N, C, H, W) seen as (H, C, W, N)."""
    return x.transpose(2, 1, 3, 0)


def _nchw(x: Array) -> Array:
    """(H, C, W, N) seen as (N, C, H, W)."""
    return x.transpose(3, 1, 0, 2)


def _unpad(x: Array, padding: Pair) -> Array:
    ph, pw = padding
    return x[:, :, ph : x.shape[2] - ph, pw : x.shape[3] - pw]
