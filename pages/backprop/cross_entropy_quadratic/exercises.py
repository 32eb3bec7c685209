"""Exercises for "Cross-entropy against quadratic cost": one sigmoid unit's gradients."""

from __future__ import annotations

import numpy as np

from engine.exercise import Problem, number
from pages.backprop.cross_entropy_quadratic.compute import COSTS

BOTH = ("cross-entropy", "quadratic")


def _unit(rng: np.random.Generator) -> tuple[float, int, float]:
    """z, the target, and the answer a to three decimals."""
    z = float(rng.choice([-4, -3, -2, -1, 1, 2, 3, 4]))
    return z, int(rng.integers(2)), round(float(1 / (1 + np.exp(-z))), 3)


def _dz(cost: str, z: float, y: int) -> float:
    value, cache = COSTS[cost].forward(np.array([[z]]), np.array([[float(y)]]))
    return float(COSTS[cost].backward(cache).item()) if np.isfinite(value) else 0.0


def quadratic_gradient(rng: np.random.Generator) -> Problem:
    """dC/dw = (a - y) · a(1 - a) · x."""
    z, y, a = _unit(rng)
    x = float(rng.choice([-2, 2, 3, 5]))
    answer = _dz("quadratic", z, y) * x
    return Problem(
        answer=answer,
        worked=(a - y) * a * (1 - a) * x,
        values={
            "a": f"{a:.3f}",
            "y": y,
            "x": number(x),
            "gap": number(round(a - y, 3)),
            "slope": f"{a * (1 - a):.4f}",
        },
        tolerance=max(0.05 * abs(answer), 1e-4),
    )


def cross_entropy_gradient(rng: np.random.Generator) -> Problem:
    """dC/dw = (a - y) · x."""
    z, y, a = _unit(rng)
    x = float(rng.choice([-2, 2, 3, 5]))
    answer = _dz("cross_entropy", z, y) * x
    return Problem(
        answer=answer,
        worked=(a - y) * x,
        values={"a": f"{a:.3f}", "y": y, "x": number(x), "gap": number(round(a - y, 3))},
        tolerance=max(0.02 * abs(answer), 0.003),
    )


def how_many_times(rng: np.random.Generator) -> Problem:
    """Cross-entropy's gradient over the quadratic one's: 1 / (a(1 - a))."""
    a = float(rng.choice([0.8, 0.9, 0.95, 0.98, 0.99]))
    z = float(np.log(a / (1 - a)))
    answer = _dz("cross_entropy", z, 0) / _dz("quadratic", z, 0)
    return Problem(
        answer=answer,
        worked=1 / (a * (1 - a)),
        values={"a": number(a), "slope": number(round(a * (1 - a), 6))},
        tolerance=0.02 * answer,
    )


def who_moves_first(rng: np.random.Generator) -> Problem:
    """Which cost makes the larger first step; from a start where σ is flat, and from one where a rate makes up."""
    z, y, a = _unit(rng)
    factor = int(rng.choice([2, 4, 8, 20]))
    quadratic, entropy = abs(_dz("quadratic", z, y)) * factor, abs(_dz("cross_entropy", z, y))
    by_hand = a * (1 - a) * factor
    if abs(by_hand - 1) < 0.05:
        return who_moves_first(rng)
    return Problem(
        answer=BOTH[int(quadratic > entropy)],
        worked=BOTH[int(by_hand > 1)],
        values={
            "a": f"{a:.3f}",
            "y": y,
            "factor": factor,
            "slope": f"{a * (1 - a):.4f}",
            "product": f"{by_hand:.3f}",
        },
        choices=BOTH,
    )


EXERCISES = (quadratic_gradient, cross_entropy_gradient, how_many_times, who_moves_first)
