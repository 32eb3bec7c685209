"""The distance between two distributions over the classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.losses.base import expect_same_shape, expect_setting
from engine.types import Array, Cache


@dataclass(frozen=True)
class KLDivLoss:
    """L = (1/D) Σ_n Σ_k q[n,k] · (ln q[n,k] - log_p[n,k]): nats lost by taking p for q; 0 where they are alike.

    log_p (N, C) logarithms of shares (``log_softmax(z)``), target q (N, C) shares; 0 · ln 0 = 0.
    ``reduction="mean"`` is PyTorch's default, D = N·C; ``"batchmean"``, D = N, is the divergence itself, and only
    there does it equal CrossEntropyLoss with targets q less q's own entropy. Kullback & Leibler, 1951.
    Raises ShapeError, and ValueError for a negative q.
    """

    reduction: Literal["mean", "batchmean"] = "mean"

    def __post_init__(self) -> None:
        works = self.reduction in ("mean", "batchmean")
        expect_setting("KLDivLoss", works, f"reduction={self.reduction!r}", "'mean' or 'batchmean'")

    def forward(self, log_p: Array, target: Array) -> tuple[float, Cache]:
        """1. ln q, 0 where q is 0.  2. Σ q · (ln q - log_p) / D."""
        q = np.asarray(target, log_p.dtype)
        expect_same_shape("KLDivLoss", log_p, q)
        if q.size and q.min() < 0:
            raise ValueError(f"KLDivLoss was given targets down to {q.min()}; it expects shares of at least 0.")
        log_q = np.log(np.where(q > 0, q, 1))
        return float(np.where(q > 0, q * (log_q - log_p), 0).sum() / self._divisor(q)), {"q": q}

    def backward(self, cache: Cache) -> Array:
        """dL/d(log_p) = -q / D."""
        q = cache["q"]
        dlog_p: Array = -q / self._divisor(q)
        return dlog_p

    def _divisor(self, q: Array) -> int:
        return q.size if self.reduction == "mean" else len(q)
