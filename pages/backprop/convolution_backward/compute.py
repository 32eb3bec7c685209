"""A convolution's backward pass with everything that stands between dy and its gradients, for looking at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.kernels import convolution, window
from engine.kernels.im2col import im2col
from engine.layers import Conv2d
from engine.types import Array, Pair, Params


def spread_out(dy: Array, stride: Pair) -> Array:
    """z[n,k, i·s, j·s] = dy[n,k,i,j], and 0 elsewhere: stride - 1 zeros between the rows and columns of dy.

    dy (N, K, OH, OW), z (N, K, (OH - 1)·s + 1, (OW - 1)·s + 1). The forward pass left out s - 1 places between two
    outputs; z has them, with nothing to say. Dumoulin & Visin, "A guide to convolution arithmetic for deep
    learning", 2016.
    """
    n, k, oh, ow = dy.shape
    z = np.zeros((n, k, (oh - 1) * stride[0] + 1, (ow - 1) * stride[1] + 1), dy.dtype)
    z[:, :, :: stride[0], :: stride[1]] = dy
    return z


def turn(weight: Array) -> Array:
    """turned[c,k,a,b] = W[k,c, kh-1-a, kw-1-b]: rotated by 180°, and input and output channels changed over."""
    return weight[:, :, ::-1, ::-1].swapaxes(0, 1)


def input_grad(weight: Array, dy: Array, image: Pair, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """dx as one full convolution: zeros around z = ``spread_out(dy)``, and the turned kernel over it.

        dx[n,c,u,v] = Σ_{k,a,b} turned[c,k,a,b] · z[n,k, u + p - d·(kh-1-a), v + p - d·(kw-1-b)]

    Derivation. The forward pass read x at row u = i·s + a·d - p with weight a, so i·s = u + p - a·d: row u + p - a·d
    of z. With a counted from the kernel's end (the turn) that row grows with a, as a convolution's does.
    Around z stand d·(k-1) - p zeros; what the forward pass left unread at the far end gets more of them.
    """
    z = spread_out(dy, stride)
    around = []
    for size, given, k, p, d in zip(image, z.shape[2:], weight.shape[2:], padding, dilation, strict=True):
        before = d * (k - 1) - p
        around.append((before, size + d * (k - 1) - before - given))
    return convolution.conv2d(np.pad(z, ((0, 0), (0, 0), *around)), turn(weight), None, (1, 1), (0, 0), dilation)


def col2im(columns: Array, image: Pair, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """dx[n,c, i·s + a·d - p, j·s + b·d - p] += columns[n, (c·kh + a)·kw + b, i·OW + j]: im2col's transpose.

    columns (N, C·kh·kw, OH·OW), dx (N, C, H, W). im2col copied a pixel into every patch that holds it; each copy now
    brings its gradient home, and they add up. What came from the padding is dropped. PyTorch calls it ``fold``.
    """
    kh, kw = kernel
    c = columns.shape[1] // (kh * kw)
    oh, ow = (
        window.output_size(size, k, s, p, d)
        for size, k, s, p, d in zip(image, kernel, stride, padding, dilation, strict=True)
    )
    patches = columns.reshape(len(columns), c, kh, kw, oh, ow).transpose(0, 1, 4, 5, 2, 3)
    return window.spread(patches, image, stride, padding, dilation)


@dataclass(frozen=True)
class ConvBackward:
    """One convolution y = W ∗ x + b, an upstream gradient dy of y's shape, and all that follows from them.

    x (1, C, H, W), dy (1, K, OH, OW); dx and grads ("weight", "bias") as the layer itself makes them.
    """

    layer: Conv2d
    params: Params
    x: Array
    y: Array
    dy: Array
    dx: Array
    grads: Params

    @property
    def spread(self) -> Array:
        """dy with the stride's zeros between its cells."""
        return spread_out(self.dy, self.layer.geometry[0])

    @property
    def rows(self) -> Array:
        """W_rowᵀ (C·kh·kw, K): each kernel a column."""
        return self.params["weight"].reshape(len(self.params["weight"]), -1).T

    @property
    def columns(self) -> Array:
        """dX_col = W_rowᵀ @ dY_row, (C·kh·kw, OH·OW): what every copy in X_col is told."""
        found: Array = self.rows @ self.dy.reshape(self.dy.shape[1], -1)
        return found

    @property
    def patches(self) -> Array:
        """X_col (C·kh·kw, OH·OW), as the forward pass read it."""
        found: Array = im2col(self.x, self.layer.kernel, *self.layer.geometry)[0]
        return found


def convolve_backward(layer: Conv2d, params: Params, x: Array, dy: Array) -> ConvBackward:
    """Forward with x, backward with dy. Raises ShapeError where x doesn't suit the layer."""
    y, cache = layer.forward(params, x)
    dx, grads = layer.backward(params, cache, dy)
    return ConvBackward(layer, params, x, y, dy, dx, grads)
