"""Cross-entropy: the surprise at the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

import numpy as np

from engine.losses.base import Reduction, Value, expect_reduction, expect_setting, reduced, upstream
from engine.losses.class_targets import along_classes, expect_as_many, expect_class_numbers, shares_of
from engine.losses.softmax import log_softmax
from engine.losses.softmax import marked as one_hot  # expect_class_numbers has looked at the targets
from engine.types import Array, Cache, ShapeError


@dataclass(frozen=True)
class CrossEntropyLoss:
    """L = -(1/N) Σ_n ln p[n, t_n], with p = softmax(z): the surprise at the true class, averaged.

    z (N, C) logits, target (N,) class numbers; L one number in nats. A network that knows nothing has L = ln C.
    Maps of logits (N, C, H, W) with targets (N, H, W), a class for each place, are as many answers as places: n then
    counts them all. Raises ShapeError where the shapes don't fit, ValueError for a class outside 0 … C - 1.

    Six settings, and targets q of z's shape that spread over the classes, make it
    L = -(1/D) Σ_n Σ_k w[k] · q[n,k] · ln p[n,k]:

    - ``weight`` (C,): a class whose w is 2 counts twice. D = Σ_n w[t_n]; for targets of z's shape D is the number of
      answers. As in PyTorch.
    - ``ignore_index``: a target of this number is no answer that was asked for; it costs nothing, has no gradient and
      isn't counted in D. Class numbers only. Where none counts L = 0 (PyTorch's is NaN, 0/0).
    - ``label_smoothing`` ε: q = (1 - ε) · y + ε/C for y the one-hot target. Szegedy et al., 2016.
    - ``temperature`` T: p = softmax(z / T); a high one makes p softer. Hinton, Vinyals & Dean, "Distilling the
      knowledge in a neural network", 2015. Not in PyTorch.
    - ``cost`` (C, C): cost[t, k] ≥ 0 is what it costs to take t for k, 0 on the diagonal; p = softmax(z + cost[t])
      asks z[t] to lead z[k] by that much more. L is then never below the mean cost of the mistakes made. Gimpel &
      Smith, "Softmax-margin CRFs", 2010. Class numbers only. Not in PyTorch.
    - ``reduction``: "sum" has D = 1, and "none" gives each example's own cost, (N,). As in PyTorch.
    """

    weight: Sequence[float] | None = None
    _: KW_ONLY
    ignore_index: int = -100
    label_smoothing: float = 0.0
    temperature: float = 1.0
    cost: Sequence[Sequence[float]] | None = None
    reduction: Reduction = "mean"

    def __post_init__(self) -> None:
        if self.weight is not None:
            object.__setattr__(self, "weight", tuple(map(float, self.weight)))
        if self.cost is not None:
            object.__setattr__(self, "cost", tuple(tuple(map(float, row)) for row in self.cost))
        _expect_settings(self)

    def forward(self, z: Array, target: Array) -> tuple[Value, Cache]:
        """1. p = softmax(z).  2. L = mean of -ln p[n, t_n]."""
        target = np.asarray(target)
        if z.ndim > 2 or _spreads(z, target) or self != _PLAIN or (target == self.ignore_index).any():
            return self._forward_spread(z, target)
        expect_class_numbers("CrossEntropyLoss", z, target, self.ignore_index)
        log_p = log_softmax(z)
        loss = 0.0 - float(log_p[np.arange(len(z)), target].mean())
        return loss, {"p": np.exp(log_p), "target": target}

    def backward(self, cache: Cache, dy: float | Array | None = None) -> Array:
        """dL/dz[n,k] = dy · (p[n,k] - y[n,k]) / N, with y the one-hot target; dy = 1 where the loss ends the chain.

        2'. dL/dp[n,t] = -1 / (N · p[n,t]), and 0 for the other classes.
        1'. dp[t]/dz[k] = p[t] · (1[k = t] - p[k]).
            The two p[t] cancel:  dL/dz[n,k] = -(1[k = t] - p[n,k]) / N = (p[n,k] - y[n,k]) / N.
        """
        if "q" in cache:
            return self._backward_spread(cache, dy)
        p = cache["p"]
        dz: Array = (p - one_hot(cache["target"], p.shape[1], p.dtype)) / p.dtype.type(len(p))
        return dz if dy is None else dz * upstream("CrossEntropyLoss", "sum", dy, p[:, 0], 1)

    def _forward_spread(self, z: Array, target: Array) -> tuple[Value, Cache]:
        """1. q, the targets times w.  2. p = softmax(z / T + cost[t]).  3. -Σ_k q · ln p.  4. Their sum / D."""
        self._expect_fit(z, target)
        classes, counts = z.shape[1], target != self.ignore_index
        spread, safe = _spreads(z, target), np.where(counts, target, 0)
        y = target.astype(z.dtype) if spread else one_hot(safe, classes, z.dtype)
        q = ((1 - self.label_smoothing) * y + self.label_smoothing / classes) * along_classes(self.weight, z)
        if not spread:
            q *= counts[:, None]
        scores = z / self.temperature
        if self.cost is not None:
            scores = scores + np.moveaxis(np.asarray(self.cost, z.dtype)[safe], -1, 1)
        log_p = log_softmax(scores)
        # A class that isn't asked for may have no chance at all: 0 · ln 0 = 0.
        asked = (y != 0) | (log_p > -np.inf) | np.isnan(log_p) if not self.label_smoothing else True
        surprise = 0 - np.multiply(q, log_p, out=np.zeros_like(log_p), where=asked).sum(axis=1)
        if not spread:
            surprise[~counts] = 0
        return reduced(surprise, self.reduction, self._divisor(z, target)), {
            "p": np.exp(log_p),
            "q": q,
            "target": target,
        }

    def _backward_spread(self, cache: Cache, dy: float | Array | None) -> Array:
        """dL/dz[n,k] = dy/D · (p[n,k] · Σ_j q[n,j] - q[n,k]) / T.

        3'. d(surprise)/d(ln p[n,j]) = -q[n,j], and 4'. each surprise has dy/D.
        2'. d(ln p[j])/dz[k] = (1[k = j] - p[k]) / T; the cost is a constant.
            Σ_j -q[j] · (1[k = j] - p[k]) = p[k] · Σ_j q[j] - q[k].
        """
        p, q = cache["p"], cache["q"]
        dcost = upstream("CrossEntropyLoss", self.reduction, dy, p[:, 0], self._divisor(p, cache["target"]))
        each = dcost[:, None] if dcost.ndim else dcost
        dz: Array = (p * q.sum(axis=1, keepdims=True) - q) * each / self.temperature
        return dz

    def _divisor(self, z: Array, target: Array) -> float:
        """D: the weight of the targets, 1 where all of it is 0; how many they are if they spread over the classes."""
        if _spreads(z, target):
            return float(z.size / z.shape[1])
        return float(shares_of(target, self.weight, self.ignore_index, z)[0].sum()) or float(len(z) > 0)

    def _expect_fit(self, z: Array, target: Array) -> None:
        """Raise where target or settings don't fit z."""
        if not _spreads(z, target):
            expect_class_numbers("CrossEntropyLoss", z, target, self.ignore_index)
        elif z.shape != target.shape:
            raise ShapeError(
                f"CrossEntropyLoss was given logits of shape {z.shape} and targets of shape {target.shape}; targets "
                f"that spread over the classes are expected to have the logits' shape, (N, C) or (N, C, H, W)."
            )
        elif self.cost is not None:
            raise ValueError(
                "CrossEntropyLoss with a cost matrix was given targets that spread over the classes; a cost is that of "
                "taking one class for another, so it expects class numbers (N,), or (N, H, W) for maps."
            )
        expect_as_many("CrossEntropyLoss", "weight", self.weight, z)
        expect_as_many("CrossEntropyLoss", "cost", self.cost, z)


def _spreads(z: Array, target: Array) -> bool:
    """Whether a target says how much of each class is right, and not which one."""
    return target.ndim == z.ndim > 1


def _expect_settings(loss: CrossEntropyLoss) -> None:
    what, finite = "CrossEntropyLoss", float("inf")
    expect_reduction(what, loss.reduction)
    expect_setting(
        what, 0 <= loss.label_smoothing <= 1, f"label_smoothing={loss.label_smoothing}", "a number from 0 to 1"
    )
    expect_setting(what, 0 < loss.temperature < finite, f"temperature={loss.temperature}", "a finite number above 0")
    if loss.weight is not None:
        works = all(0 <= w < finite for w in loss.weight) and sum(loss.weight) > 0
        expect_setting(
            what, works, f"weight={loss.weight}", "finite numbers of at least 0, one a class, not all of them 0"
        )
    if loss.cost is not None:
        square = all(len(row) == len(loss.cost) for row in loss.cost)
        works = square and all(
            0 <= c < finite and (j != k or c == 0) for j, row in enumerate(loss.cost) for k, c in enumerate(row)
        )
        expect_setting(
            what, works, f"cost={loss.cost}", "C rows of C finite numbers of at least 0, and 0 on the diagonal"
        )


_PLAIN = CrossEntropyLoss()
