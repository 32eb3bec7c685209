"""Losses for answers of yes or no, one for each number."""

from __future__ import annotations

from collections.abc import Sequence
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
from engine.types import Array, Cache, ShapeError


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^(-z)) for each number; any shape. Only e^(-|z|) is taken, which is never above 1."""
    e = np.exp(-np.abs(z))
    p: Array = np.where(z >= 0, 1, e) / (1 + e)
    return p


@dataclass(frozen=True)
class SigmoidQuadraticLoss:
    """L = 1/(2N) Σ_n Σ_k (σ(z[n,k]) - target[n,k])²: the quadratic cost of sigmoid outputs.

    z and target (N, …). Its gradient carries σ'(z), so a unit that is badly wrong, and far out on the sigmoid,
    hardly learns: compare BCEWithLogitsLoss. Rumelhart, Hinton & Williams, 1986. Raises ShapeError.
    """

    def forward(self, z: Array, target: Array) -> tuple[float, Cache]:
        """1. p = σ(z).  2. e = p - target.  3. L = Σ e² / 2N."""
        target = np.asarray(target, z.dtype)
        expect_same_shape("SigmoidQuadraticLoss", z, target)
        p = sigmoid(z)
        return float(((p - target) ** 2).sum() / (2 * len(z))), {"p": p, "target": target}

    def backward(self, cache: Cache) -> Array:
        """dL/dz = (p - target) · p · (1 - p) / N.

        3'. dL/de = e / N.  2'. dL/dp is the same.  1'. σ'(z) = p · (1 - p).
        """
        p = cache["p"]
        dz: Array = (p - cache["target"]) * p * (1 - p) / len(p)
        return dz


@dataclass(frozen=True, kw_only=True)
class BCEWithLogitsLoss:
    """L = -mean(target · ln σ(z) + (1 - target) · ln(1 - σ(z))), over all numbers: each a yes-or-no question.

    z and target of one shape (N, …), target from 0 to 1; L in nats. ``pos_weight`` (the last axis' size) multiplies
    the first term, where yes is rare. ``reduction="none"`` gives the costs in z's shape. Raises ShapeError, and
    ValueError for a target outside 0 … 1.
    """

    pos_weight: Sequence[float] | None = None
    reduction: Reduction = "mean"

    def __post_init__(self) -> None:
        expect_reduction("BCEWithLogitsLoss", self.reduction)
        if self.pos_weight is not None:
            object.__setattr__(self, "pos_weight", tuple(map(float, self.pos_weight)))
            works = all(0 <= w < float("inf") for w in self.pos_weight)
            expect_setting("BCEWithLogitsLoss", works, f"pos_weight={self.pos_weight}", "finite numbers of at least 0")

    def forward(self, z: Array, target: Array) -> tuple[Value, Cache]:
        """1. ln σ(z) = min(z, 0) - ln(1 + e^(-|z|)), and ln(1 - σ(z)) = ln σ(z) - z.  2. Weigh, add, average."""
        target = np.asarray(target, z.dtype)
        expect_same_shape("BCEWithLogitsLoss", z, target)
        if target.size and not 0 <= target.min() <= target.max() <= 1:
            raise ValueError(
                f"BCEWithLogitsLoss was given targets from {target.min()} to {target.max()}; it expects 0 (no), "
                f"1 (yes), or shares between."
            )
        log_yes = np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))
        cost = -(self._positive(z) * target * log_yes + (1 - target) * (log_yes - z))
        return reduced(cost, self.reduction, cost.size), {"p": sigmoid(z), "target": target}

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dL/dz = dy · (p - target) / count, where pos_weight is 1: σ' has gone.

        2'. dL/d(ln σ) = -w · target / count, and dL/d(ln(1 - σ)) = -(1 - target) / count.
        1'. d(ln σ)/dz = 1 - p, and d(ln(1 - σ))/dz = -p.
            Together ((1 - target) · p - w · target · (1 - p)) / count, which is (p - target) / count for w = 1.
        """
        p, target = cache["p"], cache["target"]
        dcost = upstream("BCEWithLogitsLoss", self.reduction, dy, p, p.size)
        dz: Array = ((1 - target) * p - self._positive(p) * target * (1 - p)) * dcost
        return dz

    def _positive(self, z: Array) -> Array:
        """pos_weight as an array that spreads over z."""
        if self.pos_weight is None:
            return np.ones(1, z.dtype)
        if z.shape[-1:] != (len(self.pos_weight),):
            raise ShapeError(
                f"BCEWithLogitsLoss has {len(self.pos_weight)} pos_weights and was given an input of shape {z.shape}; "
                f"it expects as many numbers along the last axis."
            )
        return np.asarray(self.pos_weight, z.dtype)
