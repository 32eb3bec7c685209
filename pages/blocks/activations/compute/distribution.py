"""A crowd of numbers through an activation, and a gradient for each of them back through it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.types import Array
from pages.blocks.activations.compute.functions import FLAT, STOPPED, USUAL, Settings, activation

UNITS, EXAMPLES = 40, 50
STEPS_PER_ONE = 50
EDGE = 12.0


@cache
def draws() -> tuple[Array, Array]:
    """z and dy, (EXAMPLES, UNITS) each, float32 and read-only: the crowd's standard normal draws, and its gradients'.

    z = (a + b)/√2 with one a for each unit and one b for each number: some units lie higher than others.
    Both are brought to mean 0 and standard deviation 1.
    """
    rng = np.random.default_rng(3)
    z = (rng.normal(size=(1, UNITS)) + rng.normal(size=(EXAMPLES, UNITS))) / math.sqrt(2)
    dy = rng.normal(size=(EXAMPLES, UNITS))
    made = tuple(((v - v.mean()) / v.std()).astype(np.float32) for v in (z, dy))
    for array in made:
        array.flags.writeable = False
    return made[0], made[1]


def grid() -> Array:
    """The places where a crowd's numbers may stand: -12, -11.98, … 12."""
    edge = round(EDGE * STEPS_PER_ONE)
    return np.arange(-edge, edge + 1) / STEPS_PER_ONE


def place(mean: float, spread: float) -> Array:
    """x = mean + spread · z, set on the nearest place of ``grid`` (float64): a table of f answers for each exactly."""
    z, _ = draws()
    steps = np.floor((mean + spread * z.astype(np.float64)) * STEPS_PER_ONE + 0.5)
    edge = round(EDGE * STEPS_PER_ONE)
    return np.clip(steps, -edge, edge) / STEPS_PER_ONE


@dataclass(frozen=True)
class Passage:
    """A batch of EXAMPLES for a layer of UNITS units, forwards and backwards; all arrays (EXAMPLES, UNITS).

    ``flat`` is the share of numbers that meet a slope below 0.05, ``stopped`` of those below 0.0001; a unit is
    ``dead`` (UNITS,) when every one of its numbers is stopped.
    """

    x: Array
    y: Array
    slope: Array
    dy: Array
    dx: Array

    @property
    def flat(self) -> float:
        """The share of numbers that meet a slope below 0.05."""
        return float((np.abs(self.slope) < FLAT).mean())

    @property
    def stopped(self) -> float:
        """The share of numbers that meet a slope below 0.0001."""
        return float((np.abs(self.slope) < STOPPED).mean())

    @property
    def dead(self) -> Array:
        """(UNITS,): is every number of this unit stopped?"""
        dead: Array = np.all(np.abs(self.slope) < STOPPED, axis=0)
        return dead

    def summary(self) -> dict[str, float]:
        """The figures that a picture of it names."""
        return {
            "mean_x": float(self.x.mean()),
            "std_x": float(self.x.std()),
            "mean_y": float(self.y.mean()),
            "std_y": float(self.y.std()),
            "std_dy": float(self.dy.std()),
            "std_dx": float(self.dx.std()),
            "flat": self.flat,
            "stopped": self.stopped,
            "dead": float(self.dead.sum()),
        }


def pass_through(name: str, mean: float, spread: float, settings: Settings = USUAL) -> Passage:
    """Forward, then backward with the drawn dy: dx = dy · f'(x)."""
    x, dy = place(mean, spread), draws()[1].astype(np.float64)
    function = activation(name, settings)
    trace = function.forward(x.reshape(-1, 1))
    dx = function.backward(trace, dy.reshape(-1, 1)).dx
    slope = function.backward(trace, np.ones((x.size, 1))).dx
    return Passage(x, trace.y.reshape(x.shape), slope.reshape(x.shape), dy, dx.reshape(x.shape))
