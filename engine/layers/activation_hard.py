"""Activations of straight pieces: cheap where exp isn't, and flat, without a gradient, where they are clipped."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from engine.layers.activation import Elementwise
from engine.layers.activation_smooth import Gated
from engine.types import Array, Cache, Params


class Clipped(Elementwise):
    """y = min(max(steepness · x + middle, low), high): one straight line between two flat ends."""

    @property
    @abstractmethod
    def line(self) -> tuple[float, float]:
        """(steepness, middle) of the line between the ends."""

    @property
    @abstractmethod
    def ends(self) -> tuple[float, float]:
        """(low, high)."""

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. The line's y.  2. No less than low, no more than high."""
        steepness, middle = self.line
        return np.clip(x if self.line == (1, 0) else x * steepness + middle, *self.ends), {"x": x}

    def slope(self, cache: Cache) -> Array:
        """dy/dx = the line's steepness between the ends, 0 where y is clipped and at the corners, as in PyTorch."""
        x, (steepness, middle), (low, high) = cache["x"], self.line, self.ends
        line = x * steepness + middle
        slope: Array = ((line > low) & (line < high)).astype(x.dtype) * x.dtype.type(steepness)
        return slope

    def offset(self, cache: Cache) -> Array:
        """What y is more than slope · x: the line's middle, or the end at which it is clipped."""
        x, (steepness, middle), (low, high) = cache["x"], self.line, self.ends
        line = x * steepness + middle
        where: Array = np.where(line <= low, low, np.where(line >= high, high, middle)).astype(x.dtype)
        return where


@dataclass(frozen=True)
class Hardtanh(Clipped):
    """y = x from min_val to max_val, and the nearer of the two beyond: tanh made of straight pieces.

    Raises ValueError unless min_val < max_val.
    """

    min_val: float = -1.0
    max_val: float = 1.0

    def __post_init__(self) -> None:
        if not self.min_val < self.max_val:
            raise ValueError(
                f"Hardtanh: min_val={self.min_val!r} isn't below max_val={self.max_val!r}; expected min_val < max_val, "
                "such as -1 and 1."
            )

    @property
    def line(self) -> tuple[float, float]:
        """x itself."""
        return 1, 0

    @property
    def ends(self) -> tuple[float, float]:
        """(min_val, max_val)."""
        return self.min_val, self.max_val


@dataclass(frozen=True)
class ReLU6(Clipped):
    """y = min(max(0, x), 6): a ReLU that stays within what few bits can hold.

    Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010.
    """

    @property
    def line(self) -> tuple[float, float]:
        """x itself."""
        return 1, 0

    @property
    def ends(self) -> tuple[float, float]:
        """(0, 6)."""
        return 0, 6


@dataclass(frozen=True)
class Hardsigmoid(Clipped):
    """y = ReLU6(x + 3) / 6: a sigmoid made of straight pieces, 0 up to -3, 1 from 3 on."""

    @property
    def line(self) -> tuple[float, float]:
        """x/6 + 1/2."""
        return 1 / 6, 1 / 2

    @property
    def ends(self) -> tuple[float, float]:
        """(0, 1)."""
        return 0, 1


@dataclass(frozen=True)
class Hardswish(Gated):
    """y = x · ReLU6(x + 3) / 6: SiLU with a gate of straight pieces.

    Howard et al., "Searching for MobileNetV3", 2019.
    """

    def gate(self, x: Array) -> Array:
        """ReLU6(x + 3) / 6."""
        return Hardsigmoid().forward({}, x)[0]

    def slope(self, cache: Cache) -> Array:
        """dy/dx = gate + x · gate' by the product rule: 0, x/3 + 1/2, or 1. At the corners gate' is 0."""
        x, gate = cache["x"], cache["gate"]
        slope: Array = gate + x * Hardsigmoid().slope({"x": x})
        return slope
