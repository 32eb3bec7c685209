"""Relatives of the convolution: one that goes the other way, and one that doesn't share its weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
import numpy.typing as npt

from engine.initializers import HeNormal, first_bias
from engine.kernels import convolution, window
from engine.layers.conv import places
from engine.types import Array, Cache, Initializer, Pair, Params, Shape, ShapeError, expect_counts, expect_shape, pair


@dataclass(frozen=True)
class ConvTranspose2d:
    """y[n, k, i·s + a·d - p, j·s + b·d - p] += Σ_c W[c,k,a,b] · x[n,c,i,j]: every input stamps the kernel onto y.

    x (N, in_channels, H, W), weight (in_channels, out_channels/groups, kh, kw), bias (out_channels,),
    y (N, out_channels, out_h, out_w) with out = (H - 1)·s - 2p + d·(kh - 1) + output_padding + 1.
    It is Conv2d's backward pass as a forward pass, with in and out swapped: it does to x what Conv2d(out, in, …)
    does to dy to get dx, and undoes the sizes. With a stride several sizes have led to the same H;
    output_padding says which one is meant, by rows added at the lower end that are computed, not filled with 0.
    Raises ShapeError for other channels. Zeiler et al., "Deconvolutional networks", 2010, and Dumoulin & Visin,
    "A guide to convolution arithmetic for deep learning", 2016.
    """

    in_channels: int
    out_channels: int
    kernel_size: int | Pair
    stride: int | Pair = 1
    padding: int | Pair = 0
    output_padding: int | Pair = 0
    groups: int = 1
    bias: bool = True
    dilation: int | Pair = 1

    def __post_init__(self) -> None:
        pair(self.kernel_size, "kernel_size", least=1)
        pair(self.stride, "stride", least=1)
        pair(self.padding, "padding")
        pair(self.dilation, "dilation", least=1)
        expect_counts(
            "ConvTranspose2d", in_channels=self.in_channels, out_channels=self.out_channels, groups=self.groups
        )
        if self.in_channels % self.groups or self.out_channels % self.groups:
            raise ValueError(
                f"ConvTranspose2d: groups={self.groups} must divide both in_channels={self.in_channels} and "
                f"out_channels={self.out_channels}; groups=1 always works."
            )
        stride, _, dilation = self.geometry
        for extra, s, d in zip(pair(self.output_padding, "output_padding"), stride, dilation, strict=True):
            if extra >= max(s, d):
                raise ValueError(
                    f"ConvTranspose2d: output_padding={self.output_padding!r} must be smaller than the stride or the "
                    f"dilation, here stride={self.stride!r} and dilation={self.dilation!r}; 0 always works."
                )

    @cached_property
    def kernel(self) -> Pair:
        """(kernel height, kernel width)."""
        return pair(self.kernel_size, "kernel_size", least=1)

    @cached_property
    def geometry(self) -> tuple[Pair, Pair, Pair]:
        """(stride, padding, dilation), each as (height, width)."""
        return pair(self.stride, "stride"), pair(self.padding, "padding"), pair(self.dilation, "dilation")

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """weight drawn by the initializer, bias 0 or drawn by it, too."""
        shape = (self.in_channels, self.out_channels // self.groups, *self.kernel)
        params = {"weight": initializer(rng, shape).astype(dtype)}
        if self.bias:
            params["bias"] = first_bias(initializer, rng, shape, (self.out_channels,), dtype)
        return params

    def output_shape(self, shape: Shape) -> tuple[int, int, int]:
        """(out_channels, out_h, out_w). Raises ShapeError where the padding cuts everything away."""
        expect_shape(shape, "in_channels, H, W", {"in_channels": self.in_channels}, self)
        out = [
            (size - 1) * s - 2 * p + d * (k - 1) + extra + 1
            for size, k, s, p, d, extra in zip(
                shape[1:], self.kernel, *self.geometry, pair(self.output_padding, "output_padding"), strict=True
            )
        ]
        if min(out) < 1:
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}: an output of {out[0]}×{out[1]} would be left. A "
                "padding of 0, or a larger input or kernel, would work."
            )
        return self.out_channels, out[0], out[1]

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. Stamp W · x onto y for every input cell, adding up where stamps overlap.  2. Add the bias."""
        _, out_h, out_w = self.output_shape(x.shape[1:])
        y = convolution.conv2d_input_grad(params["weight"], x, (out_h, out_w), *self.geometry, self.groups)
        if self.bias:
            y += params["bias"][:, None, None]
        return y, {"x": x}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """The three gradients of one product-and-sum.

        2'. b[k] is added at every place:         db[k] = Σ_{n,i,j} dy[n,k,i,j].
        1'. x[n,c,i,j] went to y[n, k, i·s + a·d - p, …] through W[c,k,a,b], and collects from there:
                dx[n,c,i,j] = Σ_{k,a,b} dy[n, k, i·s + a·d - p, j·s + b·d - p] · W[c,k,a,b],
            a convolution of dy with the same stride, padding and dilation. The weight went along every (i, j):
                dW[c,k,a,b] = Σ_{n,i,j} x[n,c,i,j] · dy[n, k, i·s + a·d - p, j·s + b·d - p],
            which is that convolution's own dW, dy being its input and x its upstream gradient.
        """
        x, weight = cache["x"], params["weight"]
        stride, padding, dilation = self.geometry
        reach = [
            (m - 1) * s + d * (k - 1) + 1 for m, k, s, d in zip(x.shape[2:], self.kernel, stride, dilation, strict=True)
        ]
        stamped = window.pad(dy, padding)[:, :, : reach[0], : reach[1]]
        dx = convolution.conv2d(stamped, weight, None, stride, (0, 0), dilation, self.groups)
        grads = {
            "weight": convolution.conv2d_weight_grad(stamped, self.kernel, x, stride, (0, 0), dilation, self.groups)
        }
        if self.bias:
            grads["bias"] = np.einsum("nkij->k", dy)
        return dx, grads


@dataclass(frozen=True)
class LocallyConnected2d:
    """y[n,k,i,j] = b[k,i,j] + Σ_{c,a,b} W[k,i,j,c,a,b] · x[n, c, i·s + a - p, j·s + b - p], x being 0 outside.

    A convolution that doesn't share: every place (i, j) has a kernel and a bias of its own, so the layer is made
    for one input_size (H, W). x (N, in_channels, H, W), weight (out_channels, out_h, out_w, in_channels, kh, kw),
    bias (out_channels, out_h, out_w), y (N, out_channels, out_h, out_w) with out = ⌊(H + 2p - kh) / s⌋ + 1.
    Raises ShapeError for other channels or another size. Taigman et al., "DeepFace", 2014.
    """

    in_channels: int
    out_channels: int
    input_size: int | Pair
    kernel_size: int | Pair
    stride: int | Pair = 1
    padding: int | Pair = 0
    bias: bool = True

    def __post_init__(self) -> None:
        expect_counts("LocallyConnected2d", in_channels=self.in_channels, out_channels=self.out_channels)
        pair(self.stride, "stride", least=1)
        _ = self.weight_shape

    @cached_property
    def kernel(self) -> Pair:
        """(kernel height, kernel width)."""
        return pair(self.kernel_size, "kernel_size", least=1)

    @cached_property
    def geometry(self) -> tuple[Pair, Pair, Pair]:
        """(stride, padding, dilation), each as (height, width)."""
        return pair(self.stride, "stride"), pair(self.padding, "padding"), (1, 1)

    @property
    def weight_shape(self) -> Shape:
        """(out_channels, out_h, out_w, in_channels, kh, kw); the first three are the shape of the bias."""
        image = (self.in_channels, *pair(self.input_size, "input_size", least=1))
        out = places(image, self.kernel, *self.geometry, self)
        return (self.out_channels, *out, self.in_channels, *self.kernel)

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """Each place's kernel, and its bias, drawn like a convolution's."""
        shape = self.weight_shape
        kernels = (prod(shape[:3]), *shape[3:])
        params = {"weight": initializer(rng, kernels).reshape(shape).astype(dtype)}
        if self.bias:
            params["bias"] = first_bias(initializer, rng, kernels, shape[:3], dtype)
        return params

    def output_shape(self, shape: Shape) -> Shape:
        """(out_channels, out_h, out_w)."""
        size = pair(self.input_size, "input_size")
        fixed = {"in_channels": self.in_channels, "H": size[0], "W": size[1]}
        expect_shape(shape, "in_channels, H, W", fixed, self)
        return self.weight_shape[:3]

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. Lay each place's kernel on its place of x, multiply cell by cell, add up.  2. Add its bias."""
        self.output_shape(x.shape[1:])
        y = np.einsum("ncijab,kijcab->nkij", self._windows(x), params["weight"])
        if self.bias:
            y += params["bias"]
        return y, {"x": x}

    def _windows(self, x: Array) -> Array:
        stride, padding, dilation = self.geometry
        return window.windows(window.pad(x, padding), self.kernel, stride, dilation)

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """The three gradients of one product-and-sum; unlike a convolution's, dW and db don't collect places.

        2'. db[k,i,j] = Σ_n dy[n,k,i,j].
        1'. dW[k,i,j,c,a,b] = Σ_n dy[n,k,i,j] · x[n, c, i·s + a - p, j·s + b - p], and dx collects
            dy[n,k,i,j] · W[k,i,j,c,a,b] from every place (i, j) that read it through some cell (a, b).
        """
        x = cache["x"]
        grads = {"weight": np.einsum("nkij,ncijab->kijcab", dy, self._windows(x))}
        if self.bias:
            grads["bias"] = dy.sum(axis=0)
        share = np.einsum("nkij,kijcab->ncijab", dy, params["weight"])
        return window.spread(share, (x.shape[2], x.shape[3]), *self.geometry), grads
