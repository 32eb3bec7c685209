"""Exercises for "Cross-entropy against quadratic cost": one sigmoid unit's gradients."""

from __future__ import annotations

import numpy as np

from engine.exercise import Mistake, Problem, factor, number
from engine.mistakes import NO_INPUT, NO_SLOPE
from engine.sentence import Sentence
from pages.backprop.cross_entropy_quadratic.compute import COSTS

BOTH = ("cross-entropy", "quadratic")


def _unit(rng: np.random.Generator) -> tuple[float, int, float]:
    """z, the target, and the answer a, which two decimals say exactly."""
    a = float(rng.integers(3, 98)) / 100
    return float(np.log(a / (1 - a))), int(rng.integers(2)), a


def _dz(cost: str, z: float, y: int) -> float:
    value, cache = COSTS[cost].forward(np.array([[z]]), np.array([[float(y)]]))
    return float(COSTS[cost].backward(cache).item()) if np.isfinite(value) else 0.0


def quadratic_gradient(rng: np.random.Generator) -> Problem:
    """dC/dw = (a - y) · a(1 - a) · x."""
    z, y, a = _unit(rng)
    x = float(rng.choice([-2, 2, 3, 5]))
    answer = _dz("quadratic", z, y) * x
    if abs(answer) < 0.01:
        return quadratic_gradient(rng)
    return Problem(
        answer=answer,
        worked=(a - y) * a * (1 - a) * x,
        values={
            "a": f"{a:.2f}",
            "y": y,
            "x": number(x),
            "gap": number(round(a - y, 2)),
            "slope": f"{a * (1 - a):.4f}",
            "factor": factor(x),
        },
        decimals=3,
        mistakes=(
            Mistake((a - y) * x, NO_SLOPE),
            Mistake((a - y) * a * (1 - a), NO_INPUT),
            Mistake(2 * answer, Sentence("The cost has the factor ½, so its slope is the gap, not twice that.")),
            Mistake((a - y) ** 2 / 2, Sentence("That is the cost. Asked is its slope for the weight.")),
        ),
    )


def cross_entropy_gradient(rng: np.random.Generator) -> Problem:
    """dC/dw = (a - y) · x."""
    z, y, a = _unit(rng)
    x = float(rng.choice([-2, 2, 3, 5]))
    answer = _dz("cross_entropy", z, y) * x
    return Problem(
        answer=answer,
        worked=(a - y) * x,
        values={"a": f"{a:.2f}", "y": y, "x": number(x), "gap": number(round(a - y, 2)), "factor": factor(x)},
        decimals=2,
        mistakes=(
            Mistake((a - y) * a * (1 - a) * x, Sentence("With the cross-entropy, the slope of the sigmoid cancels.")),
            Mistake(a - y, NO_INPUT),
            Mistake(
                -float(np.log(a if y else 1 - a)), Sentence("That is the cost. Asked is its slope for the weight.")
            ),
        ),
    )


def how_many_times(rng: np.random.Generator) -> Problem:
    """Cross-entropy's gradient over the quadratic one's: 1 / (a(1 - a))."""
    a = float(rng.integers(51, 100)) / 100
    z = float(np.log(a / (1 - a)))
    answer = _dz("cross_entropy", z, 0) / _dz("quadratic", z, 0)
    return Problem(
        answer=answer,
        worked=1 / (a * (1 - a)),
        values={"a": number(a), "slope": number(round(a * (1 - a), 6))},
        decimals=1,
        mistakes=(
            Mistake(
                a * (1 - a), Sentence("That is the other way round: how many times as large the quadratic one is.")
            ),
            Mistake(1 / (1 - a), Sentence("The slope is a(1 − a): the factor a is missing.")),
            Mistake(1 / a, Sentence("The slope is a(1 − a): the factor 1 − a is missing.")),
            Mistake(a, Sentence("That is the gradient of the cross-entropy itself.")),
        ),
    )


def who_moves_first(rng: np.random.Generator) -> Problem:
    """Which cost makes the larger first step; from a start where σ is flat, and from one where a rate makes up."""
    z, y, a = _unit(rng)
    times = int(rng.choice([2, 4, 8, 20]))
    quadratic, entropy = abs(_dz("quadratic", z, y)) * times, abs(_dz("cross_entropy", z, y))
    by_hand = a * (1 - a) * times
    if abs(by_hand - 1) < 0.05:
        return who_moves_first(rng)
    return Problem(
        answer=BOTH[int(quadratic > entropy)],
        worked=BOTH[int(by_hand > 1)],
        values={
            "a": f"{a:.2f}",
            "y": y,
            "factor": times,
            "slope": f"{a * (1 - a):.4f}",
            "product": number(round(by_hand, 4)),
        },
        choices=BOTH,
        mistakes=(
            Mistake(
                "quadratic",
                Sentence("The rate alone would say so. But the slope is at most ¼, and here it takes more than that."),
            ),
            Mistake(
                "cross-entropy",
                Sentence("Without the larger rate it would. Here the rate makes up for more than the slope takes."),
            ),
        ),
    )


EXERCISES = (quadratic_gradient, cross_entropy_gradient, how_many_times, who_moves_first)
