"""The Jacobian of every layer at one example, their product, and what both do to a gradient in every direction; and
layers two units wide, small enough that all of it can be written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

from engine.layers import BatchNorm1d
from engine.network import Network
from engine.types import Array, ShapeError
from pages.backprop.vanishing.compute.back import layer_backward, layers_in, slopes_of
from pages.backprop.vanishing.compute.setup import Deep, Shortcut, with_weights

X = (1.0, 0.5)
"""What goes into the layers of two units."""


def jacobians(network: Network, x: Array) -> Array:
    """J_l[k, j] = ∂y_l[k] / ∂y_{l-1}[j] of each layer, at one example x (width,): (depth, width, width).

    For y = f(W x) that is diag(f′(z)) · W, with x added I + diag(f′(z)) · W. It is found by the layers' own backward
    passes: row k of J is the gradient that comes out where the one that goes in is 1 for unit k and 0 elsewhere, so
    the identity is sent in as ``width`` gradients at once, for as many copies of x. Raises ValueError for batch norm,
    which makes every example depend on all others, so that one example alone has no Jacobian.
    """
    if x.shape != network.input_shape:
        raise ShapeError(
            f"x has shape {x.shape}; the Jacobians are those at one example, of shape {network.input_shape}."
        )
    trace = network.forward(np.repeat(x[np.newaxis], len(x), axis=0))
    eye = np.eye(len(x), dtype=x.dtype)
    found = []
    for steps in layers_in(trace):
        inner = steps[0].cache.get("body") or steps[0].cache.get("transform") or steps
        if any(isinstance(step.layer, BatchNorm1d) for step in inner):
            raise ValueError(
                "Batch norm ties the examples of a batch together: one example has no Jacobian of its own. "
                "Layer norm, or none, would work."
            )
        found.append(layer_backward(steps, eye).dx)
    return np.stack(found)


def products(js: Array) -> Array:
    """P_l = J_L · J_{L-1} · … · J_{l+1} = ∂y_L / ∂y_l, for l = 0 … L: (depth + 1, width, width); P_L = I.

    By the chain rule, from the loss inwards: P_{l-1} = P_l · J_l, and dL/dy_l = P_lᵀ · dL/dy_L.
    """
    found = [np.eye(js.shape[1], dtype=js.dtype)]
    for j in js[::-1]:
        found.append(found[-1] @ j)
    return np.stack(found[::-1])


@dataclass(frozen=True)
class Spectrum:
    """Singular values, largest first. layer (depth, width): of each J_l. product (depth + 1, width): of each P_l."""

    layer: Array
    product: Array

    @property
    def rms(self) -> Array:
        """√(Σ σ² / n) of each P_l (depth + 1,): by how much it multiplies the length of a gradient on average over
        all directions, since E‖Pᵀ v‖² = Σ σ² / n for a random v of length 1. What has drowned adds nothing to it."""
        mean: Array = np.nanmean(self.product**2, axis=1)
        seen = np.isfinite(self.product).mean(axis=1)
        found: Array = np.sqrt(mean * seen)
        return found


def spectrum(js: Array) -> Spectrum:
    """How much the layers and their product stretch in each direction, in float64.

    A unit sphere of gradients comes out of J_lᵀ as an ellipsoid with the singular values σ as half axes; |det| is
    their product. Lengths: σ_max(P·J) ≤ σ_max(P) · σ_max(J), and determinants multiply exactly. If all σ = 1, as for
    an orthogonal W without an activation, the product's are 1 too; else those of a product spread further apart with
    each layer. Singular values below σ_max · n · 2⁻⁵² have drowned in rounding and are not-a-number.
    Saxe, McClelland & Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    2014; Pennington, Schoenholz & Ganguli, "Resurrecting the sigmoid in deep learning through dynamical isometry",
    2017.
    """
    js = js.astype(np.float64)
    product = np.linalg.svd(products(js), compute_uv=False)
    drowned = product < product[:, :1] * js.shape[1] * np.finfo(np.float64).eps
    return Spectrum(np.linalg.svd(js, compute_uv=False), np.where(drowned, np.nan, product))


def turn(angle: float) -> Array:
    """The matrix that turns by this angle: it keeps every length."""
    return np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])


@dataclass(frozen=True)
class Start:
    """Weights for a row of layers, and what stands in them."""

    weight: Callable[[int], Array]
    activation: str = "linear"
    shortcut: Shortcut = "none"

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


def pair(weights: Array, activation: str, shortcut: Shortcut, x: Array | None = None) -> Pair:
    """The Jacobians of two-unit layers with these weights (depth, 2, 2), at x (2,), which is ``X`` unless given."""
    deep = Deep(depth=len(weights), width=2, activation=activation, shortcut=shortcut)
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
