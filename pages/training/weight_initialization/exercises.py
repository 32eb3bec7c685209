"""Exercises for "Weight initialization": the variance of a sum, and what it makes of a signal."""

from __future__ import annotations

from math import ceil, log, sqrt

import numpy as np

from engine.exercise import Problem
from engine.signal import Setup, measure, network_of, predict, size_of, variance_of

WIDTHS = (50, 100, 200, 400, 500)


def variance_of_a_sum(rng: np.random.Generator) -> Problem:
    """Var(s) = n · Var(w) · E[x²]."""
    n, sigma = int(rng.choice(WIDTHS)), float(rng.choice([0.01, 0.02, 0.05, 0.1]))
    square = float(rng.choice([0.25, 0.5, 1, 2, 4]))
    answer = n * variance_of(Setup(sigma=sigma, width=n), (n, n)) * square
    worked = n * sigma * sigma * square
    return Problem(
        answer=answer,
        worked=worked,
        values={"n": n, "sigma": f"{sigma:g}", "var_w": f"{sigma**2:g}", "square": f"{square:g}"},
        tolerance=0.01 * worked,
    )


def keep_the_variance(rng: np.random.Generator) -> Problem:
    """He: σ = √(2 / n) for layers of ReLU; Xavier: σ = √(1 / n) where the activation is close to a straight line."""
    n, relu = int(rng.choice(WIDTHS)), bool(rng.integers(2))
    answer = size_of(Setup(width=n, size="he" if relu else "xavier"), (n, n))
    worked = sqrt((2 if relu else 1) / n)
    return Problem(
        answer=answer,
        worked=worked,
        values={"n": n, "activation": "ReLU" if relu else "tanh", "numerator": 2 if relu else 1},
        tolerance=0.02 * worked,
    )


def layers_until_lost(rng: np.random.Generator) -> Problem:
    """Each layer multiplies a small signal's std by √(n · Var(w)): after ⌈ln share / ln factor⌉ layers it is lost.

    tanh is a straight line for sums as small as these, so the engine's prediction with tanh must say the same.
    """
    layers = 0.0
    while abs(layers - round(layers)) < 0.05:  # on the edge, rounding would decide
        n, sigma = int(rng.choice(WIDTHS)), float(rng.choice([0.005, 0.01, 0.015]))
        power, factor = int(rng.integers(2, 6)), sqrt(n) * sigma
        layers = -power * log(10) / log(factor)
    worked = ceil(layers)
    small = 1e-3
    found = predict(Setup(depth=worked + 2, width=n, sigma=sigma), (n,), small**2).std / small
    return Problem(
        answer=int(np.argmax(found < 10.0**-power)),
        worked=worked,
        values={
            "n": n, "sigma": f"{sigma:g}", "factor": f"{factor:.4f}", "share": f"{10.0**-power:g}", "power": power,
        },
    )  # fmt: skip


def who_learns(rng: np.random.Generator) -> Problem:
    """Which start leaves a gradient for the first layer's weights? Measured on a small stack of the same kind."""
    activation, size, draw = [
        ("relu", "he", "normal"), ("tanh", "xavier", "normal"), ("tanh", "fixed", "normal"), ("tanh", "he", "zeros"),
        ("relu", "he", "zeros"), ("tanh", "xavier", "uniform"),
    ][int(rng.integers(6))]  # fmt: skip
    setup = Setup(depth=10, width=100, activation=activation, size=size, draw=draw, sigma=0.01)  # type: ignore[arg-type]
    x, dy = (rng.standard_normal((100, 100), dtype=np.float32) for _ in range(2))
    reaches = measure(network_of(setup, x, rng), x, dy).dx.rms
    verdict = "nothing" if reaches == 0 else "lost" if reaches < 1e-3 else "arrives"
    worked = "nothing" if draw == "zeros" else "lost" if size == "fixed" else "arrives"
    drawn = {"fixed": "0.01", "he": "√(2/100)", "xavier": "√(1/100)"}[size]
    return Problem(
        answer=verdict,
        worked=worked,
        values={
            "activation": "ReLU" if activation == "relu" else "tanh",
            "sigma": "0" if draw == "zeros" else drawn,
            "product": "0" if draw == "zeros" else {"fixed": "0.01", "he": "2", "xavier": "1"}[size],
        },
        choices=("arrives", "lost", "nothing"),
    )


EXERCISES = (variance_of_a_sum, keep_the_variance, layers_until_lost, who_learns)
