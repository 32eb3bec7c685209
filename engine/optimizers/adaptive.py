"""Optimizers that give every weight a step length of its own, from the sizes of its past gradients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.optimizers.base import Memory, PerArray, at_least_zero, below_one, decayed, next_count
from engine.types import Array


@dataclass(frozen=True)
class Adagrad(PerArray):
    """w ← w - lr_t · g / (√s + eps), with s ← s + g² and lr_t = lr / (1 + (t - 1) · lr_decay).

    s, the sum of all squares so far, only grows: a weight that has had large gradients takes small steps, and every
    weight's steps shrink for ever. g = dL/dw + weight_decay · w; s starts at ``initial_accumulator_value``.
    Duchi, Hazan & Singer, 2011, as PyTorch has it. Remembers ``sum`` (s) and ``step`` (t). Raises ValueError.
    """

    lr: float = 0.01
    lr_decay: float = 0.0
    weight_decay: float = 0.0
    initial_accumulator_value: float = 0.0
    eps: float = 1e-10

    def __post_init__(self) -> None:
        at_least_zero("Adagrad", lr=self.lr, lr_decay=self.lr_decay, weight_decay=self.weight_decay)
        at_least_zero("Adagrad", initial_accumulator_value=self.initial_accumulator_value, eps=self.eps)

    def step(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        """1. g.  2. s.  3. w - lr_t · g / (√s + eps)."""
        t = next_count(memory)
        g = decayed(w, g, self.weight_decay)
        s = memory.get("sum", np.full_like(w, self.initial_accumulator_value)) + g * g
        lr = self.lr / (1 + (int(t) - 1) * self.lr_decay)
        return w - lr * g / (np.sqrt(s) + self.eps), {"sum": s, "step": t}


@dataclass(frozen=True)
class RMSprop(PerArray):
    """w ← w - lr · g / (√v + eps), with v ← alpha · v + (1 - alpha) · g²: Adagrad that forgets.

    g = dL/dw + weight_decay · w. ``centered`` takes v less the square of the gradients' running mean m, which is
    their variance. With ``momentum`` the step is collected first: b ← momentum · b + g / (√v + eps), w ← w - lr · b.
    Tieleman & Hinton, lecture 6.5 of "Neural networks for machine learning", 2012, as PyTorch has it.
    Remembers ``square_avg`` (v), ``grad_avg`` (m) and ``momentum_buffer`` (b). Raises ValueError.
    """

    lr: float = 0.01
    alpha: float = 0.99
    eps: float = 1e-8
    weight_decay: float = 0.0
    momentum: float = 0.0
    centered: bool = False

    def __post_init__(self) -> None:
        at_least_zero("RMSprop", lr=self.lr, eps=self.eps, weight_decay=self.weight_decay, momentum=self.momentum)
        below_one("RMSprop", alpha=self.alpha)

    def step(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        """1. g.  2. v, and m where centered.  3. d = g / (√v + eps), collected in b with momentum.  4. w - lr · d."""
        g = decayed(w, g, self.weight_decay)
        v = self.alpha * memory.get("square_avg", np.zeros_like(w)) + (1 - self.alpha) * g * g
        remembered, variance = {"square_avg": v}, v
        if self.centered:
            m = self.alpha * memory.get("grad_avg", np.zeros_like(w)) + (1 - self.alpha) * g
            remembered["grad_avg"], variance = m, np.maximum(v - m * m, 0)
        d = g / (np.sqrt(variance) + self.eps)
        if self.momentum:
            d = self.momentum * memory.get("momentum_buffer", np.zeros_like(w)) + d
            remembered["momentum_buffer"] = d
        return w - self.lr * d, remembered


@dataclass(frozen=True)
class Adadelta(PerArray):
    """w ← w - lr · Δ, with Δ = g · √(u + eps) / √(v + eps): steps in the weights' own units.

    v ← rho · v + (1 - rho) · g² is the running mean square of the gradients, u ← rho · u + (1 - rho) · Δ² that of the
    steps made before this one, so no learning rate is needed: lr = 1. g = dL/dw + weight_decay · w. Zeiler, "ADADELTA:
    an adaptive learning rate method", 2012, with rho = 0.95; PyTorch's default is 0.9.
    Remembers ``square_avg`` (v) and ``acc_delta`` (u). Raises ValueError.
    """

    lr: float = 1.0
    rho: float = 0.9
    eps: float = 1e-6
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        at_least_zero("Adadelta", lr=self.lr, eps=self.eps, weight_decay=self.weight_decay)
        below_one("Adadelta", rho=self.rho)

    def step(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        """1. g.  2. v.  3. Δ from v and the u of before.  4. u.  5. w - lr · Δ."""
        g = decayed(w, g, self.weight_decay)
        u = memory.get("acc_delta", np.zeros_like(w))
        v = self.rho * memory.get("square_avg", np.zeros_like(w)) + (1 - self.rho) * g * g
        delta = np.sqrt(u + self.eps) / np.sqrt(v + self.eps) * g
        u = self.rho * u + (1 - self.rho) * delta * delta
        return w - self.lr * delta, {"square_avg": v, "acc_delta": u}
