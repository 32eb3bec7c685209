"""Steps whose length the gradient's sign alone decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.optimizers.base import Memory, PerArray, at_least_zero
from engine.types import Array


@dataclass(frozen=True)
class Rprop(PerArray):
    """w ← w - sign(g) · Δ, each weight with a Δ of its own: η⁺ times longer while g keeps its sign, η⁻ where it turns.

    How large g is plays no part. Δ starts at ``lr`` and stays within ``step_sizes``; ``etas`` is (η⁻, η⁺). Where the
    sign has turned, a minimum was stepped over: that step isn't made, and the next compares with nothing. It needs
    gradients of all the data at once: from batch to batch signs turn by chance. Riedmiller & Braun, "A direct adaptive
    method for faster backpropagation learning: the RPROP algorithm", 1993, as PyTorch has it.
    Remembers ``prev`` (the last g, 0 where it turned) and ``step_size`` (Δ). Raises ValueError.
    """

    lr: float = 0.01
    etas: tuple[float, float] = (0.5, 1.2)
    step_sizes: tuple[float, float] = (1e-6, 50.0)

    def __post_init__(self) -> None:
        at_least_zero("Rprop", lr=self.lr)
        if len(self.etas) != 2 or not 0 < self.etas[0] < 1 < self.etas[1] < float("inf"):
            raise ValueError(
                f"Rprop: etas={self.etas}; two factors are expected, one between 0 and 1 that shortens and one above 1 "
                f"that lengthens, such as (0.5, 1.2)."
            )
        if len(self.step_sizes) != 2 or not 0 <= self.step_sizes[0] <= self.step_sizes[1] < float("inf"):
            raise ValueError(
                f"Rprop: step_sizes={self.step_sizes}; the shortest and the longest step are expected, such as "
                f"(1e-06, 50)."
            )

    def step(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        """1. Has g turned?  2. Δ, longer or shorter.  3. g = 0 where it turned.  4. w - sign(g) · Δ."""
        turn = np.sign(g * memory.get("prev", np.zeros_like(w)))
        shorter, longer = (w.dtype.type(eta) for eta in self.etas)
        factor = np.where(turn > 0, longer, np.where(turn < 0, shorter, w.dtype.type(1)))
        delta = np.clip(memory.get("step_size", np.full_like(w, self.lr)) * factor, *self.step_sizes)
        g = np.where(turn < 0, w.dtype.type(0), g)
        return w - np.sign(g) * delta, {"prev": g, "step_size": delta}
