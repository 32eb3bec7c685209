"""Exercises for "Feature maps": how empty a map is, which is strongest, what a kernel tells apart, what a unit sees.

Every answer comes from engine.feature_maps and the receptive fields; every worked solution from counting by hand.
"""

from __future__ import annotations

import numpy as np

from engine.analysis.receptive_field import receptive_fields
from engine.exercise import Mistake, Problem, matrix, number
from engine.sentence import Sentence
from engine.zoo.digit_network import pretrained_digit_network
from pages.inside.feature_maps.compute import direction, sparsity, strongest

RUNS = ("rows", "columns", "neither")
LAYERS = ("pool1", "conv2", "pool2")


def empty_share(rng: np.random.Generator) -> Problem:
    """The share of a small map that ReLU makes 0."""
    values = rng.integers(-4, 6, size=(4, 4)).astype(np.float64)
    empty = sum(value <= 0 for value in values.ravel())
    return Problem(
        answer=float(sparsity(values[None])[0]),
        worked=float(empty) / 16,
        values={"map": matrix(values), "count": int(empty)},
        decimals=2,
        mistakes=(
            Mistake(1 - empty / 16, Sentence("That is the share of those that are not empty.")),
            Mistake(float((values < 0).sum()) / 16, Sentence("A 0 is empty too: ReLU leaves 0 of it.")),
            Mistake(float(empty), Sentence("That is how many. Asked is their share of the 16.")),
            Mistake(100 * empty / 16, Sentence("Those are per cent. Asked is the share itself.")),
        ),
    )


def stronger_map(rng: np.random.Generator) -> Problem:
    """Of two maps one has the largest number, the other the larger mean after ReLU; which is strongest by the mean?"""
    while True:
        maps = rng.integers(-3, 4, size=(2, 3, 3)).astype(np.float64)
        maps[0].flat[int(rng.integers(9))] = float(rng.integers(6, 10))
        maps[1] = np.maximum(maps[1] + rng.integers(1, 4), -3)
        maps = maps[rng.permutation(2)]
        sums = [sum(max(value, 0) for value in each.ravel()) for each in maps]
        if strongest(maps, "max")[0] != strongest(maps, "mean")[0] and sums[0] != sums[1]:
            break
    names = ("A", "B")
    return Problem(
        answer=names[int(strongest(maps, "mean")[0])],
        worked=names[0] if sums[0] > sums[1] else names[1],
        values={
            "a": matrix(maps[0]),
            "b": matrix(maps[1]),
            "sum_a": number(sums[0]),
            "sum_b": number(sums[1]),
            "by_max": names[int(strongest(maps, "max")[0])],
        },
        choices=names,
        mistakes=(
            Mistake(
                names[int(strongest(maps, "max")[0])],
                Sentence("It has the largest number, and that is one of nine. By the mean all of them count."),
            ),
        ),
    )


def which_strokes(rng: np.random.Generator) -> Problem:
    """Which strokes a kernel tells apart: one whose rows differ, one whose columns do, or a slanted one."""
    kind = int(rng.integers(3))
    steps = rng.permutation([-2, 1, 3]) if rng.random() < 0.5 else np.array([-2, 0, 2]) * int(rng.choice([-1, 1]))
    noise = rng.integers(0, 2, size=(3, 3)) / 2
    if kind == 2:
        kernel = np.array([steps[(i + j) % 3] for i in range(3) for j in range(3)], float).reshape(3, 3)
    else:
        kernel = np.repeat(steps[:, None], 3, axis=1).astype(float) + noise
        kernel = kernel if kind == 0 else kernel.T
    run = direction(kernel)
    shares = {"rows": run.rows, "columns": run.columns, "neither": run.rest}
    spread = [float(np.ptp(kernel.sum(axis=axis))) for axis in (1, 0)]
    by_hand = "rows" if spread[0] > 2 * spread[1] else "columns" if spread[1] > 2 * spread[0] else "neither"
    return Problem(
        answer=max(shares, key=lambda name: shares[name]),
        worked=by_hand,
        values={
            "kernel": matrix(kernel),
            "rows": ", ".join(number(total) for total in kernel.sum(axis=1)),
            "columns": ", ".join(number(total) for total in kernel.sum(axis=0)),
        },
        choices=RUNS,
        mistakes=(
            Mistake(
                RUNS[1], Sentence("A vertical stroke fills a column alike: the kernel's columns would have to differ.")
            ),
            Mistake(
                RUNS[0], Sentence("A horizontal stroke fills a row alike: the kernel's rows would have to differ.")
            ),
            Mistake(RUNS[2], Sentence("One of the two sets of sums differs far more than the other.")),
        ),
    )


def last_row(rng: np.random.Generator) -> Problem:
    """The last row of the image that a unit of the digit network's layers sees, on pictures of any height."""
    layers = pretrained_digit_network().layers
    spatial = layers[: 1 + max(at for at, (name, _layer) in enumerate(layers) if name in LAYERS)]
    height = 4 * int(rng.integers(2, 7))
    fields = {field.name: field for field in receptive_fields(spatial, (1, height, height))}
    layer = str(rng.choice(LAYERS))
    field = fields[layer]
    row = int(rng.integers(0, field.units[0]))
    box = field.pixels((row, 0)).clip((height, height))
    begin = field.first[0] + row * field.jump[0]
    end = begin + field.size[0] - 1
    return Problem(
        answer=float(box.bottom - 1),
        worked=float(min(end, height - 1)),
        values={
            "layer": layer,
            "row": row,
            "size": field.size[0],
            "jump": field.jump[0],
            "first": number(field.first[0]),
            "end": number(end),
            "height": height,
            "last": height - 1,
        },
        mistakes=(
            Mistake(float(end), Sentence("That row lies on the padding: the picture ends before it.")),
            Mistake(
                float(min(end + 1, height)), Sentence("That is one row too far: the first of the rows counts too.")
            ),
            Mistake(float(max(begin, 0)), Sentence("That is the first row that it sees.")),
            Mistake(
                float(row * field.jump[0] + field.size[0] - 1),
                Sentence("The first unit doesn't begin at row 0: it begins on the padding."),
            ),
        ),
    )


EXERCISES = (which_strokes, empty_share, stronger_map, last_row)
