"""Adam that looks ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.optimizers.adam import expect_betas
from engine.optimizers.base import Memory, PerArray, at_least_zero, decayed, next_count
from engine.types import Array


@dataclass(frozen=True)
class NAdam(PerArray):
    """w ← w - lr · (μ' · m / (1 - Π') + (1 - μ) · g / (1 - Π)) / (√v̂ + eps): Adam with Nesterov's momentum.

    m and v are Adam's running means of g and g², v̂ = v / (1 - β2^t). Nesterov looks ahead along the momentum: of m the
    share that the *next* step will take of it, μ', is taken already now, and g counts on its own. The share grows with
    the steps, μ_t = β1 · (1 - ½ · 0.96^(t · momentum_decay)), from about β1/2 towards β1; Π = μ_1 · … · μ_t is what the
    zero from which m started has left of its weight, and μ', Π' are those of t + 1. g = dL/dw + weight_decay · w; with
    ``decoupled_weight_decay`` w shrinks instead, as in AdamW. Dozat, "Incorporating Nesterov momentum into Adam", 2016,
    as PyTorch has it. Remembers ``exp_avg`` (m), ``exp_avg_sq`` (v), ``mu_product`` (Π) and ``step`` (t).
    Raises ValueError.
    """

    lr: float = 2e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0
    momentum_decay: float = 4e-3
    decoupled_weight_decay: bool = False

    def __post_init__(self) -> None:
        at_least_zero("NAdam", lr=self.lr, eps=self.eps, weight_decay=self.weight_decay)
        at_least_zero("NAdam", momentum_decay=self.momentum_decay)
        expect_betas("NAdam", self.betas)

    def momentum(self, t: int) -> float:
        """μ_t = β1 · (1 - ½ · 0.96^(t · momentum_decay))."""
        return float(self.betas[0] * (1 - 0.5 * 0.96 ** (t * self.momentum_decay)))

    def step(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        """1. g, or w shrinks.  2. m, v.  3. μ and Π, now and at the next step.  4. w - lr · (…) / (√v̂ + eps)."""
        if self.decoupled_weight_decay:
            w = w * (1 - self.lr * self.weight_decay)
        else:
            g = decayed(w, g, self.weight_decay)
        beta1, beta2 = self.betas
        t = next_count(memory)
        m = beta1 * memory.get("exp_avg", np.zeros_like(w)) + (1 - beta1) * g
        v = beta2 * memory.get("exp_avg_sq", np.zeros_like(w)) + (1 - beta2) * g * g
        mu, mu_next = self.momentum(int(t)), self.momentum(int(t) + 1)
        product = float(memory.get("mu_product", 1.0)) * mu
        length = np.sqrt(v / (1 - beta2 ** int(t))) + self.eps
        ahead = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        remembered = {"exp_avg": m, "exp_avg_sq": v, "mu_product": np.asarray(product, w.dtype), "step": t}
        return w - self.lr * ahead / length, remembered
