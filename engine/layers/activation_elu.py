"""ELU's relatives: one that keeps signals at their scale, and one whose corner is gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.layers.activation import Elementwise
from engine.types import Array, Cache, Params

SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
"""With these numbers a mean of 0 and a variance of 1 come out as they went in."""


@dataclass(frozen=True)
class SELU(Elementwise):
    """y = scale · x where x > 0, else scale · α·(e^x - 1), α = 1.6733 and scale = 1.0507.

    Behind weights drawn by ``LeCunNormal``, numbers with mean 0 and variance 1 go over into such again, layer after
    layer: normalization without a layer for it. Klambauer et al., "Self-normalizing neural networks", 2017.
    """

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """y = scale · ELU(x), with α as above."""
        y = SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0)))
        return y, {"x": x}

    def slope(self, cache: Cache) -> Array:
        """dy/dx = scale where x > 0, else scale · α·e^x."""
        x = cache["x"]
        slope: Array = SELU_SCALE * np.where(x > 0, x.dtype.type(1), SELU_ALPHA * np.exp(np.minimum(x, 0)))
        return slope


@dataclass(frozen=True)
class CELU(Elementwise):
    """y = x where x > 0, else α·(e^(x/α) - 1): negative numbers approach -α, and the slope at 0 is 1 on both sides.

    ELU has a corner at 0 unless α = 1. Raises ValueError for an α of 0.
    Barron, "Continuously differentiable exponential linear units", 2017.
    """

    alpha: float = 1.0

    def __post_init__(self) -> None:
        if not self.alpha > 0:
            raise ValueError(f"CELU: alpha={self.alpha!r}; expected a number above 0, such as 1.")

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """y = max(0, x) + α·(e^(min(0, x)/α) - 1): one of the two is 0."""
        y = np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0) / self.alpha))
        return y, {"x": x}

    def slope(self, cache: Cache) -> Array:
        """dy/dx = 1 where x > 0, else e^(x/α): α and 1/α cancel."""
        x = cache["x"]
        slope: Array = np.where(x > 0, x.dtype.type(1), np.exp(np.minimum(x, 0) / self.alpha))
        return slope
