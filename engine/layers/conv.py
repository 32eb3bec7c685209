"""The convolution layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.initializers import HeNormal, first_bias
from engine.kernels import convolution, window
from engine.layers.padding import PADS, Pad2d, PaddingMode, Sides
from engine.types import Array, Cache, Initializer, Pair, Params, Shape, ShapeError, expect_counts, expect_shape, pair


@dataclass(frozen=True)
class Conv2d:
    """y[n,k,i,j] = b[k] + Σ_{c,a,b} W[k,c,a,b] · x[n, c, i·s + a·d - p, j·s + b·d - p], x being 0 outside.

    x (N, in_channels, H, W), weight (out_channels, in_channels/groups, kh, kw), bias (out_channels,),
    y (N, out_channels, out_h, out_w) with out = ⌊(H + 2p - d·(kh - 1) - 1) / s⌋ + 1.
    With ``groups`` the channels are cut into that many parts, and each output channel reads its own part only.
    ``padding="same"`` takes as much as keeps H and W (with stride 1), "valid" none. ``padding_mode`` says what stands
    outside x instead of 0: "reflect", "replicate" and "circular" repeat x itself, as the layers in ``padding.py`` do.

    Strictly a cross-correlation: the kernel is not flipped, as in every deep learning library.
    Raises ShapeError for an input with other channels, or smaller than the kernel.
    LeCun et al., "Backpropagation applied to handwritten zip code recognition", 1989.
    """

    in_channels: int
    out_channels: int
    kernel_size: int | Pair
    stride: int | Pair = 1
    padding: int | Pair | Literal["same", "valid"] = 0
    dilation: int | Pair = 1
    groups: int = 1
    bias: bool = True
    padding_mode: PaddingMode = "zeros"

    def __post_init__(self) -> None:
        pair(self.kernel_size, "kernel_size", least=1)
        stride = pair(self.stride, "stride", least=1)
        if self.padding_mode not in PADS:
            raise ValueError(f"Conv2d: padding_mode={self.padding_mode!r}; expected one of {', '.join(PADS)}.")
        if self.padding == "same" and stride != (1, 1):
            raise ValueError(
                f'Conv2d: padding="same" keeps height and width, which stride={self.stride!r} makes smaller; stride=1, '
                "or a padding in numbers, would work."
            )
        pair(self.dilation, "dilation", least=1)
        _ = self.sides
        expect_counts("Conv2d", in_channels=self.in_channels, out_channels=self.out_channels, groups=self.groups)
        if self.in_channels % self.groups or self.out_channels % self.groups:
            raise ValueError(
                f"Conv2d: groups={self.groups} must divide both in_channels={self.in_channels} and "
                f"out_channels={self.out_channels}; groups=1 always works."
            )
        # Passes leave a layer as it is: what they read is known from here on.
        _ = self._reading

    @cached_property
    def kernel(self) -> Pair:
        """(kernel height, kernel width)."""
        return pair(self.kernel_size, "kernel_size", least=1)

    @cached_property
    def geometry(self) -> tuple[Pair, Pair, Pair]:
        """(stride, padding, dilation), each as (height, width); the padding is that above and on the left."""
        left, _, top, _ = self.sides
        return pair(self.stride, "stride"), (top, left), pair(self.dilation, "dilation")

    @cached_property
    def sides(self) -> Sides:
        """The padding as (left, right, top, bottom). "same" has the kernel's span less one, the odd one at the end."""
        if self.padding == "same":
            down, across = (d * (k - 1) for d, k in zip(pair(self.dilation, "dilation"), self.kernel, strict=True))
            return across // 2, across - across // 2, down // 2, down - down // 2
        ph, pw = (0, 0) if self.padding == "valid" else _padding(self.padding)
        return pw, pw, ph, ph

    @cached_property
    def framing(self) -> Pad2d | None:
        """The layer that pads x before the kernel reads it, where equal zeros on opposite sides don't do."""
        left, right, top, bottom = self.sides
        even = left == right and top == bottom
        by_itself = not any(self.sides) or (self.padding_mode == "zeros" and even)
        return None if by_itself else PADS[self.padding_mode](self.sides)

    @cached_property
    def _reading(self) -> tuple[Pair, Pair, Pair]:
        """geometry, as the kernel meets it: what was framed needs no padding any more."""
        stride, padding, dilation = self.geometry
        return stride, padding if self.framing is None else (0, 0), dilation

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """weight drawn by the initializer, bias 0 or drawn by it, too."""
        shape = (self.out_channels, self.in_channels // self.groups, *self.kernel)
        params = {"weight": initializer(rng, shape).astype(dtype)}
        if self.bias:
            params["bias"] = first_bias(initializer, rng, shape, (self.out_channels,), dtype)
        return params

    def output_shape(self, shape: Shape) -> Shape:
        """(out_channels, out_h, out_w). Raises ShapeError where the kernel has no place on the input."""
        expect_shape(shape, "in_channels, H, W", {"in_channels": self.in_channels}, self)
        if self.framing is not None:
            self.framing.enlarged(shape, self, 'padding_mode="replicate" or "zeros"')
        if self.padding == "same":
            return (self.out_channels, *shape[1:])
        return (self.out_channels, *places(shape, self.kernel, *self.geometry, self))

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. Lay the kernel on every place of x, multiply cell by cell, add up.  2. Add the bias."""
        self.output_shape(x.shape[1:])
        cache = {"x": x}
        if self.framing is not None:
            x, _ = self.framing.forward({}, x)
            cache["padded"] = x
        y = convolution.conv2d(x, params["weight"], params.get("bias"), *self._reading, self.groups)
        return y, cache

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """The three gradients of one product-and-sum.

        2'. b[k] is added at every place:               db[k] = Σ_{n,i,j} dy[n,k,i,j].
        1'. y[n,k,i,j] holds W[k,c,a,b] · x[n, c, i·s + a·d - p, j·s + b·d - p].
            The weight is used at every place (i, j) and collects x · dy over all of them:
                dW[k,c,a,b] = Σ_{n,i,j} dy[n,k,i,j] · x[n, c, i·s + a·d - p, j·s + b·d - p].
            An input (u, v) was read by every output with i·s + a·d - p = u, j·s + b·d - p = v, for some
            (a, b), and gets its gradient back through that very weight:
                dx[n,c,u,v] = Σ_{k,a,b} dy[n, k, (u + p - a·d)/s, (v + p - b·d)/s] · W[k,c,a,b],
            over the (a, b) for which the divisions leave no rest and stay inside dy. With s = 1 this is
            a convolution of dy, padded by d·(kh - 1) - p, with the kernel turned by 180°.
            Where x stands outside itself, too (padding_mode), each of its numbers gets what its copies get.
        """
        dx = self.input_grad(params, cache, dy)
        if self.framing is not None:
            dx, _ = self.framing.backward({}, {"x": cache["x"]}, dx)
        return dx, self.param_grads(cache, dy)

    def input_grad(self, params: Params, cache: Cache, dy: Array) -> Array:
        """What the kernel hands back to all that it read: to x, or to the framed x."""
        read = cache.get("padded", cache["x"])
        image = read.shape[2], read.shape[3]
        return convolution.conv2d_input_grad(params["weight"], dy, image, *self._reading, self.groups)

    def param_grads(self, cache: Cache, dy: Array) -> Params:
        """dW and db alone: all that training needs of a network's first layer."""
        read = cache.get("padded", cache["x"])
        grads = {"weight": convolution.conv2d_weight_grad(read, self.kernel, dy, *self._reading, self.groups)}
        if self.bias:
            grads["bias"] = np.einsum("nkij->k", dy)
        return grads


def _padding(given: int | Pair | str) -> Pair:
    """(height, width). Raises ValueError for what is neither numbers nor one of PyTorch's words."""
    if isinstance(given, str):
        raise ValueError(f'Conv2d: padding={given!r}; expected "same", "valid", or a whole number of at least 0.')
    return pair(given, "padding")


def places(
    shape: Shape, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair, what: object, ceil_mode: bool = False
) -> Pair:
    """How many places a kernel has on an image (C, H, W), down and across; with ceil_mode rounded up.

    Raises ShapeError where it has none, with the padding that would give it one.
    """
    out = []
    for axis, size, k, s, p, d in zip(("H", "W"), shape[1:], kernel, stride, padding, dilation, strict=True):
        span, room = d * (k - 1) + 1, size + 2 * p
        fitting = window.output_size(size, k, s, p, d, ceil_mode)
        if fitting < 1:
            raise ShapeError(
                f"{what} was given an input of shape {shape}: its kernel spans {span} cells along {axis}, but "
                f"{axis} + 2·padding is only {room}. A padding of {-(-(span - size) // 2)}, an input of at least "
                f"{span - 2 * p}, or a smaller kernel or dilation would work."
            )
        out.append(fitting)
    return out[0], out[1]
