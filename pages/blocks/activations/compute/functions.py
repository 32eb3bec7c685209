"""The activations of the course by name, each as a small network that takes one number to one number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
