"""First values of the weights. Each is called with a generator and a shape and draws float64 values.

Biases start at 0; an initializer with a method ``bias`` draws them too.

Fans are counted as PyTorch counts them: a weight of shape (out, in, *kernel) reads fan_in = in · ∏kernel
numbers per output and feeds fan_out = out · ∏kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.guard import guard
from engine.types import Array, BiasInitializer, Initializer, Shape, expect_counts

Mode = Literal["fan_in", "fan_out", "fan_avg"]


def fans(shape: Shape) -> tuple[int, int]:
    """(fan_in, fan_out) of a weight of shape (out, in, *kernel). Raises ValueError below two axes."""
    if len(shape) < 2:
        raise ValueError(f"A weight of shape {shape} has no fans; expected (out, in) or (out, in, *kernel).")
    field = prod(shape[2:])
    return shape[1] * field, shape[0] * field


def fan(shape: Shape, mode: Mode) -> float:
    """fan_in, fan_out, or their mean (fan_avg). Raises ValueError below two axes, and for another mode."""
    fan_in, fan_out = fans(shape)
    modes = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    if mode not in modes:
        raise ValueError(f"mode={mode!r}; expected one of {', '.join(modes)}.")
    return modes[mode]


def first_bias(
    initializer: Initializer, rng: np.random.Generator, weight: Shape, shape: Shape, dtype: npt.DTypeLike
) -> Array:
    """A bias beside a weight of shape ``weight``: 0, unless the initializer draws biases."""
    if isinstance(initializer, BiasInitializer):
        return initializer.bias(rng, weight, shape).astype(dtype)
    return np.zeros(shape, dtype)


@dataclass(frozen=True)
class Zeros:
    """W = 0. Every unit of a layer then computes the same and learns the same: symmetry never breaks."""

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        return np.zeros(shape)


@dataclass(frozen=True)
class Constant:
    """W = value, everywhere: as with zeros, symmetry never breaks. For biases 0.01 is sometimes taken."""

    value: float = 0.01

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        return np.full(shape, float(self.value))


@dataclass(frozen=True)
class Normal:
    """W ~ N(0, std²), one std for all layers, whatever their fan."""

    std: float = 0.01

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        return rng.standard_normal(shape) * self.std


@dataclass(frozen=True)
class Uniform:
    """W ~ U(-bound, bound), with Var(W) = bound²/3: one bound for all layers, whatever their fan."""

    bound: float = 0.01

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        return rng.uniform(-self.bound, self.bound, shape)


@dataclass(frozen=True)
class LeCunUniform:
    """W ~ U(-a, a) with a = √(3 / fan_in). LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998."""

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        a = sqrt(3 / fan(shape, "fan_in"))
        return rng.uniform(-a, a, shape)


@dataclass(frozen=True)
class LeCunNormal:
    """W ~ N(0, 1 / fan_in): Var(Σ w·x) = fan_in · Var(w) · Var(x) stays Var(x). LeCun et al., 1998."""

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        return rng.standard_normal(shape) * sqrt(1 / fan(shape, "fan_in"))


@dataclass(frozen=True)
class XavierUniform:
    """W ~ U(-a, a) with a = √(6 / (fan_in + fan_out)), or √(3 / fan) in another mode. Glorot & Bengio, 2010."""

    mode: Mode = "fan_avg"

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        a = sqrt(3 / fan(shape, self.mode))
        return rng.uniform(-a, a, shape)


@dataclass(frozen=True)
class XavierNormal:
    """W ~ N(0, 2 / (fan_in + fan_out)), or N(0, 1 / fan) in another mode. Glorot & Bengio, 2010.

    fan_in keeps the variance of what goes forward, fan_out that of the gradients going back; their mean is between.
    """

    mode: Mode = "fan_avg"

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        return rng.standard_normal(shape) * sqrt(1 / fan(shape, self.mode))


@dataclass(frozen=True)
class HeUniform:
    """W ~ U(-a, a) with a = √(6 / fan_in): Var(W) = 2 / fan_in makes up for ReLU's lost half. He et al., 2015."""

    mode: Mode = "fan_in"

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        a = sqrt(6 / fan(shape, self.mode))
        return rng.uniform(-a, a, shape)


@dataclass(frozen=True)
class HeNormal:
    """W ~ N(0, 2 / fan_in): the variance of a ReLU layer's output equals that of its input. He et al., 2015.

    With ``mode="fan_out"`` that of the gradients instead.
    """

    mode: Mode = "fan_in"

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        return rng.standard_normal(shape) * sqrt(2 / fan(shape, self.mode))


@dataclass(frozen=True)
class PyTorchDefault:
    """W ~ U(-a, a) and b ~ U(-a, a) with a = 1/√fan_in: what PyTorch's Linear and convolutions start from.

    PyTorch writes it as He's uniform draw for a leaky ReLU of slope √5, a = √(3 · 2/(1 + 5) / fan_in). So
    Var(W) = 1 / (3 · fan_in), a third of LeCun's and a sixth of He's: a signal shrinks from layer to layer, which
    batch norm makes up for. ``torch.nn.Linear.reset_parameters``, after LeCun et al., 1998.
    """

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        a = 1 / sqrt(fan(shape, "fan_in"))
        return rng.uniform(-a, a, shape)

    def bias(self, rng: np.random.Generator, weight: Shape, shape: Shape, /) -> Array:
        """As far as the weights go, by their fan."""
        a = 1 / sqrt(fan(weight, "fan_in"))
        return rng.uniform(-a, a, shape)


@dataclass(frozen=True)
class Sparse:
    """Each output unit reads ``links`` inputs, chosen at random, with weights ~ N(0, std²); the others are 0.

    A unit's input then doesn't grow with the fan. std = 1/√links keeps the variance. The fewer inputs where the fan
    is smaller. Martens, "Deep learning via Hessian-free optimization", 2010.
    """

    links: int = 10
    std: float = 0.01

    def __post_init__(self) -> None:
        expect_counts("Sparse", links=self.links)

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        fan_in = round(fan(shape, "fan_in"))
        weight = np.zeros((shape[0], fan_in))
        links = min(self.links, fan_in)
        for row in weight:
            row[rng.choice(fan_in, links, replace=False)] = rng.standard_normal(links) * self.std
        return weight.reshape(shape)


@dataclass(frozen=True)
class Orthogonal:
    """W · Wᵀ = gain² · I for W as (out, in·kernel), or Wᵀ · W where it is taller than wide: a turn, lengths kept.

    Drawn alike from all such matrices: the Q of a normal matrix's QR decomposition, its columns' signs set by R's
    diagonal. Saxe, McClelland & Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear
    neural networks", 2014.
    """

    gain: float = 1.0

    def __call__(self, rng: np.random.Generator, shape: Shape, /) -> Array:
        rows, columns = shape[0], round(fan(shape, "fan_in"))
        q, r = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))
        q = q * np.where(np.diag(r) < 0, -1, 1)
        weight: Array = self.gain * (q if rows >= columns else q.T)
        return weight.reshape(shape)


INITIALIZERS: dict[str, Initializer] = {
    "he_normal": HeNormal(),
    "he_uniform": HeUniform(),
    "xavier_normal": XavierNormal(),
    "xavier_uniform": XavierUniform(),
    "normal": Normal(),
    "zeros": Zeros(),
}
"""A few to choose the first weights of a network from."""

ALL_INITIALIZERS: dict[str, Initializer] = {
    **INITIALIZERS,
    "constant": Constant(),
    "uniform": Uniform(),
    "lecun_normal": LeCunNormal(),
    "lecun_uniform": LeCunUniform(),
    "pytorch_default": PyTorchDefault(),
    "sparse": Sparse(),
    "orthogonal": Orthogonal(),
}
"""Every initializer by name, with its default settings."""


guard(globals())
