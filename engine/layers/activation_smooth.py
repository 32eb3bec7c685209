"""Activations that weigh x by a smooth gate of x itself: today's defaults."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from math import pi, sqrt
from typing import Literal

import numpy as np

from engine.layers.activation import Elementwise, sigmoid
from engine.layers.erf import erf
from engine.types import Array, Cache, Params


class Gated(Elementwise):
    """y = x · gate(x), with a gate that goes from 0 to 1 without a jump; ReLU's jumps."""

    @abstractmethod
    def gate(self, x: Array) -> Array:
        """What share of each x passes."""

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. gate(x).  2. y = x · gate."""
        gate = self.gate(x)
        return x * gate, {"x": x, "gate": gate}


@dataclass(frozen=True)
class SiLU(Gated):
    """y = x · σ(x), also called Swish. Its lowest point is about -0.278, at x = -1.278.

    Elfwing, Uchibe & Doya, 2017; Ramachandran, Zoph & Le, "Searching for activation functions", 2017.
    """

    def gate(self, x: Array) -> Array:
        """σ(x)."""
        return sigmoid(x)

    def slope(self, cache: Cache) -> Array:
        """dy/dx = σ + x · σ' = σ · (1 + x · (1 - σ)), by the product rule."""
        x, gate = cache["x"], cache["gate"]
        slope: Array = gate * (1 + x * (1 - gate))
        return slope


@dataclass(frozen=True)
class GELU(Gated):
    """y = x · Φ(x), Φ being the share of a standard normal distribution that lies below x.

    approximate="none": Φ(x) = (1 + erf(x/√2)) / 2.
    approximate="tanh": Φ(x) ≈ (1 + tanh(√(2/π) · (x + 0.044715·x³))) / 2, off by less than 0.0005.
    Hendrycks & Gimpel, "Gaussian error linear units", 2016.
    """

    approximate: Literal["none", "tanh"] = "none"

    def __post_init__(self) -> None:
        if self.approximate not in ("none", "tanh"):
            raise ValueError(f'GELU: approximate={self.approximate!r}; expected "none" or "tanh".')

    def gate(self, x: Array) -> Array:
        """Φ(x), exact or by way of tanh."""
        tanh = self.approximate == "tanh"
        odd = np.tanh(sqrt(2 / pi) * x * (1 + 0.044715 * x * x)) if tanh else erf(x * sqrt(1 / 2))
        share: Array = (1 + odd) / 2
        return share

    def slope(self, cache: Cache) -> Array:
        """dy/dx = Φ + x · Φ', by the product rule.

        exact: Φ' is the bell curve e^(-x²/2) / √(2π).
        tanh:  with u = √(2/π)·(x + 0.044715·x³), Φ' = (1 - tanh²u)/2 · u', and 1 - tanh² = 4·Φ·(1 - Φ).
        """
        x, gate = cache["x"], cache["gate"]
        if self.approximate == "tanh":
            steepness = 2 * gate * (1 - gate) * sqrt(2 / pi) * (1 + 3 * 0.044715 * x * x)
        else:
            steepness = np.exp(-x * x / 2) / sqrt(2 * pi)
        slope: Array = gate + x * steepness
        return slope


@dataclass(frozen=True)
class Mish(Gated):
    """y = x · tanh(softplus(x)), softplus(x) = ln(1 + e^x). Its lowest point is about -0.309, at x = -1.192.

    Misra, "Mish: a self regularized non-monotonic activation function", 2019.
    """

    def gate(self, x: Array) -> Array:
        """tanh(ln(1 + e^x))."""
        share: Array = np.tanh(np.logaddexp(0, x))
        return share

    def slope(self, cache: Cache) -> Array:
        """dy/dx = gate + x · (1 - gate²) · σ(x): tanh' = 1 - tanh², and softplus' = σ."""
        x, gate = cache["x"], cache["gate"]
        slope: Array = gate + x * (1 - gate**2) * sigmoid(x)
        return slope
