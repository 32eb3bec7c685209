"""The engine's operations as plain loops: each body is its formula, one number at a time.

Slow on purpose. Lessons show these functions, and tests hold the fast routines of ``kernels.py`` against
them. ``for n, k, i, j in np.ndindex(N, K, OH, OW)`` is four nested loops in one line. Shapes are NCHW;
``kernel``, ``stride``, ``padding`` and ``dilation`` are (height, width) pairs. A backward function takes what
its forward function took, and dy, the gradient of the loss by y; it returns the gradients of its inputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log

import numpy as np

from engine.types import Array, Pair


def relu(x: Array) -> Array:
    """y = max(0, x), for each number by itself; any shape."""
    y = np.zeros_like(x)
    for at in np.ndindex(*x.shape):
        if x[at] > 0:
            y[at] = x[at]
    return y


def relu_backward(x: Array, dy: Array) -> Array:
    """dx = dy where x > 0, else 0: the gate that was open forwards is open backwards."""
    dx = np.zeros_like(dy)
    for at in np.ndindex(*x.shape):
        if x[at] > 0:
            dx[at] = dy[at]
    return dx


def linear(x: Array, weight: Array, bias: Array | None) -> Array:
    """y[n,o] = b[o] + Σ_i W[o,i] · x[n,i]; x (N, in), weight (out, in), bias (out,) or None, y (N, out)."""
    N, inputs = x.shape
    outputs = weight.shape[0]
    y = np.zeros((N, outputs), dtype=x.dtype)
    for n, o in np.ndindex(N, outputs):
        if bias is not None:
            y[n, o] = bias[o]
        for i in range(inputs):
            y[n, o] += weight[o, i] * x[n, i]
    return y


def linear_backward(x: Array, weight: Array, dy: Array) -> tuple[Array, Array, Array]:
    """dx[n,i] = Σ_o W[o,i] · dy[n,o];  dW[o,i] = Σ_n x[n,i] · dy[n,o];  db[o] = Σ_n dy[n,o]."""
    dx, dweight, dbias = np.zeros_like(x), np.zeros_like(weight), np.zeros_like(weight[:, 0])
    for n, o in np.ndindex(*dy.shape):
        dbias[o] += dy[n, o]
        for i in range(x.shape[1]):
            dx[n, i] += weight[o, i] * dy[n, o]
            dweight[o, i] += x[n, i] * dy[n, o]
    return dx, dweight, dbias


def softmax(z: Array) -> Array:
    """p[n,c] = exp(z[n,c]) / Σ_k exp(z[n,k]); z (N, C).

    The row's largest z is taken off first: it cancels in the fraction, and exp can't overflow.
    """
    p = np.zeros_like(z)
    for n in range(z.shape[0]):
        largest = max(z[n])
        total = sum(exp(value - largest) for value in z[n])
        for c in range(z.shape[1]):
            p[n, c] = exp(z[n, c] - largest) / total
    return p


def cross_entropy(logits: Array, target: Array) -> float:
    """L = -1/N · Σ_n log p[n, target[n]], p = softmax(logits); logits (N, C), target (N,) class numbers."""
    loss = 0.0
    for n in range(logits.shape[0]):
        largest = max(logits[n])
        log_total = log(sum(exp(value - largest) for value in logits[n]))
        log_p = logits[n, target[n]] - largest - log_total
        loss -= float(log_p) / logits.shape[0]
    return loss


def cross_entropy_backward(logits: Array, target: Array) -> Array:
    """dlogits[n,c] = (p[n,c] - 1 if c is the target, else p[n,c]) / N."""
    dlogits = softmax(logits)
    N, C = logits.shape
    for n, c in np.ndindex(N, C):
        if c == target[n]:
            dlogits[n, c] -= 1
        dlogits[n, c] /= N
    return dlogits


def places(size: int, kernel: int, stride: int, padding: int, dilation: int = 1) -> int:
    """How often a kernel fits along an axis: its first cell starts at 0, stride, 2·stride, ...

    Its last cell, dilation · (kernel - 1) further on, must still lie on the padded axis.
    """
    last_start = size + 2 * padding - dilation * (kernel - 1) - 1
    return len(range(0, last_start + 1, stride))


def window(
    x: Array, i: int, j: int, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair = (1, 1)
) -> Iterator[tuple[int, int, int, int]]:
    """The cells of x under the kernel at place (i, j): (a, b, row, column), the padding left out."""
    H, W = x.shape[2:]
    for a, b in np.ndindex(*kernel):
        row = i * stride[0] + a * dilation[0] - padding[0]
        column = j * stride[1] + b * dilation[1] - padding[1]
        if 0 <= row < H and 0 <= column < W:
            yield a, b, row, column


def conv2d(
    x: Array,
    weight: Array,
    bias: Array | None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> Array:
    """y[n,k,i,j] = b[k] + Σ_{c,a,b} W[k,c,a,b] · x[n, c, i·s + a·d - p, j·s + b·d - p], zero outside x.

    x (N, C, H, W), weight (K, C/groups, kh, kw), bias (K,) or None, y (N, K, OH, OW). With groups, the
    channels are dealt in order into equal groups, and output k reads only the channels of its own group.
    """
    N, C, H, W = x.shape
    K, channels, *kernel = weight.shape
    kh, kw = kernel
    OH = places(H, kh, stride[0], padding[0], dilation[0])
    OW = places(W, kw, stride[1], padding[1], dilation[1])
    y = np.zeros((N, K, OH, OW), dtype=x.dtype)
    for n, k, i, j in np.ndindex(N, K, OH, OW):
        if bias is not None:
            y[n, k, i, j] = bias[k]
        first = k // (K // groups) * channels
        for c in range(channels):
            for a, b, row, column in window(x, i, j, (kh, kw), stride, padding, dilation):
                y[n, k, i, j] += weight[k, c, a, b] * x[n, first + c, row, column]
    return y


def conv2d_backward(
    x: Array,
    weight: Array,
    dy: Array,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> tuple[Array, Array, Array]:
    """Each product W · x of the forward pass, seen from its three sides.

    y gained W · x, so with the upstream gradient dy of that y: x gains W · dy, W gains x · dy, b gains dy.
    """
    K, channels, kh, kw = weight.shape
    dx, dweight = np.zeros_like(x), np.zeros_like(weight)
    dbias = np.zeros(K, dtype=weight.dtype)
    for n, k, i, j in np.ndindex(*dy.shape):
        dbias[k] += dy[n, k, i, j]
        first = k // (K // groups) * channels
        for c in range(channels):
            for a, b, row, column in window(x, i, j, (kh, kw), stride, padding, dilation):
                dx[n, first + c, row, column] += weight[k, c, a, b] * dy[n, k, i, j]
                dweight[k, c, a, b] += x[n, first + c, row, column] * dy[n, k, i, j]
    return dx, dweight, dbias


def max_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0), dilation: Pair = (1, 1)) -> Array:
    """y[n,c,i,j] = the largest x of the window at (i, j); the padding never wins."""
    N, C, H, W = x.shape
    OH = places(H, kernel[0], stride[0], padding[0], dilation[0])
    OW = places(W, kernel[1], stride[1], padding[1], dilation[1])
    y = np.zeros((N, C, OH, OW), dtype=x.dtype)
    for n, c, i, j in np.ndindex(N, C, OH, OW):
        cells = window(x, i, j, kernel, stride, padding, dilation)
        y[n, c, i, j] = max(x[n, c, row, column] for _, _, row, column in cells)
    return y


def max_pool2d_backward(
    x: Array, dy: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0), dilation: Pair = (1, 1)
) -> Array:
    """The winner of each window gets the window's whole dy, the others nothing; of equals, the first wins."""
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        cells = window(x, i, j, kernel, stride, padding, dilation)
        winner = max(((row, column) for _, _, row, column in cells), key=lambda cell: x[n, c, *cell])
        dx[n, c, *winner] += dy[n, c, i, j]
    return dx


def avg_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0), count_include_pad: bool = True) -> Array:
    """y[n,c,i,j] = the sum of the window / its number of cells, the padding's zeros counted or not."""
    N, C, H, W = x.shape
    OH = places(H, kernel[0], stride[0], padding[0])
    OW = places(W, kernel[1], stride[1], padding[1])
    y = np.zeros((N, C, OH, OW), dtype=x.dtype)
    for n, c, i, j in np.ndindex(N, C, OH, OW):
        cells = list(window(x, i, j, kernel, stride, padding))
        count = kernel[0] * kernel[1] if count_include_pad else len(cells)
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
        count = kernel[0] * kernel[1] if count_include_pad else len(cells)
        for _, _, row, column in cells:
            dx[n, c, row, column] += dy[n, c, i, j] / count
    return dx
