"""Functions applied to each number on its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.layers.plain import WithoutParameters
from engine.types import Array, Cache, Params, Shape


@dataclass(frozen=True)
class ReLU(WithoutParameters):
    """y = max(0, x): what is positive passes, the rest becomes 0.

    Any shape in, the same shape out. Nair & Hinton, "Rectified linear units improve restricted Boltzmann
    machines", 2010.
    """

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        return shape

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. gate = 1 where x > 0, else 0.  2. y = max(0, x), which is x · gate."""
        return np.maximum(x, 0), {"gate": x > 0}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy · gate.

        2'. dy/dx is 1 where the gate is open and 0 where it is shut.
        At x = 0 both are right from one side; PyTorch and we take 0.
        """
        return dy * cache["gate"], {}
