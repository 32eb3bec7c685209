"""Losses for answers of yes or no, one for each number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

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


@dataclass(frozen=True)
class BCELoss:
    """L = -mean(w · (target · ln p + (1 - target) · ln(1 - p))), over all numbers: each a yes-or-no question.

    p and target of one shape (N, …), both from 0 to 1: what a Sigmoid layer gives, and what is true; L in nats. A
    certain and wrong answer would cost infinitely much: as in PyTorch no logarithm is below -100. ``weight`` w (the
    last axis' size) says how much each number of an answer counts. ``reduction="none"`` gives the costs in p's shape.
    To train, BCEWithLogitsLoss is safer: it loses no digits where p rounds to 0 or 1. Raises ShapeError, ValueError.
    """

    weight: Sequence[float] | None = None
    _: KW_ONLY
    reduction: Reduction = "mean"

    def __post_init__(self) -> None:
        expect_reduction("BCELoss", self.reduction)
        object.__setattr__(self, "weight", _factors("BCELoss", "weight", self.weight))

    def forward(self, p: Array, target: Array) -> tuple[Value, Cache]:
        """1. ln p, ln(1 - p), at least -100.  2. cost = -w · (target · ln p + (1 - target) · ln(1 - p)).  3. Mean."""
        target = np.asarray(target, p.dtype)
        expect_same_shape("BCELoss", p, target)
        _expect_shares("BCELoss", "an input", p)
        _expect_shares("BCELoss", "targets", target)
        with np.errstate(divide="ignore"):
            log_yes, log_no = np.maximum(np.log(p), -100), np.maximum(np.log1p(-p), -100)
        cost = 0 - _laid(self.weight, "weight", p, "BCELoss") * (target * log_yes + (1 - target) * log_no)
        return reduced(cost, self.reduction, cost.size), {"p": p, "target": target}

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dL/dp = dy · w/count · (p - target) / (p · (1 - p)): the slope σ' turned round, which a sigmoid cancels.

        2'. dcost/dp = -w · (target / p - (1 - target) / (1 - p)), over the common divisor p · (1 - p). That is at least
            1e-12, as in PyTorch, so that a certain answer has a slope too.
        """
        p, target = cache["p"], cache["target"]
        dcost = upstream("BCELoss", self.reduction, dy, p, p.size)
        slope = (p - target) / np.maximum(p * (1 - p), p.dtype.type(1e-12))
        dp: Array = _laid(self.weight, "weight", p, "BCELoss") * slope * dcost
        return dp


@dataclass(frozen=True)
class BCEWithLogitsLoss:
    """L = -mean(target · ln σ(z) + (1 - target) · ln(1 - σ(z))), over all numbers: each a yes-or-no question.

    z and target of one shape (N, …), target from 0 to 1; L in nats. ``weight`` (the last axis' size) says how much each
    number of an answer counts; ``pos_weight`` (as many) multiplies the first term alone, where yes is rare.
    ``reduction="none"`` gives the costs in z's shape. Raises ShapeError, and ValueError for a target outside 0 … 1.
    """

    weight: Sequence[float] | None = None
    _: KW_ONLY
    pos_weight: Sequence[float] | None = None
    reduction: Reduction = "mean"

    def __post_init__(self) -> None:
        expect_reduction("BCEWithLogitsLoss", self.reduction)
        for name in ("weight", "pos_weight"):
            object.__setattr__(self, name, _factors("BCEWithLogitsLoss", name, getattr(self, name)))

    def forward(self, z: Array, target: Array) -> tuple[Value, Cache]:
        """1. ln σ(z) = min(z, 0) - ln(1 + e^(-|z|)), and ln(1 - σ(z)) = ln σ(z) - z.  2. Weigh, add, average."""
        target = np.asarray(target, z.dtype)
        expect_same_shape("BCEWithLogitsLoss", z, target)
        _expect_shares("BCEWithLogitsLoss", "targets", target)
        log_yes = np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))
        cost = -(self._laid("pos_weight", z) * target * log_yes + (1 - target) * (log_yes - z))
        cost = self._laid("weight", z) * cost
        return reduced(cost, self.reduction, cost.size), {"p": sigmoid(z), "target": target}

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dL/dz = dy · (p - target) / count, where the weights are 1: σ' has gone.

        2'. dL/d(ln σ) = -w · target / count, and dL/d(ln(1 - σ)) = -(1 - target) / count.
        1'. d(ln σ)/dz = 1 - p, and d(ln(1 - σ))/dz = -p.
            Together ((1 - target) · p - w · target · (1 - p)) / count, which is (p - target) / count for w = 1.
        """
        p, target = cache["p"], cache["target"]
        dcost = upstream("BCEWithLogitsLoss", self.reduction, dy, p, p.size)
        dz: Array = ((1 - target) * p - self._laid("pos_weight", p) * target * (1 - p)) * dcost
        return self._laid("weight", p) * dz

    def _laid(self, name: str, z: Array) -> Array:
        return _laid(getattr(self, name), name, z, "BCEWithLogitsLoss")


def _factors(what: str, name: str, values: Sequence[float] | None) -> tuple[float, ...] | None:
    """A setting of one factor for each number along the last axis, as plain floats. Raises ValueError."""
    if values is None:
        return None
    factors = tuple(map(float, values))
    works = all(0 <= w < float("inf") for w in factors)
    expect_setting(what, works, f"{name}={factors}", "finite numbers of at least 0")
    return factors


def _laid(factors: Sequence[float] | None, name: str, z: Array, what: str) -> Array:
    """The factors as an array that spreads over z, 1 where there are none."""
    if factors is None:
        return np.ones(1, z.dtype)
    if z.shape[-1:] != (len(factors),):
        raise ShapeError(
            f"{what} has {len(factors)} {name}s and was given an input of shape {z.shape}; it expects as many numbers "
            f"along the last axis."
        )
    return np.asarray(factors, z.dtype)


def _expect_shares(what: str, name: str, values: Array) -> None:
    """Raise ValueError unless all of these lie between 0 and 1."""
    if values.size and not 0 <= values.min() <= values.max() <= 1:
        raise ValueError(
            f"{what} was given {name} from {values.min()} to {values.max()}; it expects 0 (no), 1 (yes), or shares "
            f"between."
        )
