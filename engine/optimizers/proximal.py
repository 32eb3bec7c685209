"""Optimizers for weights that are to be exactly 0: L1 and L2 enter the update itself instead of the gradient.

A gradient of |w| jumps from -1 to 1 around 0 and never lets a weight rest there. These solve each step's small
problem, loss in first order + l1 · |w| + l2/2 · w² + distance, in closed form, and 0 is among the answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.optimizers.base import Memory, PerArray, above_zero, at_least_zero, shrink
from engine.types import Array


@dataclass(frozen=True)
class ProximalSGD(PerArray):
    """w ← shrink(w - lr · g, lr · l1) / (1 + lr · l2), with shrink(a, b) = sign(a) · max(|a| - b, 0).

    The answer of argmin_w g·w + l1 · |w| + l2/2 · w² + (w - w_old)²/2lr. Remembers nothing. Duchi & Singer,
    "Efficient online and batch learning using forward backward splitting", 2009. Raises ValueError.
    """

    lr: float
    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        at_least_zero("ProximalSGD", lr=self.lr, l1=self.l1, l2=self.l2)

    def step(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        """1. The step of plain SGD.  2. Shrink by l1.  3. Shrink by l2."""
        return shrink(w - self.lr * g, self.lr * self.l1) / (1 + self.lr * self.l2), {}


@dataclass(frozen=True)
class ProximalAdagrad(PerArray):
    """w ← shrink(w - η · g, η · l1) / (1 + η · l2), with η = lr / √s for each weight and s ← s + g².

    s starts at ``initial_accumulator_value``, above 0 so that η stays finite. Remembers ``sum`` (s). Duchi, Hazan &
    Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011. Raises ValueError.
    """

    lr: float = 0.01
    l1: float = 0.0
    l2: float = 0.0
    initial_accumulator_value: float = 0.1

    def __post_init__(self) -> None:
        at_least_zero("ProximalAdagrad", lr=self.lr, l1=self.l1, l2=self.l2)
        above_zero("ProximalAdagrad", initial_accumulator_value=self.initial_accumulator_value)

    def step(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        """1. s, η.  2. The step of Adagrad.  3. Shrink by l1.  4. Shrink by l2."""
        s = memory.get("sum", np.full_like(w, self.initial_accumulator_value)) + g * g
        lr = self.lr / np.sqrt(s)
        return shrink(w - lr * g, lr * self.l1) / (1 + lr * self.l2), {"sum": s}


@dataclass(frozen=True)
class FTRL(PerArray):
    """w = shrink(-z, l1) / ((beta + √n) / lr + l2), with n ← n + g², z ← z + g - (√n_new - √n_old) / lr · w.

    "Follow the regularized leader": z holds all gradients so far, corrected for where they were taken, and w is
    worked out anew from it at each step: 0 for as long as |z| ≤ l1, which is a price for the whole run and not for a
    step. The paper starts with weights of 0; z starts at -w · beta / lr here, so that others begin where they are.
    With l1 = l2 = 0 it is Adagrad with eps = beta. Remembers ``z`` and ``n``. McMahan et al., "Ad click prediction: a
    view from the trenches", 2013, where lr is called α. Raises ValueError.
    """

    lr: float = 0.1
    beta: float = 1.0
    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        above_zero("FTRL", lr=self.lr, beta=self.beta)
        at_least_zero("FTRL", l1=self.l1, l2=self.l2)

    def step(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        """1. n.  2. z.  3. w from z."""
        n_old = memory.get("n", np.zeros_like(w))
        z = memory.get("z", -w * (self.beta / self.lr))
        n = n_old + g * g
        z = z + g - (np.sqrt(n) - np.sqrt(n_old)) / self.lr * w
        return shrink(-z, self.l1) / ((self.beta + np.sqrt(n)) / self.lr + self.l2), {"z": z, "n": n}
