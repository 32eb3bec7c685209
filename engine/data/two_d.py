"""Points in the plane: sets so small that a network's whole opinion fits on one picture.

Every set is x (N, 2) float32, columns x₁ and x₂, and y (N,) int64, about as many of each class, in random order.
``noise`` is the standard deviation of a Gaussian push in each direction.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.data.examples import Examples, numbered
from engine.guard import guard
from engine.sentence import Sentence
from engine.types import Array


def moons(n: int, rng: np.random.Generator, noise: float = 0.1) -> Examples:
    """Two half circles that hold each other: (cos t, sin t) and (1 - cos t, ½ - sin t), t in [0, π]."""
    y = _labels(n, 2, rng)
    t = rng.uniform(0, np.pi, n)
    upper = np.stack([np.cos(t), np.sin(t)], axis=1)
    return _points(np.where(y[:, None] == 0, upper, [1, 0.5] - upper), y, "moons", 2, noise, rng)


def circles(n: int, rng: np.random.Generator, noise: float = 0.08, factor: float = 0.5) -> Examples:
    """A circle of radius 1 around one of radius ``factor``."""
    y = _labels(n, 2, rng)
    t = rng.uniform(0, 2 * np.pi, n)
    radius = np.where(y == 0, 1.0, factor)[:, None]
    return _points(radius * np.stack([np.cos(t), np.sin(t)], axis=1), y, "circles", 2, noise, rng)


def blobs(n: int, rng: np.random.Generator, noise: float = 0.25, classes: int = 3) -> Examples:
    """Round clouds, their middles evenly on the unit circle."""
    y = _labels(n, classes, rng)
    t = 2 * np.pi * y / classes
    return _points(np.stack([np.cos(t), np.sin(t)], axis=1), y, "blobs", classes, noise, rng)


def spiral(n: int, rng: np.random.Generator, noise: float = 0.02, classes: int = 3) -> Examples:
    """Arms that wind round each other: radius r in [0, 1], angle 4·r + 2π·class/classes."""
    y = _labels(n, classes, rng)
    r = rng.uniform(0, 1, n)
    t = 4 * r + 2 * np.pi * y / classes
    return _points(r[:, None] * np.stack([np.sin(t), np.cos(t)], axis=1), y, "spiral", classes, noise, rng)


def xor(n: int, rng: np.random.Generator, noise: float = 0.0) -> Examples:
    """The square [-1, 1]²: class 1 where the signs of x₁ and x₂ differ. No line parts the two classes."""
    y = _labels(n, 2, rng)
    size = rng.uniform(0.05, 1, (n, 2))
    first = rng.choice([-1.0, 1.0], n)
    second = np.where(y == 1, -first, first)
    return _points(size * np.stack([first, second], axis=1), y, "xor", 2, noise, rng)


TWO_D: dict[str, Callable[[int, np.random.Generator], Examples]] = {
    "moons": moons,
    "circles": circles,
    "blobs": blobs,
    "spiral": spiral,
    "xor": xor,
}


def _labels(n: int, classes: int, rng: np.random.Generator) -> Array:
    """Each class n/classes times, give or take one, in random order."""
    if n < 0 or classes < 1:
        raise ValueError(f"n={n}, classes={classes}: expected 0 points or more, of at least one class.")
    return rng.permutation(np.arange(n, dtype=np.int64) % classes)


def _points(x: Array, y: Array, name: str, classes: int, noise: float, rng: np.random.Generator) -> Examples:
    if noise < 0:
        raise ValueError(f"noise={noise}: expected a standard deviation of 0 or more.")
    pushed = (x + noise * rng.standard_normal(x.shape)).astype(np.float32)
    return Examples(pushed, y, numbered(classes), name, Sentence("Points in the plane, drawn here"))


guard(globals(), arrays=False)
