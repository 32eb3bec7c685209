"""Layers two units wide: small enough that every Jacobian, and the product of all, can be written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

from engine.types import Array
from pages.backprop.vanishing.compute.back import layers_in, slopes_of
from pages.backprop.vanishing.compute.jacobian import jacobians, products
from pages.backprop.vanishing.compute.setup import Deep, Link, with_weights

X = (1.0, 0.5)
"""What goes in."""


def turn(angle: float) -> Array:
    """The matrix that turns by this angle: it keeps every length."""
    return np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])


@dataclass(frozen=True)
class Start:
    """Weights for a row of layers, and what stands in them."""

    weight: Callable[[int], Array]
    activation: str = "linear"
    link: Link = "none"

    def weights(self, depth: int) -> Array:
        """(depth, 2, 2), to four decimals, as they can be typed."""
        return np.round(np.stack([self.weight(layer) for layer in range(depth)]), 4)


def _drawn(layer: int) -> Array:
    """He's size: N(0, 2 / 2)."""
    return np.random.default_rng([7, layer]).standard_normal((2, 2))


STARTS: Mapping[str, Start] = {
    "press": Start(lambda _: turn(pi / 12) @ np.diag([1.1, 0.6])),
    "turn": Start(lambda _: turn(pi / 6)),
    "half": Start(lambda _: 0.5 * turn(pi / 6)),
    "double": Start(lambda _: 2 * turn(pi / 6)),
    "sigmoid": Start(lambda _: turn(pi / 6), "sigmoid"),
    "shear": Start(lambda _: np.array([[1.0, 0.6], [0.0, 1.0]])),
    "singular": Start(lambda layer: np.array([[1.0, 0.5], [0.8, 0.4]]) if layer == 2 else turn(pi / 6)),
    "drawn": Start(_drawn, "relu"),
    "residual": Start(lambda layer: 0.2 * _drawn(layer), "tanh", "residual"),
}
"""The first turns a little, stretches one direction and presses the other. Two layers of a turn are a turn; half of
one, twice over, is a quarter. A shear has the determinant 1 and still stretches; one singular matrix among turns, and a
direction is lost for good."""


@dataclass(frozen=True)
class Pair:
    """W, J (depth, 2, 2) of each layer, its slopes f′ (depth, 2), and P_l (depth + 1, 2, 2); y (depth + 1, 2)."""

    weights: Array
    slopes: Array
    js: Array
    products: Array
    y: Array


def pair(weights: Array, activation: str, link: Link, x: Array | None = None) -> Pair:
    """The Jacobians of two-unit layers with these weights (depth, 2, 2), at x (2,), which is ``X`` unless given."""
    deep = Deep(depth=len(weights), width=2, activation=activation, link=link)
    network = with_weights(deep, weights)
    start = np.array(X) if x is None else np.asarray(x, np.float64)
    layers = list(layers_in(network.forward(start[np.newaxis])))
    js = jacobians(network, start)
    return Pair(
        weights=np.asarray(weights, np.float64),
        slopes=np.stack([slopes_of(steps)[0] for steps in layers]),
        js=js,
        products=products(js),
        y=np.stack([start, *(steps.y[0] for steps in layers)]),
    )
