"""A deep network whose layers are all alike: how many, how wide, and what stands in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from engine.layers import BatchNorm1d, Highway, LayerNorm, Linear, Residual, Sigmoid
from engine.network import Network
from engine.signal.setup import ACTIVATIONS, Draw, Setup, Size, size_of, unit_draw
from engine.trace import Layers
from engine.types import Array, Layer

Norm = Literal["none", "batch", "layer"]
Shortcut = Literal["none", "residual", "highway"]
NORMS, SHORTCUTS = get_args(Norm), get_args(Shortcut)
DRAWS: tuple[Draw, ...] = ("normal", "uniform", "orthogonal", "sparse")
"""Those whose entries have mean 0 and a size of their own."""
LINEAR = "linear"
ACTIVATION_NAMES = (LINEAR, *ACTIVATIONS)
"""Activations by name; "linear" is none at all."""
GATE_BIAS = -2.0


@dataclass(frozen=True)
class Deep:
    """y_l = f(norm(W_l y_{l-1})) for l = 1 … depth, every y_l of ``width`` units, y_0 = x, biases 0.

    shortcut: "residual" adds x, y_l = y_{l-1} + f(norm(W_l y_{l-1})); "highway" mixes,
    y_l = t ⊙ f(…) + (1 - t) ⊙ y_{l-1}, with a gate t = σ(V_l y_{l-1} - 2). draw and size of the weights are
    ``engine.signal``'s; ``times`` multiplies their standard deviation. Raises ValueError for a name that doesn't
    exist, a count below 1, or times ≤ 0.
    """

    depth: int = 50
    width: int = 64
    activation: str = "sigmoid"
    draw: Draw = "normal"
    size: Size = "xavier"
    times: float = 1.0
    norm: Norm = "none"
    shortcut: Shortcut = "none"

    def __post_init__(self) -> None:
        names: tuple[tuple[str, str, tuple[str, ...]], ...] = (
            ("activation", self.activation, ACTIVATION_NAMES),
            ("draw", self.draw, DRAWS),
            ("norm", self.norm, NORMS),
            ("shortcut", self.shortcut, SHORTCUTS),
        )
        for name, value, allowed in names:
            if value not in allowed:
                raise ValueError(f"{name}={value!r}; expected one of {', '.join(allowed)}.")
        if not 0 < self.times < float("inf"):
            raise ValueError(f"times={self.times}: expected a number above 0, such as 1.2.")
        _ = self.weights

    @cached_property
    def weights(self) -> Setup:
        """The same weights in the words of ``engine.signal``."""
        return Setup(self.depth, self.width, draw=self.draw, size=self.size, sigma=1.0)

    @property
    def sigma(self) -> float:
        """By what the unit draw of a weight is multiplied."""
        return self.times * size_of(self.weights, (self.width, self.width))


PRESETS: Mapping[str, Deep] = {
    "sigmoid-10": Deep(depth=10),
    "sigmoid": Deep(),
    "relu-xavier": Deep(activation="relu"),
    "relu-he": Deep(activation="relu", size="he"),
    "explodes": Deep(activation="relu", size="he", times=1.2),
    "tanh-xavier": Deep(activation="tanh"),
    "batch-norm": Deep(norm="batch"),
    "layer-norm": Deep(norm="layer"),
    "residual": Deep(shortcut="residual"),
    "residual-he": Deep(activation="relu", size="he", shortcut="residual"),
}
"""Networks that a gradient comes through badly, or well, each for a reason of its own. Sigmoids fade, as Hochreiter
(1991) found; ReLU needs He's size (2015), and a fifth more already explodes. The last four are remedies, and what each
is worth: batch norm (Ioffe & Szegedy, 2015), layer norm (Ba et al., 2016) and adding x (He et al., 2016), which keeps a
gain from falling below 1 and doesn't keep it from growing."""


def layers_of(deep: Deep) -> Layers:
    """linear1, norm1, tanh1, linear2, … or, with links, layer1, layer2, …, each a block with those inside."""
    rows: list[tuple[str, Layer]] = []
    for number in range(1, deep.depth + 1):
        body = _body(deep)
        if deep.shortcut == "residual":
            rows.append((f"layer{number}", Residual(body)))
        elif deep.shortcut == "highway":
            gate: Layers = (("linear", Linear(deep.width, deep.width)), ("sigmoid", Sigmoid()))
            rows.append((f"layer{number}", Highway(body, gate, GATE_BIAS)))
        else:
            rows += [(f"{name}{number}", layer) for name, layer in body]
    return tuple(rows)


def _body(deep: Deep) -> Layers:
    body: Layers = (("linear", Linear(deep.width, deep.width)),)
    if deep.norm != "none":
        body += (("norm", BatchNorm1d(deep.width) if deep.norm == "batch" else LayerNorm(deep.width)),)
    return body if deep.activation == LINEAR else (*body, (deep.activation, ACTIVATIONS[deep.activation]))


def unit_network(deep: Deep, rng: np.random.Generator) -> Network:
    """The network with unit draws for weights, float32: the same for every size and ``times``.

    A shallower one that is drawn from the same seed is the beginning of a deeper one.
    """
    return Network.build(layers_of(deep), (deep.width,), rng=rng, initializer=unit_draw(deep.draw))


def sized(unit: Network, deep: Deep) -> Network:
    """W = times · size · U in every layer, gates included."""
    params = {
        name: value * value.dtype.type(deep.sigma) if value.ndim == 2 else value for name, value in unit.params.items()
    }
    return unit.replace(params)


def with_weights(deep: Deep, weights: Array) -> Network:
    """The network with these weights (depth, width, width), float64. Raises ShapeError where they don't fit."""
    network = unit_network(deep, np.random.default_rng(0)).astype(np.float64)
    names = [name for name, value in network.params.items() if value.ndim == 2 and ".gate." not in name]
    return network.replace(network.params | dict(zip(names, np.asarray(weights, np.float64), strict=True)))
