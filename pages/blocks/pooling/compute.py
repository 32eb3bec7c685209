"""One pooling layer forwards and backwards on one picture, and what can be counted about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.explain import rules
from engine.kernels import window
from engine.layers import AvgPool2d, Conv2d, MaxPool2d
from engine.layers.pool_variants import LPPool2d, StochasticPool2d
from engine.trace import BackStep, Step
from engine.types import Array, Pair, Params

PoolLayer = MaxPool2d | AvgPool2d | LPPool2d | StochasticPool2d | Conv2d
StridedKernel = Literal["mean", "pick", "edge"]


@dataclass(frozen=True)
class Pooled:
    """y = layer(x) and, from dL/dy, dL/dx: the records of both passes."""

    step: Step
    back: BackStep

    @property
    def layer(self) -> PoolLayer:
        """The layer between x and y."""
        assert isinstance(self.step.layer, PoolLayer)
        return self.step.layer

    def arrays(self) -> Mapping[str, Array]:
        """x, y, dy, dx, what the layer's rules multiply with, and its weight and dweight, if it has one."""
        factors = dict(rules.factors(self.step, self.back))
        grads = {f"d{name}": array for name, array in self.back.grads.items()}
        return factors | {"x": self.step.x, "y": self.step.y, "dy": self.back.dy, "dx": self.back.dx} | grads

    @property
    def dropped(self) -> float:
        """The share of x's numbers that y has no place for: 1 - |y| / |x|; ¾ for a 2×2 window with stride 2."""
        return 1 - self.step.y.size / self.step.x.size

    @property
    def unnoticed(self) -> int:
        """How many cells of x have no gradient: nothing changes where they change a little."""
        return int((self.back.dx == 0).sum())

    @property
    def ties(self) -> int:
        """How many windows hold their largest number more than once; 0 for a layer that doesn't pick the largest."""
        if not isinstance(self.layer, MaxPool2d):
            return 0
        kernel, stride, padding, dilation = self.layer.geometry
        cells = windows_of(self.step.x, kernel, stride, padding, dilation)
        return int(((cells == self.step.y[..., None, None]).sum(axis=(4, 5)) > 1).sum())


def windows_of(x: Array, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """Every window's cells (N, C, out_h, out_w, kh, kw), padding as -∞, which is no cell's number."""
    return window.windows(window.pad(x, padding, -np.inf), kernel, stride, dilation)


def pool(
    layer: PoolLayer,
    x: Array,
    upstream: Callable[[Array], Array] = np.ones_like,
    *,
    params: Params | None = None,
    train: bool = False,
    rng: np.random.Generator | None = None,
) -> Pooled:
    """Pool x (N, C, H, W), and send dL/dy = upstream(y) back. Raises ShapeError where the window has no place."""
    weights = params or {}
    y, cache = layer.forward(weights, x, train=train, rng=rng)
    dy = upstream(y)
    dx, grads = layer.backward(weights, cache, dy)
    return Pooled(Step("pool", layer, weights, x, y, cache), BackStep("pool", dy, dx, grads))


def strided_kernel(kind: StridedKernel, size: int, channels: int) -> Array:
    """A weight (C, 1, size, size) for a strided convolution in a pooling layer's place, each channel by itself.

    "mean" is 1/size² everywhere: average pooling as a convolution. "pick" is 1 in the first cell and 0 elsewhere:
    every size-th pixel. "edge" is +1 in the left half, -1 in the right, 0 in the middle column of an odd size.
    """
    if kind == "mean":
        kernel = np.full((size, size), 1 / size**2)
    elif kind == "pick":
        kernel = np.zeros((size, size))
        kernel[0, 0] = 1
    else:
        kernel = np.tile(np.sign((size - 1) / 2 - np.arange(size)), (size, 1))
    return np.repeat(kernel[None, None], channels, axis=0)


def strided_convolution(channels: int, size: int, stride: int, padding: int = 0) -> Conv2d:
    """The convolution that stands in a pooling layer's place: its stride makes the map small."""
    return Conv2d(channels, channels, size, stride=stride, padding=padding, groups=channels, bias=False)


def each_cells_share(pooled: Pooled) -> Array | None:
    """What every cell of x is multiplied by in its window, (N, C, H, W); None where windows overlap or leave gaps.

    The chances of stochastic pooling, whether they were drawn from or averaged over, and the p-norm's shares.
    """
    layer, x = pooled.layer, pooled.step.x
    if not isinstance(layer, LPPool2d | StochasticPool2d) or layer.geometry[0] != layer.geometry[1]:
        return None
    share = layer.slope(pooled.step.cache) if isinstance(layer, LPPool2d) else layer.chances(x)
    return layer.collect(share, x)


def mean_of_draws(layer: StochasticPool2d, x: Array, draws: int, rng: np.random.Generator) -> Array:
    """The mean of ``draws`` training passes: as they grow in number it nears the expected y of testing."""
    total = np.zeros(layer.forward({}, x)[0].shape)
    for _ in range(draws):
        total += layer.forward({}, x, train=True, rng=rng)[0]
    mean: Array = total / draws
    return mean


# Moving the picture.


def moved(x: Array, right: int, down: int) -> Array:
    """x (N, C, H, W) moved by whole cells: what leaves is lost, and zeros come in."""
    height, width = x.shape[2:]
    out = np.zeros_like(x)
    rows, columns = _overlap(height, down), _overlap(width, right)
    out[:, :, rows[1], columns[1]] = x[:, :, rows[0], columns[0]]
    return out


def _overlap(size: int, by: int) -> tuple[slice, slice]:
    """Where the cells that stay come from and where they go, along one axis."""
    return slice(max(-by, 0), max(size - max(by, 0), 0)), slice(max(by, 0), max(size + min(by, 0), 0))


@dataclass(frozen=True)
class Stays:
    """How many numbers are the same before and after; ``live`` counts those alone that aren't 0 both times."""

    same: int
    total: int
    same_live: int
    live: int

    @property
    def share(self) -> float:
        """The live numbers' share that stayed."""
        return self.same_live / self.live if self.live else 1.0


def stays(before: Array, after: Array, tolerance: float = 1e-9) -> Stays:
    """Compare two arrays number by number."""
    same, live = np.abs(before - after) <= tolerance, (before != 0) | (after != 0)
    return Stays(int(same.sum()), same.size, int((same & live).sum()), int(live.sum()))
