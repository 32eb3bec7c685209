"""Exercises for "Neuron": what one unit, or two layers of them, make of a few numbers."""

from __future__ import annotations

from math import exp

import numpy as np

from engine.exercise import Mistake, Problem, factor, listed, number
from engine.mistakes import NO_BIAS
from engine.sentence import Sentence
from pages.blocks.neuron.compute import CORNERS, FUNCTIONS, TwoLayers, Unit, line_for, truth_table

GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "NOR": (1, 0, 0, 0)}
ANSWERS = ("0", "1")


def weighted_vote(rng: np.random.Generator) -> Problem:
    """z = w · x - threshold for three voters: by how much the vote passes or fails."""
    x, weight = rng.choice([-4, -3, -2, -1, 1, 2, 3, 4, 5], 3), rng.integers(1, 5, 3)
    threshold = int(rng.integers(1, 7))
    unit = Unit(tuple(map(float, weight)), -float(threshold))
    terms = [f"{factor(a)} × {b}" for a, b in zip(x.tolist(), weight.tolist(), strict=True)]
    total = int((x * weight).sum())
    return Problem(
        answer=float(unit.sums(x[None].astype(float))[0]),
        worked=float(sum(a * b for a, b in zip(x.tolist(), weight.tolist(), strict=True)) - threshold),
        values={
            "x": listed(x),
            "w": listed(weight),
            "threshold": threshold,
            "terms": " + ".join(terms),
            "sum": number(total),
        },
        mistakes=(
            Mistake(total, Sentence("That is the weighted sum: the threshold is still to be taken away.")),
            Mistake(total + threshold, Sentence("The threshold was added. It is taken away.")),
            Mistake(float(total > threshold), Sentence("That is what the unit says. Asked is the sum behind it.")),
        ),
    )


def which_function(rng: np.random.Generator) -> Problem:
    """The function that a unit with two inputs computes, found by trying the four inputs."""
    name = str(rng.choice(list(GATES)))
    side = -1 if GATES[name][0] else 1
    while True:
        a, b = (side * int(weight) / 2 for weight in rng.integers(1, 9, 2))
        c = int(rng.integers(-13, 14)) / 2
        sums = [a * p + b * q + c for p, q in CORNERS]
        by_hand = tuple(int(z > 0) for z in sums)
        if by_hand == GATES[name] and all(sums):
            break
    return Problem(
        answer=_named(truth_table(Unit((a, b), c))),
        worked=_named(by_hand),
        values={
            "w": f"({number(a)}, {number(b)})",
            "b": number(c),
            "sums": ", ".join(number(z) for z in sums),
            "bits": " ".join(map(str, by_hand)),
        },
        choices=tuple(GATES),
        mistakes=(
            Mistake(
                _named(tuple(1 - bit for bit in by_hand)),
                Sentence("That would be so if sums below 0 gave a 1. The unit says 1 where the sum is above 0."),
            ),
            Mistake(_named(truth_table(Unit((a, b), 0.0))), NO_BIAS),
        ),
    )


def soft_unit(rng: np.random.Generator) -> Problem:
    """σ(w · x + b) for two inputs."""
    weight, x = rng.integers(-3, 4, 2), rng.integers(-2, 3, 2)
    bias = int(rng.integers(-2, 3))
    z = int(weight @ x) + bias
    if abs(z) > 4 or not weight.all():
        return soft_unit(rng)
    unit = Unit((float(weight[0]), float(weight[1])), float(bias), steepness=1.0)
    return Problem(
        answer=float(unit.outputs(x[None].astype(float))[0]),
        worked=1 / (1 + exp(-z)),
        values={
            "w": f"({number(weight[0])}, {number(weight[1])})",
            "x": f"({number(x[0])}, {number(x[1])})",
            "b": number(bias),
            "z": number(z),
            "minus_z": number(-z),
            "power": f"{exp(-z):.4f}",
        },
        decimals=2,
        mistakes=(
            Mistake(1 / (1 + exp(z)), Sentence("The exponent has the wrong sign: it is −z.")),
            Mistake(1 / (1 + exp(bias - z)), NO_BIAS),
            Mistake(z, Sentence("That is the sum. It still has to go through the sigmoid.")),
        ),
    )


def two_layers(rng: np.random.Generator) -> Problem:
    """What two hidden units and one that reads them answer to one input."""
    names = [str(name) for name in rng.choice(list(GATES), 2, replace=False)]
    last = str(rng.choice(list(GATES)))
    x = CORNERS[int(rng.integers(len(CORNERS)))]
    units = [_unit(name) for name in (*names, last)]
    net = TwoLayers((units[0], units[1]), units[2])
    at = CORNERS.index(x)
    first, second = (GATES[name][at] for name in names)
    return Problem(
        answer=str(int(net.outputs(np.array([x], float))[0])),
        worked=str(GATES[last][CORNERS.index((first, second))]),
        values={
            "first": names[0],
            "second": names[1],
            "last": last,
            "x": f"({x[0]}, {x[1]})",
            "h1": first,
            "h2": second,
        },
        choices=ANSWERS,
        mistakes=(
            Mistake(
                str(GATES[last][at]),
                Sentence(
                    "{last} of the input itself would say that. The output unit reads only what the hidden ones say.",
                    last=last,
                ),
            ),
        ),
    )


def _named(bits: tuple[int, ...]) -> str:
    """The gate with this table of truth; nothing if it is none of the four."""
    return next((gate for gate, table in GATES.items() if table == bits), "")


def _unit(name: str) -> Unit:
    unit = line_for(GATES[name])
    if unit is None:
        raise ValueError(f"{name}: expected a function that one line can do; there are {len(FUNCTIONS) - 2} of them.")
    return unit


EXERCISES = (weighted_vote, which_function, soft_unit, two_layers)
