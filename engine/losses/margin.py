"""Losses on the lead of the true class's score over the others."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

import numpy as np

from engine.losses.base import Reduction, Value, expect_classes, expect_reduction, expect_setting, reduced, upstream
from engine.losses.softmax import marked as one_hot  # expect_classes has looked at the targets
from engine.types import Array, Cache


@dataclass(frozen=True)
class MultiMarginLoss:
    """L = (1/NC) Σ_n Σ_{k≠t} max(0, z[n,k] - z[n,t] + margin)^p: the multi-class hinge, squared for p = 2.

    z (N, C) scores, target (N,) class numbers. An example whose true class leads by the margin costs nothing.
    ``mean_over_classes=False`` leaves out PyTorch's 1/C: the support vector machine as Weston & Watkins, 1999, and
    most courses write it. ``reduction="none"`` gives one cost for each example, (N,). Raises ShapeError and ValueError
    as CrossEntropyLoss does.
    """

    p: int = 1
    margin: float = 1.0
    _: KW_ONLY
    mean_over_classes: bool = True
    reduction: Reduction = "mean"

    def __post_init__(self) -> None:
        expect_setting("MultiMarginLoss", self.p in (1, 2), f"p={self.p}", "1 (hinge) or 2 (squared hinge)")
        expect_setting("MultiMarginLoss", 0 <= self.margin < float("inf"), f"margin={self.margin}", "0 or more")
        expect_reduction("MultiMarginLoss", self.reduction)

    def forward(self, z: Array, target: Array) -> tuple[Value, Cache]:
        """1. over = z[k] - z[t] + margin.  2. h = max(0, over), 0 for k = t.  3. Σ_k h^p / C.  4. Their mean."""
        target = np.asarray(target)
        expect_classes("MultiMarginLoss", z, target)
        over = z - np.take_along_axis(z, target[:, None], axis=1) + self.margin
        h = np.maximum(over, 0) * (1 - one_hot(target, z.shape[1], z.dtype))
        cost = (h**self.p).sum(axis=1) / h.dtype.type(self._classes(h))
        return reduced(cost, self.reduction, len(z)), {"h": h, "target": target}

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dL/dz[k] = dy/N · p · h[k]^(p-1) / C where h[k] > 0; dL/dz[t] = minus their sum.

        4'. dcost[n] = dy / N.  3'. dL/dh = dcost · p · h^(p-1) / C.  2'. dh/d(over) is 1 where h > 0, else 0.
        1'. over[k] grows with z[k] and shrinks with z[t], which stands in every one of them.
        """
        h, target = cache["h"], cache["target"]
        dcost = upstream("MultiMarginLoss", self.reduction, dy, h[:, 0], len(h)) / h.dtype.type(self._classes(h))
        dz: Array = (h > 0) * (self.p * h ** (self.p - 1)) * dcost.reshape(-1, 1)
        dz[np.arange(len(h)), target] = -dz.sum(axis=1)
        return dz

    def _classes(self, h: Array) -> int:
        return h.shape[1] if self.mean_over_classes else 1


@dataclass(frozen=True)
class RampLoss:
    """L = (1/N) Σ_n max(0, 1 - u_n) - max(0, s - u_n), with u = z[t] - max_{k≠t} z[k]: a hinge cut off at u = s.

    z (N, C) scores with C ≥ 2, target (N,). However wrong, an example costs at most 1 - s and, beyond s, no longer
    pulls: a mislabelled one can't bend the whole. Not convex. ``s=None`` takes -1/(C-1). Wu & Liu, "Robust
    truncated hinge loss support vector machines", 2007. Raises ShapeError and ValueError.
    """

    s: float | None = None

    def __post_init__(self) -> None:
        works = self.s is None or -float("inf") < self.s <= 0
        expect_setting("RampLoss", works, f"s={self.s}", "a finite number of at most 0, or None for -1/(C-1)")

    def forward(self, z: Array, target: Array) -> tuple[float, Cache]:
        """1. rival = the best of the other classes.  2. u = z[t] - z[rival].  3. The hinge at 1 less that at s."""
        target = np.asarray(target)
        expect_classes("RampLoss", z, target)
        expect_setting("RampLoss", z.shape[1] >= 2, f"logits of shape {z.shape}", "at least two classes")
        s = -1 / (z.shape[1] - 1) if self.s is None else self.s
        rows = np.arange(len(z))
        rival = np.where(one_hot(target, z.shape[1], bool), -np.inf, z).argmax(axis=1)
        u = z[rows, target] - z[rows, rival]
        loss = float((np.maximum(1 - u, 0) - np.maximum(s - u, 0)).mean())
        return loss, {"slope": (u < s).astype(z.dtype) - (u < 1), "rival": rival, "target": target, "z": z}

    def backward(self, cache: Cache) -> Array:
        """dL/dz[t] = -1/N and dL/dz[rival] = 1/N where s ≤ u < 1; 0 elsewhere.

        3'. d(max(0, 1 - u))/du is -1 for u < 1, so dL/du = (1[u < s] - 1[u < 1]) / N: -1/N between, else 0.
        2'. du/dz[t] = 1, du/dz[rival] = -1.
        """
        slope, rows = cache["slope"] / len(cache["slope"]), np.arange(len(cache["slope"]))
        dz: Array = np.zeros_like(cache["z"])
        dz[rows, cache["target"]] = slope
        dz[rows, cache["rival"]] = -slope
        return dz
