"""The sample lesson's problems, worked out by the engine."""

import numpy as np

from engine.exercise import Mistake, Problem
from engine.layers import Conv2d
from engine.mistakes import NO_BIAS


def size(rng: np.random.Generator) -> Problem:
    height, width, padding = (int(n) for n in rng.integers((6, 6, 0), (12, 12, 2)))
    shape = Conv2d(1, 8, 3, padding=padding).output_shape((1, height, width))
    worked = (8, height - 2 + 2 * padding, width - 2 + 2 * padding)
    return Problem(shape, worked, {"height": height, "width": width, "padding": padding})


def total(rng: np.random.Generator) -> Problem:
    a, b = (int(n) for n in rng.integers(2, 9, 2))
    mistakes = (Mistake(float(a * b), NO_BIAS),)
    return Problem(float(np.dot([a, 1], [b, 1])), a * b + 1, {"a": a, "b": b}, mistakes=mistakes)
