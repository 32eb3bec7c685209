"""Dropout: in training, numbers go missing at random, so that none can be relied upon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.layers.chance import expect_rng
from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Params, Shape, expect_shape


def draw_mask(rng: np.random.Generator, p: float, shape: Shape, dtype: np.dtype[np.generic]) -> Array:
    """0 with probability p, else 1/(1 - p): the expected value is 1, whatever p is."""
    kept = rng.random(shape, np.float32) >= p
    return kept.astype(dtype) / dtype.type(1 - p) if p < 1 else np.zeros(shape, dtype)


def _expect_probability(layer: Dropout | Dropout2d) -> None:
    if not 0 <= layer.p <= 1:
        raise ValueError(
            f"{type(layer).__name__}: p={layer.p!r}; expected a probability from 0 (drops nothing) to 1, such as 0.5."
        )


@dataclass(frozen=True)
class Dropout(Parameterless):
    """y = x · mask in training, each mask entry on its own 0 with probability p, else 1/(1 - p); else y = x.

    "Inverted": dividing by 1 - p in training keeps the expected y equal to x, so that testing needs no factor.
    Any shape in, the same shape out. Raises ValueError in training without rng.
    Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.
    """

    p: float = 0.5

    def __post_init__(self) -> None:
        _expect_probability(self)

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        return shape

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. Draw the mask.  2. y = x · mask."""
        if not train:
            return x, {}
        mask = draw_mask(expect_rng(rng, self), self.p, x.shape, x.dtype)
        return x * mask, {"mask": mask}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """2'. dx = dy · mask: what was dropped forwards gets nothing backwards. Without a mask dx = dy."""
        return (dy * cache["mask"] if "mask" in cache else dy), {}


@dataclass(frozen=True)
class Dropout2d(Parameterless):
    """Dropout of whole channels: y[n,c,i,j] = x[n,c,i,j] · mask[n,c] in training, else y = x.

    Neighbouring cells of a feature map say much the same, so dropping single ones hides little.
    x (N, C, H, W), y alike. Raises ValueError in training without rng.
    Tompson et al., "Efficient object localization using convolutional networks", 2015.
    """

    p: float = 0.5

    def __post_init__(self) -> None:
        _expect_probability(self)

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        expect_shape(shape, "C, H, W", {}, self)
        return shape

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. Draw the mask, one entry a channel.  2. y = x · mask."""
        self.output_shape(x.shape[1:])
        if not train:
            return x, {}
        mask = draw_mask(expect_rng(rng, self), self.p, (*x.shape[:2], 1, 1), x.dtype)
        return x * mask, {"mask": mask}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """2'. dx = dy · mask. Without a mask dx = dy."""
        return (dy * cache["mask"] if "mask" in cache else dy), {}
