"""Exercises for "Weight initialization": the variance of a sum, and what it makes of a signal."""

from __future__ import annotations

from math import ceil, log, sqrt

import numpy as np

from engine.exercise import Mistake, Problem
from engine.mistakes import NO_ROOT, ONE_TOO_FEW
from engine.sentence import Sentence
from engine.signal import Setup, measure, network_of, predict, size_of, variance_of
from engine.signal.setup import Draw, Size

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
        mistakes=(
            Mistake(n * sigma * square, Sentence("σ is to be squared: Var(w) = σ².")),
            Mistake(sigma * sigma * square, Sentence("That is one product. There are {n} of them.", n=n)),
            Mistake(n * sigma * sigma, Sentence("The size of the inputs is missing.")),
            Mistake(sqrt(worked), Sentence("That is the standard deviation, the root of it.")),
            Mistake(n * sigma * sigma * square * square, Sentence("The mean square is squared already.")),
        ),
    )


def keep_the_variance(rng: np.random.Generator) -> Problem:
    """He: σ = √(2 / n) for layers of ReLU; Xavier: σ = √(1 / n) where the activation is close to a straight line."""
    n, relu = 10 * int(rng.integers(3, 81)), bool(rng.integers(2))
    answer = size_of(Setup(width=n, size="he" if relu else "xavier"), (n, n))
    worked = sqrt((2 if relu else 1) / n)
    return Problem(
        answer=answer,
        worked=worked,
        values={"n": n, "activation": "ReLU" if relu else "tanh", "numerator": 2 if relu else 1},
        decimals=3,
        mistakes=(
            Mistake(worked**2, NO_ROOT),
            Mistake(
                sqrt(1 / n),
                Sentence("That is for an activation that is close to a straight line. ReLU takes a half away."),
            ),
            Mistake(
                sqrt(2 / n),
                Sentence("That is for ReLU. tanh, close to a straight line about 0, takes no half away."),
            ),
            Mistake(1 / worked, Sentence("n belongs below the line: the more inputs, the smaller the weights.")),
        ),
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
            "n": n, "sigma": f"{sigma:g}", "factor": f"{factor:.4f}", "share": f"{10.0**-power:.{power}f}",
            "power": power,
        },
        mistakes=(
            Mistake(worked - 1, ONE_TOO_FEW),
            Mistake(ceil(layers / 2), Sentence("That is for the variance. Its root, the std, shrinks half as fast.")),
            Mistake(worked + 1, Sentence("One too many: one fewer is enough.")),
        ),
    )  # fmt: skip


def who_learns(rng: np.random.Generator) -> Problem:
    """Which start leaves a gradient for the first layer's weights? Measured on a small stack of the same kind."""
    activation, size, draw, sigma = _STARTS[int(rng.integers(len(_STARTS)))]
    depth, width = int(rng.choice([10, 12, 15])), int(rng.choice([50, 80, 100]))
    setup = Setup(depth=depth, width=width, activation=activation, size=size, draw=draw, sigma=sigma)
    x, dy = (rng.standard_normal((20, width), dtype=np.float32) for _ in range(2))
    reaches = measure(network_of(setup, x, rng), x, dy).dx.rms
    verdict = "nothing" if reaches == 0 else "lost" if reaches < 1e-3 else "arrives"
    worked = "nothing" if draw == "zeros" else "lost" if size == "fixed" else "arrives"
    drawn = {"fixed": f"{sigma:g}", "he": f"√(2/{width})", "xavier": f"√(1/{width})"}[size]
    fixed = width * sigma**2
    product = "0" if draw == "zeros" else {"fixed": f"{fixed:g}", "he": "2", "xavier": "1"}[size]
    return Problem(
        answer=verdict,
        worked=worked,
        values={
            "depth": depth,
            "width": width,
            "activation": "ReLU" if activation == "relu" else "tanh",
            "sigma": "0" if draw == "zeros" else drawn,
            "product": product,
        },
        choices=("arrives", "lost", "nothing"),
        mistakes=(
            Mistake(
                "arrives",
                Sentence("n · Var(w) is {product}: each layer leaves at most its root.", product=product),
            ),
            Mistake(
                "lost",
                Sentence("Weights of 0 multiply by 0: not even a little passes.")
                if draw == "zeros"
                else Sentence("n · Var(w) is {product}, which keeps the size of the gradient here.", product=product),
            ),
            Mistake("nothing", Sentence("Exactly nothing is left only where a factor is 0.")),
        ),
    )


_STARTS: tuple[tuple[str, Size, Draw, float], ...] = (
    ("relu", "he", "normal", 0.01),
    ("tanh", "xavier", "normal", 0.01),
    ("tanh", "xavier", "uniform", 0.01),
    ("tanh", "fixed", "normal", 0.01),
    ("relu", "fixed", "normal", 0.01),
    ("tanh", "fixed", "normal", 0.02),
    ("tanh", "he", "zeros", 0.01),
    ("relu", "he", "zeros", 0.01),
)


EXERCISES = (variance_of_a_sum, keep_the_variance, layers_until_lost, who_learns)
