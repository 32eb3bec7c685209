"""Momentum and a step length for each weight, together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.optimizers.base import Memory, PerArray, at_least_zero, decayed, next_count
from engine.types import Array


@dataclass(frozen=True)
class Adam(PerArray):
    """w ← w - lr · m̂ / (√v̂ + eps), with m̂ = m / (1 - β1^t) and v̂ = v / (1 - β2^t).

    m ← β1 · m + (1 - β1) · g and v ← β2 · v + (1 - β2) · g² are running means of the gradient and its square.
    Both start at 0, so after t steps they hold 1 - β^t of their full weight; dividing by it takes that out.
    g = dL/dw + weight_decay · w. Kingma & Ba, "Adam: a method for stochastic optimization", 2015.
    Where a large gradient comes seldom, v has forgotten it before the next, and steps grow long again; with ``amsgrad``
    the largest v so far stands for v, so that steps only shrink. Reddi, Kale & Kumar, "On the convergence of Adam and
    beyond", 2018. Remembers ``exp_avg`` (m), ``exp_avg_sq`` (v), ``step`` (t) and, with amsgrad, ``max_exp_avg_sq``.
    Raises ValueError for settings that can't work.
    """

    lr: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0
    amsgrad: bool = False

    def __post_init__(self) -> None:
        at_least_zero(type(self).__name__, lr=self.lr, eps=self.eps, weight_decay=self.weight_decay)
        expect_betas(type(self).__name__, self.betas)

    def step(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        """1. g.  2. m, v.  3. m̂, v̂.  4. w - lr · m̂ / (√v̂ + eps)."""
        return self._move(w, decayed(w, g, self.weight_decay), memory)

    def corrected(self, m: Array, v: Array, t: int) -> tuple[Array, Array]:
        """m̂ = m / (1 - β1^t) and v̂ = v / (1 - β2^t): the running means without the zeros from which they started."""
        beta1, beta2 = self.betas
        return m / (1 - beta1**t), v / (1 - beta2**t)

    def _move(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        beta1, beta2 = self.betas
        t = next_count(memory)
        m = beta1 * memory.get("exp_avg", np.zeros_like(w)) + (1 - beta1) * g
        v = beta2 * memory.get("exp_avg_sq", np.zeros_like(w)) + (1 - beta2) * g * g
        remembered = {"exp_avg": m, "exp_avg_sq": v, "step": t}
        if self.amsgrad:
            v = np.maximum(memory.get("max_exp_avg_sq", np.zeros_like(w)), v)
            remembered["max_exp_avg_sq"] = v
        m_hat, v_hat = self.corrected(m, v, int(t))
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps), remembered


@dataclass(frozen=True)
class AdamW(Adam):
    """w ← (1 - lr · weight_decay) · w - lr · m̂ / (√v̂ + eps): Adam whose decay doesn't pass through m and v.

    In Adam the decay is part of g, and √v̂ divides it away where gradients are large; here every weight shrinks by
    the same share. m̂ and v̂ are Adam's, of g = dL/dw. Loshchilov & Hutter, "Decoupled weight decay regularization",
    2019.
    """

    weight_decay: float = 0.01

    def step(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        """1. w shrinks.  2. - 4. As Adam without decay."""
        return self._move(w * (1 - self.lr * self.weight_decay), g, memory)


def expect_betas(what: str, betas: tuple[float, float]) -> None:
    """Raise ValueError unless these are the two shares that running means keep."""
    if len(betas) != 2 or not all(0 <= beta < 1 for beta in betas):
        raise ValueError(f"{what}: betas={betas}; two numbers in [0, 1) are expected, such as (0.9, 0.999).")
