"""The second half of cross-entropy: what the logarithms of shares say of the true classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

import numpy as np

from engine.losses.base import Reduction, Value, expect_reduction, expect_setting, reduced, upstream
from engine.losses.class_targets import expect_as_many, expect_class_numbers, shares_of
from engine.types import Array, Cache


@dataclass(frozen=True)
class NLLLoss:
    """L = -(1/D) Σ_n w[t_n] · x[n, t_n], with x = ln p: the negative log-likelihood of the true classes.

    x (N, C) logarithms of shares, such as ``log_softmax(z)`` or what a LogSoftmax layer gives, and target (N,) class
    numbers; or x (N, C, H, W) and target (N, H, W), one for each place. L in nats. With log-softmax before it, it is
    CrossEntropyLoss, taken apart. ``weight`` (C,), D = Σ_n w[t_n], ``ignore_index`` and ``reduction`` as there.
    Raises ShapeError and ValueError as CrossEntropyLoss does. Fisher, 1922.
    """

    weight: Sequence[float] | None = None
    _: KW_ONLY
    ignore_index: int = -100
    reduction: Reduction = "mean"

    def __post_init__(self) -> None:
        expect_reduction("NLLLoss", self.reduction)
        if self.weight is not None:
            object.__setattr__(self, "weight", tuple(map(float, self.weight)))
            works = all(0 <= w < float("inf") for w in self.weight) and sum(self.weight) > 0
            expect_setting("NLLLoss", works, f"weight={self.weight}", "finite numbers of at least 0, not all of them 0")

    def forward(self, x: Array, target: Array) -> tuple[Value, Cache]:
        """1. Take x[n, t_n].  2. cost = -w[t_n] · x[n, t_n], 0 for what is ignored.  3. Their sum / D."""
        target = np.asarray(target)
        expect_class_numbers("NLLLoss", x, target, self.ignore_index)
        expect_as_many("NLLLoss", "weight", self.weight, x)
        share, safe = shares_of(target, self.weight, self.ignore_index, x)
        taken = np.take_along_axis(x, safe[:, None], axis=1)[:, 0]
        cost = 0 - share * np.where(target == self.ignore_index, 0, taken)
        return reduced(cost, self.reduction, _total(share)), {"x": x, "share": share, "target": safe}

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dL/dx[n,k] = -dy/D · w[t_n] where k = t_n, else 0: the other classes take no part.

        3'. Each cost has dy/D.  2'. dcost/d(taken) = -w[t_n].  1'. What was taken from t_n goes back there.
        """
        share = cache["share"]
        dcost = upstream("NLLLoss", self.reduction, dy, share, _total(share))
        dx: Array = np.zeros_like(cache["x"])
        np.put_along_axis(dx, cache["target"][:, None], (0 - share * dcost)[:, None], axis=1)
        return dx


def _total(share: Array) -> float:
    """D, 1 where nothing counts."""
    return float(share.sum()) or float(share.size > 0)
