"""Channels laid out as pixels, and pixels as channels: a change of size without a loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Params, Shape, ShapeError, expect_counts, expect_shape


@dataclass(frozen=True)
class PixelShuffle(Parameterless):
    """y[n, c, i·r + a, j·r + b] = x[n, c·r² + a·r + b, i, j]: r·r channels become r·r pixels, r = upscale_factor.

    Behind a convolution it makes a larger picture of which every pixel has weights of its own. x (N, C·r², H, W),
    y (N, C, H·r, W·r). Raises ShapeError where the channels don't divide.
    Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel CNN", 2016.
    """

    upscale_factor: int

    def __post_init__(self) -> None:
        expect_counts("PixelShuffle", upscale_factor=self.upscale_factor)

    def output_shape(self, shape: Shape) -> Shape:
        """(C, H·r, W·r)."""
        expect_shape(shape, "C, H, W", {}, self)
        r = self.upscale_factor
        if shape[0] % (r * r):
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}; it makes {r}×{r} pixels of {r * r} channels, so their "
                f"number must be a multiple of {r * r}, such as {r * r}."
            )
        return shape[0] // (r * r), shape[1] * r, shape[2] * r

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """The same numbers, elsewhere."""
        return shuffled(x, self.upscale_factor, self.output_shape(x.shape[1:])), {"x": x}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy at the place to which each number went."""
        return unshuffled(dy, self.upscale_factor, cache["x"].shape[1:]), {}


@dataclass(frozen=True)
class PixelUnshuffle(Parameterless):
    """y[n, c·r² + a·r + b, i, j] = x[n, c, i·r + a, j·r + b]: PixelShuffle undone, r = downscale_factor.

    x (N, C, H·r, W·r), y (N, C·r², H, W): smaller maps, and nothing is lost, as it is in pooling.
    Raises ShapeError where height or width don't divide.
    """

    downscale_factor: int

    def __post_init__(self) -> None:
        expect_counts("PixelUnshuffle", downscale_factor=self.downscale_factor)

    def output_shape(self, shape: Shape) -> Shape:
        """(C·r², H, W)."""
        expect_shape(shape, "C, H, W", {}, self)
        r = self.downscale_factor
        if shape[1] % r or shape[2] % r:
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}; it takes {r}×{r} pixels each, so height and width must "
                f"be multiples of {r}."
            )
        return shape[0] * r * r, shape[1] // r, shape[2] // r

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """The same numbers, elsewhere."""
        return unshuffled(x, self.downscale_factor, self.output_shape(x.shape[1:])), {"x": x}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy at the place to which each number went."""
        return shuffled(dy, self.downscale_factor, cache["x"].shape[1:]), {}


def shuffled(x: Array, r: int, shape: Shape) -> Array:
    """(N, C, a, b, i, j) as (N, C, i, a, j, b): x (N, C·r², H, W), and (C, H·r, W·r) for ``shape``."""
    n, (c, h, w) = len(x), shape
    return x.reshape(n, c, r, r, h // r, w // r).transpose(0, 1, 4, 2, 5, 3).reshape(n, c, h, w)


def unshuffled(x: Array, r: int, shape: Shape) -> Array:
    """(N, C, i, a, j, b) as (N, C, a, b, i, j): x (N, C, H·r, W·r), and (C·r², H, W) for ``shape``."""
    n, (channels, h, w) = len(x), shape
    return x.reshape(n, channels // (r * r), h, r, w, r).transpose(0, 1, 3, 5, 2, 4).reshape(n, channels, h, w)
