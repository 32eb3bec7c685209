"""Pooling: a window becomes one number, in each channel on its own."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from functools import cached_property

import numpy as np

from engine.kernels import pooling, window
from engine.layers.conv import places
from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Pair, Params, Shape, expect_shape, pair


def _pool_geometry(layer: MaxPool2d | AvgPool2d) -> tuple[Pair, Pair, Pair]:
    """(kernel, stride, padding) as pairs, checked; the stride is the kernel's size where none is given."""
    kernel = pair(layer.kernel_size, "kernel_size", least=1)
    stride = kernel if layer.stride is None else pair(layer.stride, "stride", least=1)
    padding = pair(layer.padding, "padding")
    if padding[0] * 2 > kernel[0] or padding[1] * 2 > kernel[1]:
        raise ValueError(
            f"{type(layer).__name__}: padding={layer.padding!r} is more than half of "
            f"kernel_size={layer.kernel_size!r}, so a window could hold padding alone; "
            f"padding={min(kernel) // 2} or less works."
        )
    return kernel, stride, padding


@dataclass(frozen=True)
class AvgPool2d(Parameterless):
    """y[n,c,i,j] = Σ_{a,b} x[n, c, i·s + a - p, j·s + b - p] / m: the mean of a window of kh·kw cells.

    m is kh·kw, padding counted as zeros; with ``count_include_pad=False`` it is the number of cells that
    lie inside x. x (N, C, H, W), y (N, C, out_h, out_w) with out = ⌊(H + 2p - kh) / s⌋ + 1.
    ``ceil_mode`` rounds up: a last window reaches over the end, if it starts on x or on the padding before it, and
    its m doesn't count what lies beyond the padding.
    """

    kernel_size: int | Pair
    stride: int | Pair | None = None
    padding: int | Pair = 0
    ceil_mode: bool = False
    count_include_pad: bool = True

    def __post_init__(self) -> None:
        _pool_geometry(self)

    @cached_property
    def geometry(self) -> tuple[Pair, Pair, Pair, Pair]:
        """(kernel, stride, padding, dilation), each as (height, width)."""
        return (*_pool_geometry(self), (1, 1))

    def output_shape(self, shape: Shape) -> Shape:
        """(C, out_h, out_w). Raises ShapeError where the window has no place on the input."""
        expect_shape(shape, "C, H, W", {}, self)
        return (shape[0], *places(shape, *self.geometry, self, self.ceil_mode))

    def share(self, image: Pair, dtype: np.dtype[np.generic]) -> Array:
        """1/m for every place of the window and every cell in it: (out_h, out_w, kh, kw)."""
        kernel, stride, padding, dilation = self.geometry
        beyond = window.overhang(image, *self.geometry, self.ceil_mode)
        counted = window.pad(np.ones((1, 1, *image), dtype), padding, float(self.count_include_pad))
        cells = window.windows(window.extend(counted, beyond), kernel, stride, dilation)[0, 0]
        alike = self.count_include_pad and beyond == (0, 0)
        count = kernel[0] * kernel[1] if alike else cells.sum(axis=(2, 3), keepdims=True)
        return np.broadcast_to(np.asarray(1 / count, dtype), cells.shape)

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. share = 1/m for every cell of every window.  2. y = Σ x · share."""
        self.output_shape(x.shape[1:])
        kernel, stride, padding, dilation = self.geometry
        image = x.shape[2], x.shape[3]
        share, beyond = self.share(image, x.dtype), window.overhang(image, *self.geometry, self.ceil_mode)
        view = window.windows(window.extend(window.pad(x, padding), beyond), kernel, stride, dilation)
        return np.einsum("ncijab,ijab->ncij", view, share), {"x": x, "share": share}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """Every cell of a window gets its share of the window's gradient back.

        2'. dx[n,c,u,v] = Σ dy[n,c,i,j] · share[i,j,a,b] over the windows (i, j) that read (u, v).
        """
        _, stride, padding, dilation = self.geometry
        h, w = cache["x"].shape[2:]
        down, across = window.overhang((h, w), *self.geometry, self.ceil_mode)
        share = dy[..., None, None] * cache["share"]
        return window.spread(share, (h + down, w + across), stride, padding, dilation)[:, :, :h, :w], {}


@dataclass(frozen=True)
class MaxPool2d(Parameterless):
    """y[n,c,i,j] = max_{a,b} x[n, c, i·s + a·d - p, j·s + b·d - p]: the strongest number of each window.

    Padding counts as -∞, so it never wins. x (N, C, H, W), y (N, C, out_h, out_w) with
    out = ⌊(H + 2p - d·(kh - 1) - 1) / s⌋ + 1. ``ceil_mode`` rounds up: a last window reaches over the end, if it
    starts on x or on the padding before it.
    Zhou & Chellappa, "Computation of optical flow using a neural network", 1988.
    """

    kernel_size: int | Pair
    stride: int | Pair | None = None
    padding: int | Pair = 0
    dilation: int | Pair = 1
    _: KW_ONLY
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        _pool_geometry(self)
        pair(self.dilation, "dilation", least=1)

    @cached_property
    def geometry(self) -> tuple[Pair, Pair, Pair, Pair]:
        """(kernel, stride, padding, dilation), each as (height, width)."""
        return (*_pool_geometry(self), pair(self.dilation, "dilation", least=1))

    def output_shape(self, shape: Shape) -> Shape:
        """(C, out_h, out_w). Raises ShapeError where the window has no place on the input."""
        expect_shape(shape, "C, H, W", {}, self)
        return (shape[0], *places(shape, *self.geometry, self, self.ceil_mode))

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. switches = which of its kh·kw cells each window's maximum is (the first, when tied).  2. y = that cell."""
        self.output_shape(x.shape[1:])
        beyond = window.overhang((x.shape[2], x.shape[3]), *self.geometry, self.ceil_mode)
        y, switches = pooling.max_pool2d(window.extend(x, beyond, -np.inf), *self.geometry)
        return y, {"x": x, "switches": switches}

    def indices(self, cache: Cache) -> Array:
        """Where in its map each winner stands, u·W + v, as PyTorch's return_indices has it: for MaxUnpool2d."""
        kernel, stride, padding, dilation = self.geometry
        a, b = np.divmod(cache["switches"].astype(np.int64), kernel[1])
        i, j = np.ogrid[: a.shape[2], : a.shape[3]]
        row = i * stride[0] + a * dilation[0] - padding[0]
        column = j * stride[1] + b * dilation[1] - padding[1]
        places: Array = row * cache["x"].shape[3] + column
        return places

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """Only the winner moved the output, so only the winner gets the window's gradient.

        2'. dx[n,c,u,v] = Σ dy[n,c,i,j] over the windows (i, j) whose switch points at (u, v); 0 for the rest.
        """
        h, w = cache["x"].shape[2:]
        down, across = window.overhang((h, w), *self.geometry, self.ceil_mode)
        dx = pooling.max_pool2d_input_grad(cache["switches"], dy, (h + down, w + across), *self.geometry)
        return dx[:, :, :h, :w], {}


def one_hot_switches(switches: Array, kernel: Pair, dtype: np.dtype[np.generic]) -> Array:
    """1 for the winner of each window and 0 for its other cells: (N, C, out_h, out_w, kh, kw)."""
    cells = np.arange(kernel[0] * kernel[1])
    taken: Array = (switches[..., None] == cells).astype(dtype)
    return taken.reshape(*switches.shape, *kernel)
