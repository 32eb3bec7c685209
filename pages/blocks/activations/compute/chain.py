"""A chain of units, one behind the other, and what is left of a gradient that runs back through it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.layers import Linear
from engine.network import Network
from engine.types import Array, Layer
from pages.blocks.activations.compute.functions import FUNCTIONS, USUAL, Settings, facts


@dataclass(frozen=True)
class Chain:
    """L links a_l = f(z_l), z_l = w · a_{l-1}, for K starts a_0 at once; links count from 0 here.

    ``a`` (L+1, K), ``z`` (L, K), ``slopes`` (L, K) = f'(z), ``gradients`` (L+1, K) = da_L/da_l as the engine's
    backward pass gives it, 1 at the end. ``bound`` is (|w| · max|f'|): no link can pass on a larger share.
    """

    weight: float
    a: Array
    z: Array
    slopes: Array
    gradients: Array
    bound: float


def chain(name: str, starts: Array, weight: float, length: int, settings: Settings = USUAL) -> Chain:
    """da_L/da_0 = Π_l w · f'(z_l): forward and backward through a real Network of 2·L layers.

    Raises ValueError for a chain without links.
    """
    if length < 1:
        raise ValueError(f"A chain was given length={length}; it expects at least one link.")
    layers, own = FUNCTIONS[name](settings)
    links: list[tuple[str, Layer]] = []
    params = {}
    for link in range(1, length + 1):
        links.append((f"weight{link}", Linear(1, 1, bias=False)))
        params[f"weight{link}.weight"] = np.array([[weight]])
        links += [(f"{part}{link}", layer) for part, layer in layers]
        params |= {f"{path.split('.')[0]}{link}.{path.split('.')[1]}": value for path, value in own.items()}
    network = Network(tuple(links), params, (1,))
    trace = network.forward(np.asarray(starts, dtype=np.float64).reshape(-1, 1))
    back = network.backward(trace, np.ones_like(trace.y))
    last, first = layers[-1][0], layers[0][0]
    values = [trace["weight1"].x, *(trace[f"{last}{link}"].y for link in range(1, length + 1))]
    gradients = [*(back[f"weight{link}"].dx for link in range(1, length + 1)), np.ones_like(trace.y)]
    # A link's slope alone: an upstream gradient of 1 through this link's activation only.
    slopes = []
    for link in range(1, length + 1):
        dy = np.ones_like(trace.y)
        for part, layer in reversed(layers):
            step = trace[f"{part}{link}"]
            dy, _ = layer.backward(step.params, step.cache, dy)
        slopes.append(dy)
    return Chain(
        weight=weight,
        a=np.hstack(values).T,
        z=np.hstack([trace[f"{first}{link}"].x for link in range(1, length + 1)]).T,
        slopes=np.hstack(slopes).T,
        gradients=np.hstack(gradients).T,
        bound=abs(weight) * facts(name, settings).steepest,
    )
