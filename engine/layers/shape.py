"""Layers that only rearrange, or not even that."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Params, Shape


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
    """y[n, (c·H + i)·W + j] = x[n, c, i, j]: all numbers of an example in one row, (N, C, H, W) -> (N, C·H·W)."""

    def output_shape(self, shape: Shape) -> Shape:
        """(C·H·W,)."""
        return (prod(shape),)

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """The same numbers, one row for each example."""
        return x.reshape(len(x), -1), {"x": x}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy in the input's shape: no number was changed, so no gradient is."""
        return dy.reshape(cache["x"].shape), {}
