"""What is true of an activation, found by asking it: range, mean of its outputs, where it is flat, what it costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from pages.blocks.activations.compute.functions import USUAL, Settings, activation, curve

FAR = 40.0
FLAT = 0.05
STOPPED = 1e-4
"""A slope below FLAT lets little of a gradient through, one below STOPPED practically nothing."""
LEVEL = 1e-9
CENTRED = 0.01
GRID = np.linspace(-FAR, FAR, 16001)
_REPEATS, _NUMBERS = 15, 20_000


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
