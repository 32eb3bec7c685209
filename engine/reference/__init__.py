"""The engine's operations as plain loops: each body is its formula, one number at a time.

Slow on purpose. Lessons show these functions, and tests hold the fast routines of ``kernels.py`` against
them. ``for n, k, i, j in np.ndindex(N, K, OH, OW)`` is four nested loops in one line. Shapes are NCHW;
``kernel``, ``stride``, ``padding`` and ``dilation`` are (height, width) pairs. A backward function takes what
its forward function took (where it needs it), and dy, the gradient of the loss by y; it returns the gradients of its
inputs. What chance chose in a forward pass is given: a mask, slopes, switches.

The layers that everything else is made of stand here; their relatives stand in rooms of their own, ``reference_*.py``,
and answer to the same call: ``reference.batch_norm``.
"""

from __future__ import annotations

from math import exp, log

import numpy as np

from engine.guard import guard
from engine.reference.activation import (
    ACTIVATIONS,
    dropout,
    dropout2d,
    elementwise,
    elementwise_backward,
    maxout,
    maxout_backward,
    prelu,
    prelu_backward,
    rrelu,
    rrelu_backward,
)
from engine.reference.blocks import (
    flatten,
    flatten_backward,
    highway,
    highway_backward,
    identity,
    parallel,
    parallel_backward,
    residual,
)
from engine.reference.conv import (
    conv_transpose2d,
    conv_transpose2d_backward,
    locally_connected2d,
    locally_connected2d_backward,
    pixel_shuffle,
    pixel_unshuffle,
    upsample,
    upsample_backward,
)
from engine.reference.norm import (
    batch_norm,
    batch_norm_backward,
    batch_norm_testing,
    batch_norm_testing_backward,
    group_norm,
    group_norm_backward,
    layer_norm,
    layer_norm_backward,
    local_response_norm,
    local_response_norm_backward,
    weight_norm,
    weight_norm_backward,
)
from engine.reference.padding import pad2d, pad2d_backward
from engine.reference.pool import (
    adaptive_avg_pool2d,
    adaptive_avg_pool2d_backward,
    adaptive_max_pool2d,
    adaptive_max_pool2d_backward,
    avg_pool2d,
    avg_pool2d_backward,
    expected_pool2d,
    expected_pool2d_backward,
    lp_pool2d,
    lp_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    max_unpool2d,
    max_unpool2d_backward,
    stochastic_pool2d,
    stochastic_pool2d_backward,
)
from engine.reference.window import places, window
from engine.types import Array, Pair

__all__ = [
    "ACTIVATIONS",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool2d_backward",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_backward",
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "batch_norm_testing",
    "batch_norm_testing_backward",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "cross_entropy",
    "cross_entropy_backward",
    "dropout",
    "dropout2d",
    "elementwise",
    "elementwise_backward",
    "expected_pool2d",
    "expected_pool2d_backward",
    "flatten",
    "flatten_backward",
    "group_norm",
    "group_norm_backward",
    "highway",
    "highway_backward",
    "identity",
    "layer_norm",
    "layer_norm_backward",
    "linear",
    "linear_backward",
    "local_response_norm",
    "local_response_norm_backward",
    "locally_connected2d",
    "locally_connected2d_backward",
    "log_softmax",
    "log_softmax_backward",
    "lp_pool2d",
    "lp_pool2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "max_unpool2d",
    "max_unpool2d_backward",
    "maxout",
    "maxout_backward",
    "pad2d",
    "pad2d_backward",
    "parallel",
    "parallel_backward",
    "pixel_shuffle",
    "pixel_unshuffle",
    "places",
    "prelu",
    "prelu_backward",
    "relu",
    "relu_backward",
    "residual",
    "rrelu",
    "rrelu_backward",
    "softmax",
    "softmax_backward",
    "stochastic_pool2d",
    "stochastic_pool2d_backward",
    "upsample",
    "upsample_backward",
    "weight_norm",
    "weight_norm_backward",
    "window",
]


def relu(x: Array) -> Array:
    """y = max(0, x), for each number by itself; any shape."""
    y = np.zeros_like(x)
    for at in np.ndindex(*x.shape):
        y[at] = max(x[at], 0)
    return y


def relu_backward(x: Array, dy: Array) -> Array:
    """dx = dy where x > 0, else 0: the gate that was open forwards is open backwards."""
    dx = np.zeros_like(dy)
    for at in np.ndindex(*x.shape):
        if x[at] > 0:
            dx[at] = dy[at]
    return dx


def linear(x: Array, weight: Array, bias: Array | None) -> Array:
    """y[n,o] = b[o] + Σ_i W[o,i] · x[n,i]; x (N, in), weight (out, in), bias (out,) or None, y (N, out).

    Of an x with axes in between, (N, …, in), the rows are x.reshape(-1, in).
    """
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


def softmax_backward(z: Array, dy: Array) -> Array:
    """dz[n,j] = Σ_c dy[n,c] · p[n,c] · ([c = j] - p[n,j]): z_j stands in its own numerator, and in all denominators."""
    p = softmax(z)
    dz = np.zeros_like(z)
    N, C = z.shape
    for n, c, j in np.ndindex(N, C, C):
        same = 1 if c == j else 0
        dz[n, j] += dy[n, c] * p[n, c] * (same - p[n, j])
    return dz


def log_softmax(z: Array) -> Array:
    """y[n,c] = z[n,c] - ln Σ_k exp(z[n,k]); z (N, C). The row's largest z is taken off first, as in softmax."""
    y = np.zeros_like(z)
    for n, c in np.ndindex(*z.shape):
        largest = max(z[n])
        y[n, c] = z[n, c] - largest - log(sum(exp(value - largest) for value in z[n]))
    return y


def log_softmax_backward(z: Array, dy: Array) -> Array:
    """dz[n,j] = Σ_c dy[n,c] · ([c = j] - p[n,j]): z_j stands in its own y, and in the total of all."""
    p = softmax(z)
    dz = np.zeros_like(z)
    N, C = z.shape
    for n, c, j in np.ndindex(N, C, C):
        same = 1 if c == j else 0
        dz[n, j] += dy[n, c] * (same - p[n, j])
    return dz


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


guard(globals())
