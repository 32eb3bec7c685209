"""Functions applied to each number on its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from engine.kernels import elementwise
from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Params, Shape


@dataclass(frozen=True)
class ReLU(Parameterless):
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
        return elementwise.relu(x) if x.ndim == 4 else np.maximum(x, 0), {"gate": x > 0}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy · gate.

        2'. dy/dx is 1 where the gate is open and 0 where it is shut.
        At x = 0 both are right from one side; PyTorch and we take 0.
        """
        return dy * cache["gate"], {}


class Elementwise(Parameterless, ABC):
    """y = f(x) for each number on its own: any shape in, the same shape out."""

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        return shape

    @abstractmethod
    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """y = f(x), and what ``slope`` needs."""

    @abstractmethod
    def slope(self, cache: Cache) -> Array:
        """dy/dx at each number, in the input's shape."""

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy · f'(x): number by number, the upstream gradient times ``slope``."""
        return dy * self.slope(cache), {}


@dataclass(frozen=True)
class LeakyReLU(Elementwise):
    """y = x where x > 0, else negative_slope · x: what is negative is weakened, not stopped.

    Maas, Hannun & Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.
    """

    negative_slope: float = 0.01

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. slope = 1 where x > 0, else negative_slope.  2. y = x · slope."""
        slope = two_slopes(x, self.negative_slope)
        return x * slope, {"slope": slope}

    def slope(self, cache: Cache) -> Array:
        """2'. dy/dx is the slope of the side on which x lies; at x = 0 the negative side's, as in PyTorch."""
        slope: Array = cache["slope"]
        return slope


@dataclass(frozen=True)
class Sigmoid(Elementwise):
    """y = σ(x) = 1 / (1 + e^-x), from 0 to 1; σ(0) = 1/2.

    Saturates: σ'(0) = 1/4 is the steepest, σ'(±10) is about 0.00005.
    """

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """y = σ(x)."""
        y = sigmoid(x)
        return y, {"y": y}

    def slope(self, cache: Cache) -> Array:
        """σ' = σ · (1 - σ).

        With e = e^-x: dy/dx = e / (1 + e)², which is 1/(1 + e) times e/(1 + e) = 1 - 1/(1 + e).
        """
        slope: Array = cache["y"] * (1 - cache["y"])
        return slope


@dataclass(frozen=True)
class Tanh(Elementwise):
    """y = tanh(x) = 2·σ(2x) - 1, from -1 to 1 and zero-centred; tanh'(0) = 1."""

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """y = tanh(x)."""
        y = np.tanh(x)
        return y, {"y": y}

    def slope(self, cache: Cache) -> Array:
        """tanh' = 1 - tanh², from the quotient rule on sinh / cosh and cosh² - sinh² = 1."""
        slope: Array = 1 - cache["y"] ** 2
        return slope


@dataclass(frozen=True)
class Softsign(Elementwise):
    """y = x / (1 + |x|), from -1 to 1: like tanh, but its ends are approached as slowly as 1/|x| falls.

    Bergstra et al., "Quadratic polynomials learn better image features", 2009.
    """

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """y = x / (1 + |x|)."""
        y = x / (1 + np.abs(x))
        return y, {"x": x}

    def slope(self, cache: Cache) -> Array:
        """dy/dx = 1 / (1 + |x|)², by the quotient rule: for x > 0, ((1 + x) - x) / (1 + x)²."""
        slope: Array = 1 / (1 + np.abs(cache["x"])) ** 2
        return slope


@dataclass(frozen=True)
class Softplus(Elementwise):
    """y = log(1 + e^(β·x)) / β: a ReLU with a round corner, the sharper the larger β is.

    Computed so that nothing overflows; PyTorch's ``threshold``, which serves the same end, isn't needed.
    Dugas et al., "Incorporating second-order functional knowledge for better option pricing", 2000.
    """

    beta: float = 1.0

    def __post_init__(self) -> None:
        if not self.beta > 0:
            raise ValueError(f"Softplus: beta={self.beta!r}; expected a number above 0, such as 1.")

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """y = log(e^0 + e^(β·x)) / β."""
        y: Array = np.logaddexp(0, self.beta * x) / self.beta
        return y, {"x": x}

    def slope(self, cache: Cache) -> Array:
        """dy/dx = e^(βx) / (1 + e^(βx)) = σ(β·x): softplus is what sigmoid is the derivative of."""
        return sigmoid(self.beta * cache["x"])


@dataclass(frozen=True)
class ELU(Elementwise):
    """y = x where x > 0, else α·(e^x - 1): negative numbers approach -α.

    Clevert, Unterthiner & Hochreiter, "Fast and accurate deep network learning by exponential linear units", 2015.
    """

    alpha: float = 1.0

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """y = max(0, x) + α·(e^min(0, x) - 1): one of the two is 0."""
        y = np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))
        return y, {"x": x}

    def slope(self, cache: Cache) -> Array:
        """dy/dx = 1 where x > 0, else α·e^x, which is y + α."""
        x = cache["x"]
        slope: Array = np.where(x > 0, x.dtype.type(1), self.alpha * np.exp(np.minimum(x, 0)))
        return slope


def sigmoid(x: Array) -> Array:
    """σ(x), from e = e^-|x| ≤ 1, which can't overflow: 1 / (1 + e) where x ≥ 0, else e / (1 + e)."""
    e = np.exp(-np.abs(x))
    share: Array = np.where(x >= 0, x.dtype.type(1), e) / (1 + e)
    return share


def two_slopes(x: Array, negative_slope: Array | float) -> Array:
    """1 where x > 0, else the negative slope: x times this is any of the leaky family."""
    return np.where(x > 0, x.dtype.type(1), np.asarray(negative_slope, x.dtype))
