"""Measured: how large activations and gradients are at every layer, and what each layer multiplies them by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

import numpy as np

from engine.network import Network
from engine.signal.signal import moments
from engine.types import Array
from pages.backprop.vanishing.compute.back import layers_in, ratio, send_back, slopes_of


@dataclass(frozen=True)
class Flow:
    """Root mean squares over all examples and units, layer by layer; place 0 is the input x.

    y, dy (depth + 1,): of y_l and dL/dy_l. dweight (depth,): of dL/dW_l, summed over the examples. gain (depth,):
    ‖dy_{l-1}‖ / ‖dy_l‖ of layer l (place l - 1). factors: what the gain is made of, by "way.piece" (see ``Way``), each
    (depth,); ways: the length of each path's share of it. mean_square_w: E[w²]; mean_square_slope: E[f′²].
    Not-a-number where float32 has lost what would be divided.
    """

    y: Array
    dy: Array
    dweight: Array
    gain: Array
    factors: Mapping[str, Array]
    ways: Mapping[str, Array]
    mean_square_w: Array
    mean_square_slope: Array

    @property
    def depth(self) -> int:
        """How many layers."""
        return len(self.gain)

    @property
    def average(self) -> float:
        """The geometric mean of all gains: the one factor that does the same L times. 0 or ∞ where float32 gave up."""
        first, last = float(self.dy[0]), float(self.dy[-1])
        if not isfinite(first):
            return float("inf")
        return float((first / last) ** (1 / self.depth))


def measure(network: Network, x: Array, dy: Array) -> Flow:
    """Send x (N, width) forwards, dy = dL/dy_L (N, width) backwards, and look at every layer.

    Any loss does: it enters by its gradient alone, and a random one of size 1 favours no direction.
    """
    with np.errstate(all="ignore"):
        trace = network.forward(x, train=True)
        layers = list(layers_in(trace))
        crossings = send_back(network, trace, dy)[::-1]
        sizes = np.array([*(moments(one.dx).rms for one in crossings), moments(dy).rms])
        factors: dict[str, list[float]] = {}
        ways: dict[str, list[float]] = {}
        for one in crossings:
            for way in one.ways:
                ways.setdefault(way.name, []).append(way.gain)
                for piece, value in way.factors:
                    factors.setdefault(f"{way.name}.{piece}", []).append(value)
        weights = [value for name, value in network.params.items() if value.ndim == 2 and ".gate." not in name]
        return Flow(
            y=np.array([moments(x).rms, *(moments(steps.y).rms for steps in layers)]),
            dy=sizes,
            dweight=np.array([moments(one.grads["branch.weight"]).rms for one in crossings]),
            gain=np.array([ratio(after, before) for after, before in pairwise(sizes)]),
            factors={name: np.array(values) for name, values in factors.items()},
            ways={name: np.array(values) for name, values in ways.items()},
            mean_square_w=np.array([moments(value).rms ** 2 for value in weights]),
            mean_square_slope=np.array([moments(slopes_of(steps)).rms ** 2 for steps in layers]),
        )
