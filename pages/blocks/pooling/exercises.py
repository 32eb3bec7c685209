"""Exercises for "Pooling": a window's number, where a gradient goes, and what is left of a map.

Every answer is what the engine's own layers make; every worked solution follows the definition.
"""

from __future__ import annotations

import numpy as np

from engine.exercise import Problem, matrix
from engine.layers import MaxPool2d
from engine.layers.pool_variants import LPPool2d, StochasticPool2d
from engine.types import Array
from pages.blocks.pooling.compute import pool

NEAT = ((1, 2, 2, 0), (3, 4, 0, 0), (2, 3, 6, 0), (1, 4, 8, 0), (2, 4, 5, 6), (1, 3, 3, 9), (2, 4, 4, 8))
"""Windows whose L2 norm is a whole number."""


def window(rng: np.random.Generator) -> Problem:
    """One output of max pooling with overlapping windows."""
    x = rng.integers(-9, 10, (5, 5))
    row, column = (int(i) for i in rng.integers(0, 2, 2))
    y = pool(MaxPool2d(3, 2), _as_map(x)).step.y
    cells = x[2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
    return Problem(
        answer=float(y[0, 0, row, column]),
        worked=float(cells.max()),
        values={"x": matrix(x), "row": row, "column": column, "cells": matrix(cells)},
    )


def route(rng: np.random.Generator) -> Problem:
    """dx of a cell that wins more than one overlapping window."""
    x, dy = rng.permutation(25).reshape(5, 5), rng.integers(-4, 5, (2, 2))
    # Row 2 and column 2 lie in two windows each: the strongest cell there wins both, or all four.
    row, column = ((2, 2), (2, 1), (1, 2))[int(rng.integers(0, 3))]
    x[row, column] = 30
    found = pool(MaxPool2d(3, 2), _as_map(x), lambda y: dy.reshape(y.shape).astype(y.dtype))
    won = [(i, j) for i, j in np.ndindex(2, 2) if 2 * i <= row <= 2 * i + 2 and 2 * j <= column <= 2 * j + 2]
    parts = [int(dy[place]) for place in won]
    return Problem(
        answer=float(found.back.dx[0, 0, row, column]),
        worked=float(sum(parts)),
        values={
            "x": matrix(x),
            "dy": matrix(dy),
            "row": row,
            "column": column,
            "windows": len(won),
            "sum": " + ".join(f"({part})" if part < 0 else str(part) for part in parts),
        },
    )


def tie(rng: np.random.Generator) -> Problem:
    """Which of two equal cells gets the gradient."""
    x = rng.integers(0, 7, (2, 2))
    first, second = sorted(int(cell) for cell in rng.choice(4, 2, replace=False))
    x.flat[[first, second]] = int(rng.integers(7, 10))
    dx = pool(MaxPool2d(2), _as_map(x)).back.dx
    cells = tuple(f"cell-{row}{column}" for row, column in np.ndindex(2, 2))
    return Problem(
        answer=cells[int(dx.argmax())],
        worked=cells[first],
        values={"x": matrix(x), "most": int(x.max())},
        choices=(*cells, "cell-both"),
    )


def dropped(rng: np.random.Generator) -> Problem:
    """How many per cent of a map's numbers a pooling layer drops."""
    kernel, stride, size = ((2, 2, 28), (2, 2, 8), (3, 3, 27), (4, 4, 32), (3, 2, 55), (5, 5, 20))[
        int(rng.integers(0, 6))
    ]
    channels = int(rng.choice([8, 16, 96]))
    found = pool(MaxPool2d(kernel, stride), np.zeros((1, channels, size, size)))
    places = (size - kernel) // stride + 1
    return Problem(
        answer=100 * found.dropped,
        worked=100 * (1 - places**2 / size**2),
        values={
            "kernel": kernel,
            "stride": stride,
            "size": size,
            "channels": channels,
            "places": places,
            "kept": places**2,
            "cells": size**2,
        },
        tolerance=0.1,
    )


def expected(rng: np.random.Generator) -> Problem:
    """What stochastic pooling gives in testing."""
    x = rng.choice([0, 1, 2, 3, 4, 5], 4, replace=False).reshape(2, 2)
    y = pool(StochasticPool2d(2), _as_map(x)).step.y
    total = int(x.sum())
    return Problem(
        answer=float(y[0, 0, 0, 0]),
        worked=float((x * x).sum() / total),
        values={
            "x": matrix(x),
            "total": total,
            "squares": " + ".join(f"{value}·{value}/{total}" for value in x.flat),
        },
        tolerance=0.01,
    )


def norm(rng: np.random.Generator) -> Problem:
    """The gradient of one cell under L2 pooling."""
    x = rng.permutation(np.array(NEAT[int(rng.integers(0, len(NEAT)))])).reshape(2, 2)
    row, column = (int(i) for i in np.argwhere(x > 0)[int(rng.integers(0, (x > 0).sum()))])
    dy = int(rng.integers(2, 6))
    found = pool(LPPool2d(2, 2), _as_map(x), lambda y: np.full_like(y, dy))
    length = float((x * x).sum()) ** 0.5
    return Problem(
        answer=float(found.back.dx[0, 0, row, column]),
        worked=dy * float(x[row, column]) / length,
        values={
            "x": matrix(x),
            "row": row,
            "column": column,
            "dy": dy,
            "cell": int(x[row, column]),
            "length": round(length),
        },
        tolerance=0.01,
    )


def _as_map(x: Array) -> Array:
    return x[None, None].astype(np.float64)


EXERCISES = (window, route, tie, dropped, norm, expected)
