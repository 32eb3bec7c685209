"""Array routines behind the layers: convolution and pooling windows.

The only room where speed may cost plainness. The same operations as loops stand in ``reference.py``.
Shapes are NCHW throughout; ``stride``, ``padding``, ``dilation`` are (height, width) pairs.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided

from engine.types import Array, Pair


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
    """Every place of a kernel on x, as a read-only view (N, C, out_h, out_w, kernel_h, kernel_w); nothing is copied."""
    n, c, h, w = x.shape
    (kh, kw), (sh, sw), (dh, dw) = kernel, stride, dilation
    bn, bc, bh, bw = x.strides
    return as_strided(
        x,
        (n, c, output_size(h, kh, sh, 0, dh), output_size(w, kw, sw, 0, dw), kh, kw),
        (bn, bc, bh * sh, bw * sw, bh * dh, bw * dw),
        writeable=False,
    )


def _columns(x: Array, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair, groups: int) -> Array:
    """The im2col matrix per group, (groups, C/groups·kh·kw, N·out_h·out_w): one column per place of the kernel."""
    view = windows(pad(x, padding), kernel, stride, dilation)
    n, c, oh, ow, kh, kw = view.shape
    return view.transpose(1, 4, 5, 0, 2, 3).reshape(groups, c // groups * kh * kw, n * oh * ow)


def conv2d(
    x: Array,
    weight: Array,
    bias: Array | None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> Array:
    """y[n,k,i,j] = b[k] + Σ_{c,a,b} W[k,c,a,b] · x[n, c, i·s + a·d - p, j·s + b·d - p], as one matrix product.

    x (N, C, H, W), weight (K, C/groups, kh, kw), bias (K,) or None; y (N, K, out_h, out_w).
    """
    n, _, h, w = x.shape
    k, _, kh, kw = weight.shape
    oh = output_size(h, kh, stride[0], padding[0], dilation[0])
    ow = output_size(w, kw, stride[1], padding[1], dilation[1])
    columns = _columns(x, (kh, kw), stride, padding, dilation, groups)
    y: Array = np.matmul(weight.reshape(groups, k // groups, -1), columns).reshape(k, n, oh, ow)
    if bias is not None:
        y += bias[:, None, None, None]
    return y.transpose(1, 0, 2, 3)


def conv2d_backward(
    x: Array,
    weight: Array,
    dy: Array,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> tuple[Array, Array, Array]:
    """dx, dweight and dbias of ``conv2d`` for an upstream gradient dy (N, K, out_h, out_w).

    dweight = dy · columnsᵀ. dx goes the way back from the matrix to the image: each column of Wᵀ · dy
    is added to the patch that it was read from (col2im), one kernel cell at a time.
    """
    n, c, h, w = x.shape
    k, _, kh, kw = weight.shape
    oh, ow = dy.shape[2:]
    columns = _columns(x, (kh, kw), stride, padding, dilation, groups)
    rows = dy.transpose(1, 0, 2, 3).reshape(groups, k // groups, n * oh * ow)
    dweight = np.matmul(rows, columns.transpose(0, 2, 1)).reshape(weight.shape)
    dbias = dy.sum(axis=(0, 2, 3))

    patches = np.matmul(weight.reshape(groups, k // groups, -1).transpose(0, 2, 1), rows)
    patches = patches.reshape(c, kh, kw, n, oh, ow)
    dx = np.zeros((c, n, h + 2 * padding[0], w + 2 * padding[1]), dtype=dy.dtype)
    for a in range(kh):
        for b in range(kw):
            dx[_under(a, b, (oh, ow), stride, dilation)] += patches[:, a, b]
    return _unpad(dx.transpose(1, 0, 2, 3), padding), dweight, dbias


def max_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair) -> tuple[Array, Array]:
    """y[n,c,i,j] = the largest x of the window, and which of its kh·kw cells that was (the first, when tied)."""
    view = windows(pad(x, padding, -np.inf), kernel, stride, dilation)
    switches = view.reshape(*view.shape[:4], -1).argmax(axis=-1)
    y = np.take_along_axis(view.reshape(*view.shape[:4], -1), switches[..., None], axis=-1)[..., 0]
    return y, switches.astype(np.int32)


def spread(share: Array, image: Pair, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """Add each window's share (N, C, out_h, out_w, kh, kw) to the cells it was read from; (N, C, H, W)."""
    n, c, oh, ow, kh, kw = share.shape
    dx = np.zeros((n, c, image[0] + 2 * padding[0], image[1] + 2 * padding[1]), dtype=share.dtype)
    for a in range(kh):
        for b in range(kw):
            dx[_under(a, b, (oh, ow), stride, dilation)] += share[..., a, b]
    return _unpad(dx, padding)


def _under(a: int, b: int, out: Pair, stride: Pair, dilation: Pair) -> tuple[slice, slice, slice, slice]:
    """The cells of a padded image that kernel cell (a, b) lies on, over all places of the kernel."""
    top, left = a * dilation[0], b * dilation[1]
    rows = slice(top, top + (out[0] - 1) * stride[0] + 1, stride[0])
    columns = slice(left, left + (out[1] - 1) * stride[1] + 1, stride[1])
    return slice(None), slice(None), rows, columns


def _unpad(x: Array, padding: Pair) -> Array:
    ph, pw = padding
    return x[:, :, ph : x.shape[2] - ph, pw : x.shape[3] - pw]
