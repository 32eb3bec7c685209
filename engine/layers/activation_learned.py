"""Leaky ReLUs whose negative slope isn't chosen by hand: learned, or drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.initializers import HeNormal
from engine.layers.activation import Elementwise, two_slopes
from engine.layers.chance import expect_rng
from engine.types import Array, Cache, Initializer, Params, Shape, ShapeError, expect_counts


@dataclass(frozen=True)
class PReLU:
    """y = x where x > 0, else w · x, with a slope w that is learned like any weight.

    weight (num_parameters,): one slope for all channels, or one for each. x (N, C, ...), y alike.
    Raises ShapeError where there are several slopes, but not as many as channels.
    He et al., "Delving deep into rectifiers", 2015.
    """

    num_parameters: int = 1
    start: float = 0.25

    def __post_init__(self) -> None:
        expect_counts("PReLU", num_parameters=self.num_parameters)

    def init(
        self,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Params:
        """Every slope is ``start``; the initializer is for weights that a sum is made with."""
        return {"weight": np.full(self.num_parameters, self.start, dtype)}

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        if self.num_parameters > 1 and (not shape or shape[0] != self.num_parameters):
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}; it has a slope for each of {self.num_parameters} "
                f"channels. num_parameters={shape[0] if shape else 1}, or 1 for a slope shared by all, would work."
            )
        return shape

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. slope = 1 where x > 0, else the channel's w.  2. y = x · slope."""
        self.output_shape(x.shape[1:])
        slope = two_slopes(x, params["weight"].reshape(-1, *(1,) * (x.ndim - 2)))
        return x * slope, {"x": x, "slope": slope}

    def below(self, x: Array) -> Array:
        """What the learned slope multiplies: x where it is negative, else 0."""
        return np.minimum(x, 0)

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy · slope, dw = Σ dy · min(0, x).

        2'. On the positive side y = x: dy/dx = 1, and w moves nothing.
            On the negative side y = w · x: dy/dx = w and dy/dw = x. The w of a channel was used for every
            number of that channel (a shared one for every number), and collects all of them.
        """
        share = dy * self.below(cache["x"])
        every = (0, *range(2, dy.ndim))
        dweight = share.sum(axis=every) if self.num_parameters > 1 else share.sum()
        return dy * cache["slope"], {"weight": np.reshape(dweight, self.num_parameters)}


@dataclass(frozen=True)
class RReLU(Elementwise):
    """y = x where x > 0, else r · x, with r drawn anew for each number in training: r ~ U(lower, upper).

    With train=False r is the mean (lower + upper) / 2 everywhere.
    Xu et al., "Empirical evaluation of rectified activations in convolutional network", 2015.
    """

    lower: float = 1 / 8
    upper: float = 1 / 3

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:
            raise ValueError(f"RReLU: lower={self.lower!r} is above upper={self.upper!r}; expected lower <= upper.")

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. Draw r.  2. slope = 1 where x > 0, else r.  3. y = x · slope."""
        r: Array | float = (self.lower + self.upper) / 2
        if train:
            r = expect_rng(rng, self).uniform(self.lower, self.upper, x.shape)
        slope = two_slopes(x, r)
        return x * slope, {"slope": slope}

    def slope(self, cache: Cache) -> Array:
        """2'. dy/dx is the slope that was drawn."""
        slope: Array = cache["slope"]
        return slope
