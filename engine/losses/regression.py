"""Losses for answers that are numbers: how each grows with the residual r = x - target, and so what an outlier can do.

All take x and target of one shape and average over all numbers; PyTorch's four have its ``reduction`` as well.
With "none", what ``forward`` gives and ``backward`` takes as dy has x's shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.losses.base import (
    Reduction,
    Value,
    expect_reduction,
    expect_same_shape,
    expect_setting,
    reduced,
    upstream,
)
from engine.types import Array, Cache


@dataclass(frozen=True, kw_only=True)
class MSELoss:
    """L = mean(r²): an outlier's pull grows with its distance. Any shape. Raises ShapeError. Gauss, 1809."""

    reduction: Reduction = "mean"

    def __post_init__(self) -> None:
        expect_reduction("MSELoss", self.reduction)

    def forward(self, x: Array, target: Array) -> tuple[Value, Cache]:
        """1. r = x - target.  2. L = mean of r²."""
        r = _residual("MSELoss", x, target)
        return reduced(r * r, self.reduction, r.size), {"r": r}

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dL/dx = dy · 2 · r / count."""
        r = cache["r"]
        dx: Array = 2 * r * upstream("MSELoss", self.reduction, dy, r, r.size)
        return dx


@dataclass(frozen=True, kw_only=True)
class L1Loss:
    """L = mean(|r|): every residual pulls alike, however far out. Any shape. Raises ShapeError. Boscovich, 1757."""

    reduction: Reduction = "mean"

    def __post_init__(self) -> None:
        expect_reduction("L1Loss", self.reduction)

    def forward(self, x: Array, target: Array) -> tuple[Value, Cache]:
        """1. r = x - target.  2. L = mean of |r|."""
        r = _residual("L1Loss", x, target)
        return reduced(np.abs(r), self.reduction, r.size), {"r": r}

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dL/dx = dy · sign(r) / count. At the corner r = 0 any slope from -1 to 1 would do; PyTorch and we take 0."""
        r = cache["r"]
        dx: Array = np.sign(r) * upstream("L1Loss", self.reduction, dy, r, r.size)
        return dx


@dataclass(frozen=True)
class HuberLoss:
    """L = mean of r²/2 where |r| ≤ delta, delta · (|r| - delta/2) beyond: a parabola that goes on as a line.

    Any shape. Raises ShapeError, and ValueError unless delta > 0. Huber, "Robust estimation of a location
    parameter", 1964.
    """

    reduction: Reduction = "mean"
    delta: float = 1.0

    def __post_init__(self) -> None:
        expect_reduction("HuberLoss", self.reduction)
        expect_setting("HuberLoss", 0 < self.delta < float("inf"), f"delta={self.delta}", "a finite number above 0")

    def forward(self, x: Array, target: Array) -> tuple[Value, Cache]:
        """1. r = x - target.  2. The parabola or the line.  3. Their mean."""
        r = _residual("HuberLoss", x, target)
        far = np.abs(r)
        cost = np.where(far <= self.delta, r * r / 2, self.delta * (far - self.delta / 2))
        return reduced(cost, self.reduction, r.size), {"r": r}

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dL/dx = dy · r / count, with r held between -delta and delta: the slopes of parabola and line."""
        r = cache["r"]
        dx: Array = np.clip(r, -self.delta, self.delta) * upstream("HuberLoss", self.reduction, dy, r, r.size)
        return dx


@dataclass(frozen=True, kw_only=True)
class SmoothL1Loss:
    """L = mean of r²/2beta where |r| < beta, |r| - beta/2 beyond: the absolute error with its corner rounded off.

    It is HuberLoss(delta=beta) / beta: far out it pulls with 1 whatever beta is, and beta = 0 is L1Loss. Any shape.
    Raises ShapeError, and ValueError unless beta ≥ 0. Girshick, "Fast R-CNN", 2015.
    """

    reduction: Reduction = "mean"
    beta: float = 1.0

    def __post_init__(self) -> None:
        expect_reduction("SmoothL1Loss", self.reduction)
        works = 0 <= self.beta < float("inf")
        expect_setting("SmoothL1Loss", works, f"beta={self.beta}", "a finite number of at least 0")

    def forward(self, x: Array, target: Array) -> tuple[Value, Cache]:
        """1. r = x - target.  2. The parabola or the line.  3. Their mean."""
        r = _residual("SmoothL1Loss", x, target)
        far = np.abs(r)
        cost = np.where(far < self.beta, r * r / (2 * self.beta or 1), far - self.beta / 2)
        return reduced(cost, self.reduction, r.size), {"r": r}

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dL/dx = dy · s / count, with s = r/beta held between -1 and 1; where beta is 0, the sign of r."""
        r = cache["r"]
        s = np.clip(r / self.beta, -1, 1) if self.beta else np.sign(r)
        dx: Array = s * upstream("SmoothL1Loss", self.reduction, dy, r, r.size)
        return dx


@dataclass(frozen=True)
class TukeyBiweightLoss:
    """L = mean of c²/6 · (1 - (1 - (r/c)²)³) where |r| ≤ c, c²/6 beyond: an outlier no longer pulls at all.

    Any shape. Not convex. With c = 4.6851 and residuals of variance 1 it is 95 % as efficient as least squares.
    Raises ShapeError, and ValueError unless c > 0. Beaton & Tukey, 1974; for networks Belagiannis et al., "Robust
    optimization for deep regression", 2015.
    """

    c: float = 4.6851

    def __post_init__(self) -> None:
        expect_setting("TukeyBiweightLoss", 0 < self.c < float("inf"), f"c={self.c}", "a finite number above 0")

    def forward(self, x: Array, target: Array) -> tuple[float, Cache]:
        """1. r = x - target.  2. u = 1 - (r/c)², 0 beyond c.  3. L = mean of c²/6 · (1 - u³)."""
        r = _residual("TukeyBiweightLoss", x, target)
        u = np.maximum(1 - (r / self.c) ** 2, 0)
        return float((self.c**2 / 6 * (1 - u**3)).mean()), {"r": r, "u": u}

    def backward(self, cache: Cache) -> Array:
        """dL/dx = r · u² / count.

        3'. dL/du = -c²/2 · u² / count.  2'. du/dr = -2r/c².  Their product is r · u² / count; beyond c u is 0.
        """
        r, u = cache["r"], cache["u"]
        dx: Array = r * u**2 / r.size
        return dx


def _residual(what: str, x: Array, target: Array) -> Array:
    target = np.asarray(target, x.dtype)
    expect_same_shape(what, x, target)
    r: Array = x - target
    return r
