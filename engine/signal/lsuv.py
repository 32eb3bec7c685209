"""First weights that fit the data: each layer scaled until its outputs have variance 1."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from engine.guard import guard
from engine.initializers import Orthogonal
from engine.network import Network
from engine.types import Array, Layer, Params


@dataclass(frozen=True)
class Scaled:
    """What happened to one layer: its outputs' variance before and after, and by what its weight was multiplied."""

    name: str
    variance_before: float
    variance_after: float
    factor: float
    rounds: int


def lsuv(
    network: Network,
    x: Array,
    *,
    rng: np.random.Generator | None = None,
    tolerance: float = 0.01,
    most_rounds: int = 10,
) -> tuple[Network, tuple[Scaled, ...]]:
    """W ← W / √Var(y) for one layer after the other, until |Var(y) - 1| < tolerance: layer-sequential unit variance.

    y is what the layer makes of the batch x (N, *input_shape), each layer reading what the scaled ones before it make.
    With ``rng`` the weights are drawn orthogonal first, as the paper does; without it they are scaled as they are.
    Layers are those with a weight of two axes or more; a layer's other parameters stay. Where the bias is 0 one
    round is enough. A layer that puts out the same number everywhere stays as it is. Returns the new network, and what
    happened to each layer. Raises ShapeError for another shape of x, ValueError for settings that can't work.
    Mishkin & Matas, "All you need is a good init", 2016.
    """
    if not 0 < tolerance < inf or most_rounds < 1 or len(x) == 0:
        raise ValueError(
            f"lsuv was given {len(x)} examples, tolerance={tolerance} and most_rounds={most_rounds}; it expects at "
            f"least one example, a tolerance above 0, and at least one round."
        )
    network.predict(x[:1])
    params, done = dict(network.params), []
    for name, layer in network.layers:
        start = f"{name}."
        own = {key.removeprefix(start): value for key, value in params.items() if key.startswith(start)}
        if "weight" in own and own["weight"].ndim >= 2:
            if rng is not None:
                own["weight"] = Orthogonal()(rng, own["weight"].shape).astype(own["weight"].dtype)
            scaled = _scale(name, layer, own, x, tolerance, most_rounds)
            own = _times(own, scaled.factor)
            params[f"{name}.weight"] = own["weight"]
            done.append(scaled)
        x, _ = layer.forward(own, x)
    return network.replace(params), tuple(done)


def _scale(name: str, layer: Layer, own: Params, x: Array, tolerance: float, most_rounds: int) -> Scaled:
    """Find the factor for one layer's weight."""
    first = variance = _variance(layer, own, x)
    factor, rounds = 1.0, 0
    while abs(variance - 1) >= tolerance and 0 < variance < inf and rounds < most_rounds:
        factor /= variance**0.5
        rounds += 1
        variance = _variance(layer, _times(own, factor), x)
    return Scaled(name, first, variance, factor, rounds)


def _variance(layer: Layer, own: Params, x: Array) -> float:
    return float(np.var(layer.forward(own, x)[0], dtype=np.float64))


def _times(own: Params, factor: float) -> Params:
    return own | {"weight": own["weight"] * factor}


guard(globals())
