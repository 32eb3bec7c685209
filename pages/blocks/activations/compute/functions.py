"""The activations of the course by name, each a small network that takes one number to one number; and what is true of
each, found by asking it: range, mean of its outputs, where it is flat, what it costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from types import MappingProxyType

import numpy as np

from engine.layers import Linear, ReLU
from engine.layers.activation import ELU, LeakyReLU, Sigmoid, Softplus, Tanh
from engine.layers.activation_across import Maxout
from engine.layers.activation_learned import PReLU, RReLU
from engine.layers.activation_smooth import GELU, SiLU
from engine.network import Network
from engine.types import Array, Layer, Params

Spec = tuple[tuple[tuple[str, Layer], ...], Params]
FAR = 40.0
FLAT = 0.05
STOPPED = 1e-4
"""A slope below FLAT lets little of a gradient through, one below STOPPED practically nothing."""
LEVEL = 1e-9
CENTRED = 0.01
GRID = np.linspace(-FAR, FAR, 16001)
_REPEATS, _NUMBERS = 15, 20_000


@dataclass(frozen=True)
class Settings:
    """The numbers that shape an activation, under the names and with the defaults of PyTorch where it has them.

    ``left``, ``right`` and ``level`` are Maxout's three pieces of one input: left · x, right · x and level.
    """

    negative_slope: float = 0.01
    weight: float = 0.25
    lower: float = 1 / 8
    upper: float = 1 / 3
    alpha: float = 1.0
    beta: float = 1.0
    left: float = -0.5
    right: float = 1.0
    level: float = 0.5


USUAL = Settings()


def _plain(layer: Layer) -> Spec:
    return (("f", layer),), {}


def _prelu(s: Settings) -> Spec:
    return (("f", PReLU()),), {"f.weight": np.array([s.weight])}


def _maxout(s: Settings) -> Spec:
    pieces = {"pieces.weight": np.array([[s.left], [s.right], [0.0]]), "pieces.bias": np.array([0.0, 0.0, s.level])}
    return (("pieces", Linear(1, 3)), ("f", Maxout(3))), pieces


FUNCTIONS: Mapping[str, Callable[[Settings], Spec]] = MappingProxyType(
    {
        "sigmoid": lambda s: _plain(Sigmoid()),
        "tanh": lambda s: _plain(Tanh()),
        "relu": lambda s: _plain(ReLU()),
        "leaky_relu": lambda s: _plain(LeakyReLU(s.negative_slope)),
        "prelu": _prelu,
        "rrelu": lambda s: _plain(RReLU(s.lower, s.upper)),
        "elu": lambda s: _plain(ELU(s.alpha)),
        "softplus": lambda s: _plain(Softplus(s.beta)),
        "maxout": _maxout,
        "gelu": lambda s: _plain(GELU()),
        "silu": lambda s: _plain(SiLU()),
    }
)
"""In the order of the course. Each gives its layers and their parameters (float64)."""

SHAPED_BY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "leaky_relu": ("negative_slope",),
        "prelu": ("weight",),
        "rrelu": ("lower", "upper"),
        "elu": ("alpha",),
        "softplus": ("beta",),
        "maxout": ("left", "right", "level"),
    }
)
"""Which settings an activation listens to; the others of FUNCTIONS have none."""


def activation(name: str, settings: Settings = USUAL) -> Network:
    """The activation as a network of input shape (1,), float64. Raises KeyError that names what there is."""
    if name not in FUNCTIONS:
        raise KeyError(f"There is no activation {name!r}; there are {', '.join(FUNCTIONS)}.")
    layers, params = FUNCTIONS[name](settings)
    return Network(layers, params, (1,))


@dataclass(frozen=True)
class Curve:
    """y = f(x) and slope = f'(x) at every x, all of x's shape, float64."""

    x: Array
    y: Array
    slope: Array


def curve(name: str, x: Array, settings: Settings = USUAL) -> Curve:
    """Forward for y; backward with an upstream gradient of 1 for the slope. x of any shape."""
    function = activation(name, settings)
    trace = function.forward(np.asarray(x, dtype=np.float64).reshape(-1, 1))
    back = function.backward(trace, np.ones_like(trace.y))
    return Curve(x, trace.y.reshape(x.shape), back.dx.reshape(x.shape))


@dataclass(frozen=True)
class Facts:
    """What the curve says between -40 and 40.

    ``low`` and ``high``: the values it stays between, infinite where it still rises or falls at the ends.
    ``mean``: of f(x) for x ~ N(0, 1). ``steepest``: the largest |f'|. ``flat_left``, ``flat_right``: whether
    f' dies out on that side (f saturates). ``dies``: whether f' is exactly 0 for a whole range of x within reach,
    so that a unit which lies there for every example never learns again.
    """

    low: float
    high: float
    mean: float
    steepest: float
    flat_left: bool
    flat_right: bool
    dies: bool

    @property
    def centred(self) -> bool:
        """Whether inputs around 0 give outputs around 0."""
        return abs(self.mean) < CENTRED


def facts(name: str, settings: Settings = USUAL) -> Facts:
    """Ask the engine's own layer, forwards and backwards, on a fine grid."""
    found = curve(name, GRID, settings)
    first, last = found.slope[0], found.slope[-1]
    low, high = float(found.y.min()), float(found.y.max())
    density = np.exp(-GRID * GRID / 2) / math.sqrt(2 * math.pi)
    near = (np.abs(GRID) >= 1) & (np.abs(GRID) <= 5)
    return Facts(
        low=-math.inf if first > LEVEL or last < -LEVEL else low,
        high=math.inf if last > LEVEL or first < -LEVEL else high,
        mean=float((found.y * density).sum() * (GRID[1] - GRID[0])),
        steepest=float(np.abs(found.slope).max()),
        flat_left=bool(abs(first) < LEVEL),
        flat_right=bool(abs(last) < LEVEL),
        dies=any(bool((found.slope[near & side] == 0).all()) for side in (GRID < 0, GRID > 0)),
    )


def nanoseconds(name: str, settings: Settings = USUAL) -> float:
    """Time for one number, forward and backward, on this computer now: the best of 15 passes over 20,000 numbers."""
    function = activation(name, settings)
    x = np.random.default_rng(0).normal(size=(_NUMBERS, 1))
    dy = np.ones_like(x)
    times = []
    for _ in range(_REPEATS):
        start = perf_counter()
        function.backward(function.forward(x), dy)
        times.append(perf_counter() - start)
    return 1e9 * min(times) / _NUMBERS
