"""Layers that only rearrange, or not even that."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Params, Shape, ShapeError


@dataclass(frozen=True)
class Identity(Parameterless):
    """y = x: a layer where one is asked for and nothing is to be done. Any shape."""

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        return shape

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """x itself."""
        return x, {}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy."""
        return dy, {}


@dataclass(frozen=True)
class Flatten(Parameterless):
    """y[n, (c·H + i)·W + j] = x[n, c, i, j]: all numbers of an example in one row, (N, C, H, W) -> (N, C·H·W).

    From axis start_dim to axis end_dim, N being axis 0: Flatten(2) makes (N, C, H·W) of it.
    Raises ShapeError where there are no such axes.
    """

    start_dim: int = 1
    end_dim: int = -1

    def output_shape(self, shape: Shape) -> Shape:
        """(C·H·W,), or with the axes that stand before start_dim and behind end_dim."""
        axes = len(shape) + 1
        start, end = (dim + axes if dim < 0 else dim for dim in (self.start_dim, self.end_dim))
        if not 1 <= start <= end < axes:
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}; dims count N as 0, which stays, so they must lie from "
                f"1 to {axes - 1}, the first no further than the last. Flatten() takes all of them."
            )
        return (*shape[: start - 1], prod(shape[start - 1 : end]), *shape[end:])

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """The same numbers, one row for each example."""
        return x.reshape(len(x), *self.output_shape(x.shape[1:])), {"x": x}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy in the input's shape: no number was changed, so no gradient is."""
        return dy.reshape(cache["x"].shape), {}


def in_rows(maps: Array) -> Array:
    """Each map in one row, (N, C, H, W) as (N, C, H·W); also where there is no example, and -1 would say nothing."""
    return maps.reshape(*maps.shape[:2], prod(maps.shape[2:]))
