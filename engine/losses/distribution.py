"""The distance between two distributions over the classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.losses.base import Reduction, Value, expect_same_shape, expect_setting, reduced, upstream
from engine.types import Array, Cache


@dataclass(frozen=True, kw_only=True)
class KLDivLoss:
    """L = (1/D) Σ_n Σ_k q[n,k] · (ln q[n,k] - log_p[n,k]): nats lost by taking p for q; 0 where they are alike.

    log_p (N, C) logarithms of shares (``log_softmax(z)``), target q (N, C) shares; 0 · ln 0 = 0.
    ``reduction="mean"`` is PyTorch's default, D = N·C; ``"batchmean"``, D = N, is the divergence itself, and only
    there does it equal CrossEntropyLoss with targets q less q's own entropy; ``"sum"`` has D = 1, and ``"none"`` gives
    the terms (N, C) one by one. Kullback & Leibler, 1951.
    Raises ShapeError, and ValueError for a negative q.
    """

    reduction: Literal["mean", "batchmean", "sum", "none"] = "mean"

    def __post_init__(self) -> None:
        works = self.reduction in ("mean", "batchmean", "sum", "none")
        expect_setting("KLDivLoss", works, f"reduction={self.reduction!r}", "'mean', 'batchmean', 'sum' or 'none'")

    def forward(self, log_p: Array, target: Array) -> tuple[Value, Cache]:
        """1. ln q, 0 where q is 0.  2. Σ q · (ln q - log_p) / D.

        Where q and p both are 0 there is nothing to lose: 0 · (0 + ∞) = 0. NaN stays NaN.
        """
        q = np.asarray(target, log_p.dtype)
        expect_same_shape("KLDivLoss", log_p, q)
        if q.size and q.min() < 0:
            raise ValueError(f"KLDivLoss was given targets down to {q.min()}; it expects shares of at least 0.")
        log_q = np.log(np.where(q > 0, q, 1))
        cost = np.multiply(q, log_q - log_p, out=np.zeros_like(log_p), where=(q != 0) | (log_p > -np.inf))
        cost[np.isnan(log_p)] = np.nan
        return reduced(cost, self._plain, self._divisor(q)), {"q": q}

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dL/d(log_p) = -dy · q / D."""
        q = cache["q"]
        dlog_p: Array = -q * upstream("KLDivLoss", self._plain, dy, q, self._divisor(q))
        return dlog_p

    @property
    def _plain(self) -> Reduction:
        """A batch mean is a mean with another divisor."""
        return "mean" if self.reduction == "batchmean" else self.reduction

    def _divisor(self, q: Array) -> int:
        return len(q) if self.reduction == "batchmean" else q.size
