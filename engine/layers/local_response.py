"""Normalising by the neighbouring channels, as AlexNet did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Params, Shape, ShapeError, expect_counts


@dataclass(frozen=True)
class LocalResponseNorm(Parameterless):
    """y_c = x_c / (k + alpha/size · Σ x_j²)^beta, the sum over the ``size`` channels j around c.

    j runs from c - ⌊size/2⌋ to c + ⌊(size - 1)/2⌋, as far as there are channels. x (N, C, …), y alike.
    The paper's α isn't divided by its n: its k=2, n=5, α=1e-4, β=0.75 is
    LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2). Raises ShapeError for an input without a channel.
    Krizhevsky, Sutskever & Hinton, "ImageNet classification with deep convolutional neural networks", 2012.
    """

    size: int
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 1.0

    def __post_init__(self) -> None:
        expect_counts("LocalResponseNorm", size=self.size)

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        if not shape:
            raise ShapeError(f"{self!r} was given an input of shape {shape}; it expects channels, as in (C, H, W).")
        return shape

    def _around(self, values: Array, before: int, after: int) -> Array:
        """For each channel the sum over itself, ``before`` channels before it and ``after`` after it."""
        total = np.zeros_like(values)
        count = values.shape[1]
        for step in range(-min(before, count - 1), min(after, count - 1) + 1):
            here = slice(max(0, -step), count - max(0, step))
            there = slice(max(0, step), count - max(0, -step))
            total[:, here] += values[:, there]
        return total

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. t_c = k + alpha/size · Σ_j x_j².  2. y_c = x_c · t_c^-beta."""
        self.output_shape(x.shape[1:])
        energy = self._around(x * x, self.size // 2, (self.size - 1) // 2)
        total = self.k + self.alpha / self.size * energy
        return x * total**-self.beta, {"x": x, "total": total}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx_j = dy_j · t_j^-beta - 2·alpha·beta/size · x_j · Σ_c dy_c · x_c · t_c^(-beta-1).

        2'. x_c itself passes with t_c^-beta, and t_c moves y_c by -beta · x_c · t_c^(-beta-1).
        1'. x_j moves t_c by 2·alpha/size · x_j for every c whose neighbourhood it is in: those for which c is
            around j the other way round, ⌊size/2⌋ after it and ⌊(size - 1)/2⌋ before it.
        """
        x, total = cache["x"], cache["total"]
        through = self._around(dy * x * total ** (-self.beta - 1), (self.size - 1) // 2, self.size // 2)
        dx: Array = dy * total**-self.beta - 2 * self.alpha * self.beta / self.size * x * through
        return dx, {}
