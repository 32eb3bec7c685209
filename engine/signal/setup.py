"""A deep stack of equal layers, and how its first weights are drawn.

A weight is drawn in two parts, W = size · U: U has entries whose mean square is 1 and gives the draw its shape
(normal, uniform, …); ``size`` is a number for each layer (0.01, or √(2 / n), …). So the same U can be tried at
every size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal, get_args

import numpy as np

from engine.initializers import Constant, Normal, Orthogonal, Sparse, Uniform, fan
from engine.layers import ELU, GELU, BatchNorm1d, BatchNorm2d, Conv2d, LeakyReLU, Linear, ReLU, Sigmoid, SiLU, Tanh
from engine.network import Network
from engine.signal.lsuv import lsuv
from engine.trace import Layers
from engine.types import Array, Initializer, Layer, Shape, expect_counts

Stack = Literal["dense", "conv"]
Draw = Literal["normal", "uniform", "sparse", "orthogonal", "lsuv", "constant", "zeros"]
Size = Literal["fixed", "xavier", "glorot", "he"]
STACKS, DRAWS, SIZES = get_args(Stack), get_args(Draw), get_args(Size)

ACTIVATIONS: Mapping[str, Layer] = {
    "tanh": Tanh(),
    "relu": ReLU(),
    "leaky_relu": LeakyReLU(),
    "elu": ELU(),
    "gelu": GELU(),
    "silu": SiLU(),
    "sigmoid": Sigmoid(),
}
HALVING = ("relu", "leaky_relu", "elu", "gelu", "silu")
"""What lets one side through and holds back most of the other."""
LINKS = 10
SIDE = 8
KERNEL = 3


@dataclass(frozen=True)
class Setup:
    """``depth`` layers of ``width`` units (or channels: 3×3 kernels, padding 1, on 8×8 maps), each followed by
    batch norm if wanted and by an activation.

    size: "fixed" is ``sigma`` for every layer; "xavier" √(1 / n_in), "glorot" √(2 / (n_in + n_out)), "he" √(2 / n_in).
    draw: "sparse" gives each unit ten links and counts those as its n_in; "lsuv" is orthogonal, then scaled layer by
    layer until the data's sums have variance 1, so that no size is left to choose; "zeros" has none either.
    """

    depth: int = 10
    width: int = 500
    activation: str = "tanh"
    draw: Draw = "normal"
    size: Size = "fixed"
    sigma: float = 0.01
    batch_norm: bool = False
    bias: float = 0.0
    stack: Stack = "dense"

    def __post_init__(self) -> None:
        expect_counts("Setup", depth=self.depth, width=self.width)
        if not 0 < self.sigma < float("inf"):
            raise ValueError(f"sigma={self.sigma}: expected a number above 0, such as 0.01; for no weights draw zeros.")
        names: tuple[tuple[str, str, tuple[str, ...]], ...] = (
            ("activation", self.activation, tuple(ACTIVATIONS)),
            ("draw", self.draw, DRAWS),
            ("size", self.size, SIZES),
            ("stack", self.stack, STACKS),
        )
        for name, value, allowed in names:
            if value not in allowed:
                raise ValueError(f"{name}={value!r}; expected one of {', '.join(allowed)}.")

    @property
    def input_shape(self) -> Shape:
        """Of one example of noise: as many numbers as units, or a map for each channel."""
        return (self.width,) if self.stack == "dense" else (self.width, SIDE, SIDE)


def layers_of(setup: Setup, input_shape: Shape) -> Layers:
    """weight1, norm1, tanh1, weight2, …"""
    given, layers = input_shape[0], []
    for number in range(1, setup.depth + 1):
        dense = setup.stack == "dense"
        weight: Layer = Linear(given, setup.width) if dense else Conv2d(given, setup.width, KERNEL, padding=1)
        layers.append((f"weight{number}", weight))
        if setup.batch_norm:
            layers.append((f"norm{number}", BatchNorm1d(setup.width) if dense else BatchNorm2d(setup.width)))
        layers.append((f"{setup.activation}{number}", ACTIVATIONS[setup.activation]))
        given = setup.width
    return tuple(layers)


def unit_draw(draw: Draw) -> Initializer:
    """U: a draw whose entries have the mean square 1 (for "sparse": those of them that are links)."""
    if draw in ("orthogonal", "lsuv"):
        return _unit_orthogonal
    known: dict[str, Initializer] = {
        "normal": Normal(1),
        "uniform": Uniform(sqrt(3)),
        "sparse": Sparse(LINKS, 1),
        "constant": Constant(1),
    }
    return known.get(draw, Constant(0))


def _unit_orthogonal(rng: np.random.Generator, shape: Shape, /) -> Array:
    """W·Wᵀ = n · I spreads n · out over n · out entries: their mean square is 1."""
    return Orthogonal(sqrt(max(shape[0], fan(shape, "fan_in"))))(rng, shape)


def size_of(setup: Setup, shape: Shape) -> float:
    """By what U is multiplied in a layer whose weight has this shape."""
    if setup.size == "fixed":
        return setup.sigma
    n_in, n_avg = fan(shape, "fan_in"), fan(shape, "fan_avg")
    gain = {"xavier": 1.0, "glorot": n_in / n_avg, "he": 2.0}[setup.size]
    return sqrt(gain / (min(LINKS, n_in) if setup.draw == "sparse" else n_in))


def unit_network(setup: Setup, input_shape: Shape, rng: np.random.Generator) -> Network:
    """The stack with W = U, float32, biases 0. It is the same for every size, ``sigma`` and ``bias``."""
    return Network.build(layers_of(setup, input_shape), input_shape, rng=rng, initializer=unit_draw(setup.draw))


def resized(unit: Network, setup: Setup, x: Array) -> Network:
    """W = size · U in every layer, and the wanted bias; x is what a data-dependent draw is fitted to."""
    params = dict(unit.params)
    for name, layer in unit.layers:
        if isinstance(layer, Linear | Conv2d):
            weight = params[f"{name}.weight"]
            params[f"{name}.weight"] = weight * weight.dtype.type(size_of(setup, weight.shape))
            params[f"{name}.bias"] = np.full_like(params[f"{name}.bias"], setup.bias)
    network = unit.replace(params)
    return lsuv(network, x)[0] if setup.draw == "lsuv" else network


def network_of(setup: Setup, x: Array, rng: np.random.Generator) -> Network:
    """The stack with its first weights, for data x (N, *input_shape)."""
    return resized(unit_network(setup, x.shape[1:], rng), setup, x)


def inputs_of(layer: Layer) -> tuple[float, float]:
    """(n_in, n_out): how many numbers a sum of this layer reads, and how many sums read each number.

    Of a convolution with padding 1 this is the mean over all positions: at the border it reads fewer than 9 places.
    """
    if isinstance(layer, Linear):
        return float(layer.in_features), float(layer.out_features)
    if isinstance(layer, Conv2d):
        field = ((KERNEL * SIDE - 2) / SIDE) ** 2
        return layer.in_channels * field, layer.out_channels * field
    raise TypeError(f"{layer!r} has no weights that sum; expected Linear or Conv2d.")


def weight_shape(layer: Linear | Conv2d) -> Shape:
    """(out, in) or (out, in, 3, 3)."""
    if isinstance(layer, Linear):
        return layer.out_features, layer.in_features
    return layer.out_channels, layer.in_channels, *layer.kernel
