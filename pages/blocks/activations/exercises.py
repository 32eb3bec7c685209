"""Exercises for "Activations": a slope from an output, a gradient through a leak, and what a chain leaves over."""

from __future__ import annotations

import numpy as np

from engine.exercise import Mistake, Problem, factor, listed, number
from engine.layers import Linear
from engine.layers.activation import LeakyReLU, Sigmoid, Tanh
from engine.mistakes import ONE_TOO_FEW, UPHILL
from engine.sentence import Sentence
from pages.blocks.activations.compute.learning import chain

SIGNS = ("both-up", "both-down", "apart")


def slope_from_output(rng: np.random.Generator) -> Problem:
    """σ' = y·(1 - y) and tanh' = 1 - y²: a slope without knowing x."""
    sigmoid = bool(rng.integers(2))
    y = float(rng.integers(5, 96)) / 100 * (1 if sigmoid else float(rng.choice([-1, 1])))
    x = np.array([np.log(y / (1 - y)) if sigmoid else np.arctanh(y)])
    layer = Sigmoid() if sigmoid else Tanh()
    _, cache = layer.forward({}, x)
    worked = y * (1 - y) if sigmoid else 1 - y * y
    return Problem(
        answer=float(layer.backward({}, cache, np.ones(1))[0][0]),
        worked=worked,
        values={
            "name": "sigmoid" if sigmoid else "tanh",
            "y": number(y),
            "sum": f"{number(y)} × (1 − {number(y)})" if sigmoid else f"1 − {factor(y)}²",
        },
        decimals=3,
        mistakes=(
            Mistake(
                1 - y * y if sigmoid else y * (1 - y),
                Sentence("That is the slope of a {other} unit.", other="tanh" if sigmoid else "sigmoid"),
            ),
            Mistake(
                _slope(layer, y),
                Sentence("That is the slope where x = {y}. Here {y} is what the unit answers.", y=number(y)),
            ),
            Mistake(1 - y, Sentence("One factor is missing.") if sigmoid else Sentence("The square is missing.")),
        ),
    )


def gradient_through_a_leak(rng: np.random.Generator) -> Problem:
    """The sum of dx of four numbers behind a leaky ReLU: dx = dy where x > 0, else slope · dy."""
    slope = float(rng.choice([0.01, 0.1, 0.2]))
    while True:
        x, dy = rng.integers(-5, 6, 4).astype(float), rng.integers(-4, 5, 4).astype(float)
        if (x != 0).all() and (dy != 0).all() and 1 <= (x > 0).sum() <= 3:
            break
    layer = LeakyReLU(slope)
    _, cache = layer.forward({}, x)
    dx, _ = layer.backward({}, cache, dy)
    parts = [factor(d) if a > 0 else f"{slope:g} × {factor(d)}" for a, d in zip(x, dy, strict=True)]
    return Problem(
        answer=float(dx.sum()),
        worked=sum(d if a > 0 else slope * d for a, d in zip(x.tolist(), dy.tolist(), strict=True)),
        values={
            "slope": f"{slope:g}",
            "x": f"({listed(x)})",
            "dy": f"({listed(dy)})",
            "terms": " + ".join(parts),
        },
        mistakes=(
            Mistake(float(dy[x > 0].sum()), Sentence("So a plain ReLU would do it. A leaky one lets some through.")),
            Mistake(
                float(np.where(dy > 0, dy, slope * dy).sum()),
                Sentence("The sign of x decides which gradients are made smaller, not the sign of dy."),
            ),
            Mistake(float(dy.sum()), Sentence("Where x is negative, the gradient is made smaller.")),
            Mistake(
                float(np.where(x > 0, x, slope * x) @ dy), Sentence("The size of x plays no part, only its sign does.")
            ),
        ),
    )


def which_way(rng: np.random.Generator) -> Problem:
    """Which way one SGD step moves two weights: w ← w - lr·dz·x, so by the signs of dz and of the inputs."""
    x = rng.integers(1, 10, 2) / 10 * (1 if rng.integers(2) else rng.choice([-1, 1], 2))
    dz = float(rng.choice([-1, 1])) * float(rng.integers(1, 10)) / 10
    layer = Linear(2, 1, bias=False)
    _, cache = layer.forward({"weight": np.zeros((1, 2))}, x[None])
    dw = layer.backward({"weight": np.zeros((1, 2))}, cache, np.array([[dz]]))[1]["weight"][0]
    moves = -np.sign(dw)
    answer = SIGNS[0] if (moves > 0).all() else SIGNS[1] if (moves < 0).all() else SIGNS[2]
    apart = x[0] * x[1] < 0
    return Problem(
        answer=answer,
        worked=SIGNS[2] if apart else SIGNS[0] if dz * x[0] < 0 else SIGNS[1],
        values={
            "x1": number(x[0]),
            "x2": number(x[1]),
            "dz": number(dz),
            "dw1": number(dw[0]),
            "dw2": number(dw[1]),
        },
        choices=SIGNS,
        mistakes=(
            *(Mistake(way, UPHILL) for way in ((SIGNS[1], SIGNS[0]) if not apart else ())),
            Mistake(SIGNS[2], Sentence("The inputs have one sign, so both weights move the same way.")),
            *(Mistake(way, Sentence("The inputs have different signs, so the weights part.")) for way in SIGNS[:2]),
        ),
    )  # fmt: skip


def links_until_nothing(rng: np.random.Generator) -> Problem:
    """How many sigmoids of weight w bring any gradient below 10^-k? The least L with (w/4)^L < 10^-k."""
    power, weight = int(rng.integers(2, 10)), float(rng.choice([0.5, 1, 1.5, 2, 2.5, 3]))
    best = chain("sigmoid", np.zeros(1), weight, 1).bound
    length = 1
    while best**length >= 10.0**-power:
        length += 1
    return Problem(
        answer=length,
        worked=int(np.floor(power / -np.log10(weight / 4))) + 1,
        values={
            "limit": f"10^{{-{power}}}",
            "weight": number(weight),
            "share": f"{weight / 4:g}",
            "before": _in_full((weight / 4) ** (length - 1)),
            "after": _in_full((weight / 4) ** length),
            "less": length - 1,
        },
        mistakes=(
            Mistake(length - 1, ONE_TOO_FEW),
            Mistake(
                int(np.floor(power / -np.log10(1 / 4))) + 1,
                Sentence("That holds for weights of 1. Each link multiplies by its weight, too."),
            ),
            Mistake(length + 1, Sentence("One too many: one fewer is enough.")),
        ),
    )


def _slope(layer: Sigmoid | Tanh, x: float) -> float:
    _, cache = layer.forward({}, np.array([x]))
    return float(layer.backward({}, cache, np.ones(1))[0][0])


def _in_full(value: float) -> str:
    """Two digits, without a power of ten."""
    return str(np.format_float_positional(value, precision=2, fractional=False, trim="-"))


EXERCISES = (slope_from_output, gradient_through_a_leak, which_way, links_until_nothing)
