"""First values of the weights. Each is called with a generator and a shape and draws float64 values.

Fans are counted as PyTorch counts them: a weight of shape (out, in, *kernel) reads fan_in = in · ∏kernel
numbers per output and feeds fan_out = out · ∏kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod, sqrt

import numpy as np

from engine.types import Array, Initializer, Shape


def fans(shape: Shape) -> tuple[int, int]:
    """(fan_in, fan_out) of a weight of shape (out, in, *kernel). Raises ValueError below two axes."""
    if len(shape) < 2:
        raise ValueError(f"A weight of shape {shape} has no fans; expected (out, in) or (out, in, *kernel).")
    field = prod(shape[2:])
    return shape[1] * field, shape[0] * field


@dataclass(frozen=True)
class Zeros:
    """W = 0. Every unit of a layer then computes the same and learns the same: symmetry never breaks."""

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        return np.zeros(shape)


@dataclass(frozen=True)
class Normal:
    """W ~ N(0, std²), one std for all layers, whatever their fan."""

    std: float = 0.01

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        return rng.standard_normal(shape) * self.std


@dataclass(frozen=True)
class XavierUniform:
    """W ~ U(-a, a) with a = √(6 / (fan_in + fan_out)). Glorot & Bengio, 2010."""

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        a = sqrt(6 / sum(fans(shape)))
        return rng.uniform(-a, a, shape)


@dataclass(frozen=True)
class XavierNormal:
    """W ~ N(0, 2 / (fan_in + fan_out)). Glorot & Bengio, 2010."""

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        return rng.standard_normal(shape) * sqrt(2 / sum(fans(shape)))


@dataclass(frozen=True)
class HeUniform:
    """W ~ U(-a, a) with a = √(6 / fan_in): Var(W) = 2 / fan_in makes up for ReLU's lost half. He et al., 2015."""

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        a = sqrt(6 / fans(shape)[0])
        return rng.uniform(-a, a, shape)


@dataclass(frozen=True)
class HeNormal:
    """W ~ N(0, 2 / fan_in): the variance of a ReLU layer's output equals that of its input. He et al., 2015."""

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        return rng.standard_normal(shape) * sqrt(2 / fans(shape)[0])


INITIALIZERS: dict[str, Initializer] = {
    "he_normal": HeNormal(),
    "he_uniform": HeUniform(),
    "xavier_normal": XavierNormal(),
    "xavier_uniform": XavierUniform(),
    "normal": Normal(),
    "zeros": Zeros(),
}
