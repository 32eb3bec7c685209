"""Coloured shapes: as many small RGB pictures as wanted, where size and colour matter.

Nothing is downloaded: each picture is drawn from its definition. A shape is a set of points in its own
coordinates, where it fits in the unit circle; a pixel's coverage is the share of its 4 × 4 sample points that
lie in the set, and the picture is

    x = background + coverage · (colour - background)
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import numpy.typing as npt

from engine.data.examples import Examples
from engine.guard import guard
from engine.sentence import Sentence

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

SIZE = 32
SAMPLES = 4
LEAST_CONTRAST = 0.35
_LUMINANCE = np.array([0.299, 0.587, 0.114])


def shapes(n: int, rng: np.random.Generator) -> Examples:
    """Draw ``n`` shapes of random kind, place, size, angle and colours, each whole and plain to see: x (n, 3, 32, 32).

    The same generator state gives the same pictures. Raises ValueError for a negative ``n``.
    """
    if n < 0:
        raise ValueError(f"n={n}: expected the number of pictures to draw, 0 or more.")
    y = rng.integers(len(SHAPES), size=n)
    kinds = list(SHAPES.values())
    x = np.empty((n, 3, SIZE, SIZE), dtype=np.float32)
    for picture, label in zip(x, y, strict=True):
        picture[...] = _draw(kinds[label], rng)
    origin = Sentence("Shapes of random size, place and colours, drawn here")
    return Examples(x, y, tuple(SHAPES), "shapes-32", origin)


def _circle(u: Floats, v: Floats) -> Mask:
    return u**2 + v**2 <= 1


def _ring(u: Floats, v: Floats) -> Mask:
    return _circle(u, v) & (u**2 + v**2 >= 0.6**2)


def _square(u: Floats, v: Floats) -> Mask:
    return np.maximum(abs(u), abs(v)) <= sqrt(0.5)


def _triangle(u: Floats, v: Floats) -> Mask:
    """Equilateral, corners on the unit circle: each side is a line at distance 1/2 from the centre."""
    return (v <= 0.5) & (sqrt(3) * abs(u) - v <= 1)


def _cross(u: Floats, v: Floats) -> Mask:
    return (np.minimum(abs(u), abs(v)) <= 0.3) & (np.maximum(abs(u), abs(v)) <= 0.95)


SHAPES: dict[str, Callable[[Floats, Floats], Mask]] = {
    "circle": _circle,
    "ring": _ring,
    "square": _square,
    "triangle": _triangle,
    "cross": _cross,
}


def _draw(contains: Callable[[Floats, Floats], Mask], rng: np.random.Generator) -> Floats:
    """One picture (3, 32, 32) of the shape whose points ``contains(u, v)`` tells."""
    radius = rng.uniform(6, 14)
    centre_x, centre_y = rng.uniform(radius + 1, SIZE - radius - 1, size=2)
    angle = rng.uniform(0, 2 * np.pi)
    colour, background = _two_colours(rng)

    points = (np.arange(SIZE * SAMPLES) + 0.5) / SAMPLES
    dx, dy = points - centre_x, (points - centre_y)[:, np.newaxis]
    u = (np.cos(angle) * dx + np.sin(angle) * dy) / radius
    v = (np.cos(angle) * dy - np.sin(angle) * dx) / radius
    coverage = contains(u, v).reshape(SIZE, SAMPLES, SIZE, SAMPLES).mean(axis=(1, 3))
    picture: Floats = background + coverage * (colour - background)
    return picture


def _two_colours(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Two RGB colours (3, 1, 1) whose luminances differ enough to see one on the other, without colour vision too."""
    while True:
        colour, background = rng.uniform(size=(2, 3, 1, 1))
        if abs(_LUMINANCE @ (colour - background).ravel()) >= LEAST_CONTRAST:
            return colour, background


guard(globals(), arrays=False)
