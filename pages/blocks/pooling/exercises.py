"""Exercises for "Pooling": a window's number, where a gradient goes, and what is left of a map.

Every answer is what the engine's own layers make; every worked solution follows the definition.
"""

from __future__ import annotations

import numpy as np

from engine import mistakes
from engine.exercise import Mistake, Problem, factor, matrix
from engine.layers import MaxPool2d
from engine.layers.pool_variants import LPPool2d, StochasticPool2d
from engine.sentence import Sentence
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
        mistakes=(
            Mistake(float(x[row : row + 3, column : column + 3].max()), mistakes.NO_STRIDE),
            Mistake(float(y[0, 0, column, row]), mistakes.SWAPPED),
            Mistake(
                float(cells.flat[int(np.abs(cells).argmax())]),
                Sentence("That is the largest without its sign. A number below 0 is small, however far below."),
            ),
            Mistake(float(x.max()), Sentence("That is the largest number of the whole map, not of this window.")),
        ),
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
            "sum": " + ".join(map(factor, parts)),
        },
        mistakes=(
            Mistake(float(parts[-1]), Sentence("That is the last window's gradient alone: it doesn't replace others.")),
            Mistake(float(parts[0]), Sentence("That is the first window's gradient alone. The cell won more of them.")),
            Mistake(sum(parts) / 9, Sentence("Average pooling would share it out like that. A maximum doesn't.")),
            Mistake(sum(parts) / len(parts), mistakes.AVERAGED),
        ),
    )


def tie(rng: np.random.Generator) -> Problem:
    """Which of two equal cells gets the gradient."""
    x = rng.integers(0, 7, (2, 2))
    first, second = sorted(int(cell) for cell in rng.choice(4, 2, replace=False))
    x.flat[[first, second]] = int(rng.integers(7, 10))
    dx = pool(MaxPool2d(2), _as_map(x)).back.dx
    cells = tuple(f"cell-{row}{column}" for row, column in np.ndindex(2, 2))
    smaller = Sentence("That cell isn't the largest: a little more or less there would change nothing.")
    return Problem(
        answer=cells[int(dx.argmax())],
        worked=cells[first],
        values={"x": matrix(x), "most": int(x.max())},
        choices=(*cells, "cell-both"),
        mistakes=(
            Mistake("cell-both", Sentence("That would be fair, and it isn't what is done: one cell gets all of it.")),
            Mistake(cells[second], Sentence("That is the later of the two. The first that was read stays the winner.")),
            *(Mistake(cell, smaller) for cell in cells),
        ),
    )


def dropped(rng: np.random.Generator) -> Problem:
    """How many per cent of a map's numbers a pooling layer drops."""
    kernel = int(rng.integers(2, 6))
    stride, size = int(rng.integers(2, kernel + 1)), int(rng.integers(8, 57))
    size -= size % 2 if kernel == 2 else 0
    channels = int(rng.choice([8, 16, 96]))
    found = pool(MaxPool2d(kernel, stride), np.zeros((1, channels, size, size)))
    places = (size - kernel) // stride + 1
    kept = places**2 / size**2
    return Problem(
        answer=100 * found.dropped,
        worked=100 * (1 - kept),
        values={
            "kernel": kernel,
            "stride": stride,
            "size": size,
            "channels": channels,
            "room": size - kernel,
            "places": places,
            "kept": places**2,
            "cells": size**2,
        },
        decimals=1,
        mistakes=(
            Mistake(100 * kept, Sentence("That is what is kept.")),
            Mistake(100 * (1 - places / size), Sentence("That holds along one side. A map has two.")),
            Mistake(1 - kept, Sentence("That is the share. Asked are per cent.")),
            Mistake(100 * (1 - (places - 1) ** 2 / size**2), mistakes.NO_FIRST_PLACE),
            Mistake(100 * (1 - (-(-(size - kernel) // stride) + 1) ** 2 / size**2), mistakes.BEYOND_THE_EDGE),
        ),
    )


def expected(rng: np.random.Generator) -> Problem:
    """What stochastic pooling gives in testing."""
    x = rng.choice([0, 1, 2, 3, 4, 5], 4, replace=False).reshape(2, 2)
    y = pool(StochasticPool2d(2), _as_map(x)).step.y
    total = int(x.sum())
    squares = int((x * x).sum())
    return Problem(
        answer=float(y[0, 0, 0, 0]),
        worked=float(squares / total),
        values={
            "x": matrix(x),
            "total": total,
            "squares": " + ".join(f"{value}·{value}/{total}" for value in x.flat),
        },
        decimals=2,
        mistakes=(
            Mistake(total / 4, Sentence("That is the mean. The larger a number, the larger its chance.")),
            Mistake(float(x.max()), Sentence("That is the maximum. The others count too, each with its chance.")),
            Mistake(float(squares), Sentence("The chances are shares: each number is still to be divided by the sum.")),
        ),
    )


def norm(rng: np.random.Generator) -> Problem:
    """The gradient of one cell under L2 pooling."""
    x = rng.permutation(np.array(NEAT[int(rng.integers(0, len(NEAT)))])).reshape(2, 2)
    row, column = (int(i) for i in np.argwhere(x > 0)[int(rng.integers(0, (x > 0).sum()))])
    dy = int(rng.integers(2, 6))
    found = pool(LPPool2d(2, 2), _as_map(x), lambda y: np.full_like(y, dy))
    length = float((x * x).sum()) ** 0.5
    cell = int(x[row, column])
    return Problem(
        answer=float(found.back.dx[0, 0, row, column]),
        worked=dy * cell / length,
        values={
            "x": matrix(x),
            "row": row,
            "column": column,
            "dy": dy,
            "cell": cell,
            "length": round(length),
        },
        decimals=2,
        mistakes=(
            Mistake(cell / length, Sentence("That is the cell's share. It is multiplied by dL/dy.")),
            Mistake(dy * cell / length**2, Sentence("That is divided by the sum of squares: its root is y.")),
            Mistake(float(dy * cell), Sentence("It is still to be divided by y.")),
            Mistake(dy * cell / float(x.sum()), Sentence("That is divided by the sum of the cells. y is their norm.")),
            Mistake(float(dy), Sentence("So much a maximum would get. A norm gives each cell its share.")),
        ),
    )


def _as_map(x: Array) -> Array:
    return x[None, None].astype(np.float64)


EXERCISES = (window, route, tie, dropped, norm, expected)
