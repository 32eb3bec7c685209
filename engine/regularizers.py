"""Prices and limits on the size of weights, to be paid beside the loss.

They concern what has two axes or more: weights. Biases, and the scales of normalisation, aren't what overfits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.guard import guard
from engine.optimizers import Optimizer, State
from engine.optimizers.base import fitting
from engine.types import Array, Params


class Regularizer(Protocol):
    """A price on weights: ``loss + penalty(params)`` is what training lowers, ``project`` what it may not leave."""

    def penalty(self, params: Params) -> float:
        """R(w), one number."""
        ...

    def gradient(self, params: Params) -> Params:
        """dR/dw for each weight, to be added to the loss's gradient. Biases aren't in it."""
        ...

    def project(self, params: Params) -> Params:
        """The nearest allowed params; the very same arrays where they are allowed."""
        ...


def _weights(params: Params) -> Iterator[tuple[str, Array]]:
    """The arrays that regularization concerns."""
    return ((name, w) for name, w in params.items() if w.ndim >= 2)


@dataclass(frozen=True)
class L2:
    """R = strength/2 · Σ w²: large weights pay most, and none reaches 0. Gradient strength · w.

    With plain SGD the same as ``weight_decay=strength``. Hoerl & Kennard, "Ridge regression", 1970.
    """

    strength: float

    def __post_init__(self) -> None:
        _at_least_zero("L2", strength=self.strength)

    def penalty(self, params: Params) -> float:
        """strength/2 · Σ w²."""
        return sum(self.strength / 2 * float((w * w).sum()) for _, w in _weights(params))

    def gradient(self, params: Params) -> Params:
        """strength · w."""
        return {name: self.strength * w for name, w in _weights(params)}

    def project(self, params: Params) -> Params:
        """All weights are allowed."""
        return params


@dataclass(frozen=True)
class L1:
    """R = strength · Σ |w|: every weight pulls towards 0 alike, and the small ones get there. Gradient ±strength.

    At 0 any slope from -strength to strength would do; PyTorch and we take 0. For weights that are exactly 0 see
    ProximalSGD. Tibshirani, "Regression shrinkage and selection via the lasso", 1996.
    """

    strength: float

    def __post_init__(self) -> None:
        _at_least_zero("L1", strength=self.strength)

    def penalty(self, params: Params) -> float:
        """strength · Σ |w|."""
        return sum(self.strength * float(np.abs(w).sum()) for _, w in _weights(params))

    def gradient(self, params: Params) -> Params:
        """strength · sign(w)."""
        return {name: self.strength * np.sign(w) for name, w in _weights(params)}

    def project(self, params: Params) -> Params:
        """All weights are allowed."""
        return params


@dataclass(frozen=True)
class ElasticNet:
    """R = Σ l1 · |w| + l2/2 · w²: L1 and L2 together. Zou & Hastie, "Regularization via the elastic net", 2005."""

    l1: float
    l2: float

    def __post_init__(self) -> None:
        _at_least_zero("ElasticNet", l1=self.l1, l2=self.l2)

    def penalty(self, params: Params) -> float:
        """The sum of both."""
        return L1(self.l1).penalty(params) + L2(self.l2).penalty(params)

    def gradient(self, params: Params) -> Params:
        """l1 · sign(w) + l2 · w."""
        return {name: self.l1 * np.sign(w) + self.l2 * w for name, w in _weights(params)}

    def project(self, params: Params) -> Params:
        """All weights are allowed."""
        return params


@dataclass(frozen=True)
class MaxNorm:
    """|w_k|₂ ≤ c for the weights w_k into each unit or filter k: no price, but a limit. c is usually 3 or 4.

    Weights can't run away, however large the learning rate. Srebro & Shraibman, 2005; with dropout Srivastava et al.,
    2014.
    """

    c: float = 3.0

    def __post_init__(self) -> None:
        if not 0 < self.c < float("inf"):
            raise ValueError(f"MaxNorm: c={self.c}; expected a finite number above 0, such as c=3.")

    def penalty(self, params: Params) -> float:
        """0."""
        return 0.0

    def gradient(self, params: Params) -> Params:
        """None: nothing pulls inside the limit."""
        return {}

    def project(self, params: Params) -> Params:
        """w_k · min(1, c / |w_k|): a unit beyond the limit keeps its direction and gets length c."""
        projected = dict(params)
        for name, w in _weights(params):
            lengths = np.sqrt((w * w).sum(axis=tuple(range(1, w.ndim)), keepdims=True))
            if lengths.size and not lengths.max() <= self.c:
                projected[name] = w * np.minimum(1, self.c / np.maximum(lengths, self.c))
        return projected


@dataclass(frozen=True)
class Regularized:
    """An optimizer under a regularizer: its gradient is added before the update, its limit kept after it.

    What has no gradient of its own (frozen weights, running means) is left alone. The loss that training reports
    stays the loss itself; ``regularizer.penalty(params)`` is the rest.
    """

    optimizer: Optimizer
    regularizer: Regularizer

    @property
    def lr(self) -> float:
        """The optimizer's learning rate."""
        return self.optimizer.lr

    def update(self, params: Params, grads: Params, state: State | None = None) -> tuple[Params, State]:
        """1. grads + dR/dw.  2. The optimizer's update.  3. Project."""
        grads = fitting(type(self.optimizer).__name__, params, grads)
        extra = self.regularizer.gradient({name: params[name] for name in grads if name in params})
        grads = {name: g + extra[name] if name in extra else g for name, g in grads.items()}
        params, state = self.optimizer.update(params, grads, state)
        return params | self.regularizer.project({name: params[name] for name in grads}), state


def _at_least_zero(what: str, **settings: float) -> None:
    for name, value in settings.items():
        if not 0 <= value < float("inf"):
            raise ValueError(f"{what}: {name}={value}; expected a finite number of at least 0, such as {name}=1e-4.")


guard(globals())
