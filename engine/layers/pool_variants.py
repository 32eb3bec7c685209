"""Pooling by a norm, by chance, or down to a chosen size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from engine.kernels import window
from engine.layers.chance import expect_rng
from engine.layers.conv import places
from engine.layers.parameterless import Parameterless
from engine.layers.pool import one_hot_switches
from engine.layers.resample import mix
from engine.layers.shape import in_rows
from engine.types import Array, Cache, Pair, Params, Shape, expect_shape, pair


class _SlidingWindow(Parameterless):
    """A window of kh·kw cells that slides over each channel, without padding."""

    kernel_size: int | Pair
    stride: int | Pair | None
    ceil_mode: bool = False

    @cached_property
    def geometry(self) -> tuple[Pair, Pair, Pair, Pair]:
        """(kernel, stride, padding, dilation), each as (height, width)."""
        kernel = pair(self.kernel_size, "kernel_size", least=1)
        stride = kernel if self.stride is None else pair(self.stride, "stride", least=1)
        return kernel, stride, (0, 0), (1, 1)

    def output_shape(self, shape: Shape) -> Shape:
        """(C, out_h, out_w). Raises ShapeError where the window has no place on the input."""
        expect_shape(shape, "C, H, W", {}, self)
        return (shape[0], *places(shape, *self.geometry, self, self.ceil_mode))

    def windows(self, x: Array) -> Array:
        """The cells of every window, 0 beyond the end of x: (N, C, out_h, out_w, kh, kw)."""
        kernel, stride, _, dilation = self.geometry
        beyond = window.overhang((x.shape[2], x.shape[3]), *self.geometry, self.ceil_mode)
        return window.windows(window.extend(x, beyond), kernel, stride, dilation)

    def collect(self, share: Array, x: Array) -> Array:
        """What the windows send to their cells (N, C, out_h, out_w, kh, kw), added up cell by cell of x."""
        (_, stride, padding, dilation), (h, w) = self.geometry, x.shape[2:]
        down, across = window.overhang((h, w), *self.geometry, self.ceil_mode)
        return window.spread(share, (h + down, w + across), stride, padding, dilation)[:, :, :h, :w]


@dataclass(frozen=True)
class LPPool2d(_SlidingWindow):
    """y[n,c,i,j] = (Σ_{a,b} |x[n, c, i·s + a, j·s + b]|^p)^(1/p), p = norm_type: each window's p-norm.

    p = 1 adds the sizes up, p = 2 is L2 pooling, and the larger p, the nearer to the largest size.
    x (N, C, H, W), y (N, C, out_h, out_w) with out = ⌊(H - kh) / s⌋ + 1. PyTorch leaves out the bars |·|, which
    is the same for even p or x ≥ 0. ``ceil_mode`` rounds up: a last window reaches over the end, and the |x|^p of its
    m cells inside x count kh·kw/m times, so that it is no smaller than the others; as in PyTorch.
    Sermanet, Chintala & LeCun, "Convolutional neural networks applied to house numbers digit classification", 2012.
    """

    norm_type: float
    kernel_size: int | Pair
    stride: int | Pair | None = None
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        _ = self.geometry
        if not 1 <= self.norm_type < np.inf:
            raise ValueError(f"LPPool2d: norm_type={self.norm_type!r}; expected a number of at least 1, such as 2.")

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. total = Σ |x|^p.  2. y = total^(1/p)."""
        self.output_shape(x.shape[1:])
        total = (np.abs(self.windows(x)) ** self.norm_type).sum(axis=(4, 5))
        if self.ceil_mode:
            total *= self.weight(x)
        y = total ** (1 / self.norm_type)
        return y, {"x": x, "y": y}

    def weight(self, x: Array) -> Array:
        """kh·kw/m for each window, of whose cells m lie inside x: (out_h, out_w)."""
        inside = self.windows(np.ones((1, 1, *x.shape[2:]), x.dtype))[0, 0]
        weight: Array = inside[0, 0].size / inside.sum(axis=(2, 3))
        return weight

    def slope(self, cache: Cache) -> Array:
        """dy/dx for each cell of each window, (N, C, out_h, out_w, kh, kw): ±(|x| / y)^(p-1), 0 where y is 0.

        2'. dy/dtotal = total^(1/p - 1) / p = y^(1-p) / p.
        1'. dtotal/dx = p · |x|^(p-1), with the sign of x; in a last window kh·kw/m times that.
        The slopes also make y itself: Σ x · slope = Σ |x|^p / y^(p-1) = y.
        """
        x, y = self.windows(cache["x"]), cache["y"][..., None, None]
        ratio = np.divide(np.abs(x), y, out=np.zeros_like(x), where=y != 0)
        slope: Array = np.sign(x) * ratio ** (self.norm_type - 1)
        return slope * self.weight(cache["x"])[..., None, None] if self.ceil_mode else slope

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx[n,c,u,v] = Σ dy[n,c,i,j] · slope over the windows (i, j) that read (u, v)."""
        return self.collect(dy[..., None, None] * self.slope(cache), cache["x"]), {}


@dataclass(frozen=True)
class StochasticPool2d(_SlidingWindow):
    """y = one cell of each window, drawn with the chance p = x / Σ x; with train=False the expected one, Σ p · x.

    Made for what comes out of a ReLU. A negative x has the chance 0; in a window without a positive x all
    cells have the same. x (N, C, H, W), y (N, C, out_h, out_w) with out = ⌊(H - kh) / s⌋ + 1.
    Raises ValueError in training without rng.
    Zeiler & Fergus, "Stochastic pooling for regularization of deep convolutional neural networks", 2013.
    """

    kernel_size: int | Pair
    stride: int | Pair | None = None

    def __post_init__(self) -> None:
        _ = self.geometry

    def chances(self, x: Array) -> Array:
        """p of each cell in its window, (N, C, out_h, out_w, kh, kw); they add up to 1."""
        positive = np.maximum(self.windows(x), 0)
        total = positive.sum(axis=(4, 5), keepdims=True)
        alike = x.dtype.type(1 / prod(self.geometry[0]))
        return np.where(total == 0, alike, positive / np.where(total == 0, 1, total))

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. p = x / Σ x.  2. Draw a cell, or weigh them all.  3. y = that cell, or Σ p · x."""
        self.output_shape(x.shape[1:])
        chances, cells = self.chances(x), self.windows(x)
        if not train:
            y = (chances * cells).sum(axis=(4, 5))
            return y, {"x": x, "chances": chances, "slope": self.expected_slope(cells, chances, y)}
        ladder = chances.reshape(*chances.shape[:4], prod(chances.shape[4:])).cumsum(axis=-1)
        height = expect_rng(rng, self).random(ladder.shape[:4])[..., None]
        switches = (ladder / ladder[..., -1:] > height).argmax(axis=-1).astype(np.int32)
        # Where a chance isn't a number nothing can be drawn: y is what made it so.
        lost = np.isnan(ladder[..., -1])
        switches[lost] = (~np.isfinite(cells.reshape(ladder.shape)[lost])).argmax(axis=-1)
        y = np.take_along_axis(cells.reshape(ladder.shape), switches[..., None], axis=-1)[..., 0]
        return y, {"x": x, "switches": switches}

    def expected_slope(self, cells: Array, chances: Array, y: Array) -> Array:
        """dy/dx of y = Σ p · x for each cell of each window.

        y = Σ x² / Σ x over the positive cells, so by the quotient rule dy/dx = (2x - y) / Σ x for each of them, and
        0 for a negative one. In a window without a positive x, y is the mean: 1/m for each.
        """
        total = np.maximum(cells, 0).sum(axis=(4, 5), keepdims=True)
        quotient = np.where(cells <= 0, 0, (2 * cells - y[..., None, None]) / np.where(total == 0, 1, total))
        return np.where(total == 0, chances, quotient)

    def share(self, cache: Cache) -> Array:
        """What y is made with, Σ x · share: 1 for the drawn cell and 0 for the others, or p."""
        drawn = "switches" in cache
        return one_hot_switches(cache["switches"], self.geometry[0], cache["x"].dtype) if drawn else cache["chances"]

    def slope(self, cache: Cache) -> Array:
        """dy/dx for each cell of each window: of all cells the drawn one alone moved y; else the expected slope."""
        return self.share(cache) if "switches" in cache else cache["slope"]

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx[n,c,u,v] = Σ dy[n,c,i,j] · slope over the windows (i, j) that read (u, v)."""
        return self.collect(dy[..., None, None] * self.slope(cache), cache["x"]), {}


class _Adaptive(Parameterless):
    """As many windows as are asked for, whatever x's size."""

    output_size: int | Pair

    def __post_init__(self) -> None:
        pair(self.output_size, "output_size", least=1)

    def output_shape(self, shape: Shape) -> Shape:
        """(C, *output_size)."""
        expect_shape(shape, "C, H, W", {}, self)
        return (shape[0], *pair(self.output_size, "output_size"))


@dataclass(frozen=True)
class AdaptiveAvgPool2d(_Adaptive):
    """y = the means of output_size windows that together cover x, whatever its size; 1 is the global average.

    Window i of out reads rows ⌊i·H/out⌋ to ⌈(i + 1)·H/out⌉ - 1, columns alike; neighbours overlap where out
    doesn't divide H. x (N, C, H, W), y (N, C, *output_size).
    The global average: Lin, Chen & Yan, "Network in network", 2013.
    """

    output_size: int | Pair

    def shares(self, image: Pair, dtype: np.dtype[np.generic]) -> tuple[Array, Array]:
        """1/m for the m rows (columns) that each window reads, else 0: (out_h, H) and (out_w, W)."""
        out = pair(self.output_size, "output_size")
        rows, columns = (window_means(size, n).astype(dtype) for size, n in zip(image, out, strict=True))
        return rows, columns

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. share = 1/m for the cells of each window.  2. y = the mean down its rows, then along its columns."""
        self.output_shape(x.shape[1:])
        rows, columns = self.shares((x.shape[2], x.shape[3]), x.dtype)
        return mix(x, rows, columns), {"rows": rows, "columns": columns}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """2'. Every cell of a window gets its share of the window's gradient back."""
        return mix(dy, cache["rows"].T, cache["columns"].T), {}


@dataclass(frozen=True)
class AdaptiveMaxPool2d(_Adaptive):
    """y = the largest number of each of output_size windows that together cover x, whatever its size.

    The windows are AdaptiveAvgPool2d's; 1 is the global maximum. x (N, C, H, W), y (N, C, *output_size).
    """

    output_size: int | Pair

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. switches = which of the map's H·W cells each window's maximum is (the first, when tied).  2. y = that."""
        out = self.output_shape(x.shape[1:])
        switches = np.empty((len(x), *out), np.int32)
        height, width = x.shape[2:]
        for i, j in np.ndindex(*out[1:]):
            rows, columns = window_span(height, out[1], i), window_span(width, out[2], j)
            cells = x[:, :, slice(*rows), slice(*columns)]
            row, column = np.divmod(in_rows(cells).argmax(axis=2), columns[1] - columns[0])
            switches[:, :, i, j] = (rows[0] + row) * width + columns[0] + column
        flat = in_rows(switches)
        y = np.take_along_axis(in_rows(x), flat, axis=2).reshape(switches.shape)
        return y, {"x": x, "switches": switches}

    def taken(self, cache: Cache) -> Array:
        """1 for the winner of each window and 0 for the other cells of its map: (N, C, out_h, out_w, H, W)."""
        x, switches = cache["x"], cache["switches"]
        taken: Array = (switches[..., None] == np.arange(x.shape[2] * x.shape[3])).astype(x.dtype)
        return taken.reshape(*switches.shape, *x.shape[2:])

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """2'. Only the winner moved the output: it gets the window's gradient, and from each window that it won."""
        x, switches = cache["x"], cache["switches"]
        dx = in_rows(np.zeros(x.shape, dy.dtype))
        example, channel = np.ogrid[: x.shape[0], : x.shape[1]]
        place = (example[..., None], channel[..., None], in_rows(switches))
        np.add.at(dx, place, in_rows(dy))
        return dx.reshape(x.shape), {}


def window_span(size: int, windows: int, i: int) -> Pair:
    """From where to where window i of ``windows`` reads ``size`` cells: ⌊i·size/windows⌋ to ⌈(i + 1)·size/windows⌉."""
    return i * size // windows, -(-(i + 1) * size // windows)


def window_means(size: int, windows: int) -> Array:
    """Row i holds 1/m at the m cells that window i of ``windows`` reads of ``size``: (windows, size)."""
    shares = np.zeros((windows, size))
    for i in range(windows):
        start, end = window_span(size, windows, i)
        shares[i, start:end] = 1 / (end - start)
    return shares
