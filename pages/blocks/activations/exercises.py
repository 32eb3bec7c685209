"""Exercises for "Activations": a slope from an output, a gradient through a leak, and what a chain leaves over."""

from __future__ import annotations

import numpy as np

from engine.exercise import Problem
from engine.layers import Linear
from engine.layers.activation import LeakyReLU, Sigmoid, Tanh
from engine.types import Array
from pages.blocks.activations.compute.learning import chain

SIGNS = ("both-up", "both-down", "apart")


def slope_from_output(rng: np.random.Generator) -> Problem:
    """σ' = y·(1 - y) and tanh' = 1 - y²: a slope without knowing x."""
    sigmoid = bool(rng.integers(2))
    y = float(rng.integers(1, 10)) / 10 * (1 if sigmoid else float(rng.choice([-1, 1])))
    x = np.array([np.log(y / (1 - y)) if sigmoid else np.arctanh(y)])
    layer = Sigmoid() if sigmoid else Tanh()
    _, cache = layer.forward({}, x)
    worked = y * (1 - y) if sigmoid else 1 - y * y
    return Problem(
        answer=float(layer.backward({}, cache, np.ones(1))[0][0]),
        worked=worked,
        values={
            "name": "sigmoid" if sigmoid else "tanh",
            "y": _written(y),
            "sum": f"{_written(y)} × (1 − {_written(y)})" if sigmoid else f"1 − ({_written(y)})²",
        },
        tolerance=1e-3,
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
    parts = [f"{_written(d)}" if a > 0 else f"{slope:g} × {_bracketed(d)}" for a, d in zip(x, dy, strict=True)]
    return Problem(
        answer=float(dx.sum()),
        worked=sum(d if a > 0 else slope * d for a, d in zip(x.tolist(), dy.tolist(), strict=True)),
        values={"slope": f"{slope:g}", "x": _row(x), "dy": _row(dy), "terms": " + ".join(parts)},
        tolerance=1e-6,
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
            "x1": _written(x[0]),
            "x2": _written(x[1]),
            "dz": _written(dz),
            "dw1": _written(dw[0]),
            "dw2": _written(dw[1]),
        },
        choices=SIGNS,
    )  # fmt: skip


def links_until_nothing(rng: np.random.Generator) -> Problem:
    """How many sigmoids of weight w bring any gradient below 10^-k? The least L with (w/4)^L < 10^-k."""
    power, weight = int(rng.integers(2, 8)), int(rng.choice([1, 2]))
    best = chain("sigmoid", np.zeros(1), float(weight), 1).bound
    length = 1
    while best**length >= 10.0**-power:
        length += 1
    return Problem(
        answer=length,
        worked=int(np.floor(power / -np.log10(weight / 4))) + 1,
        values={
            "limit": f"10^{{-{power}}}",
            "weight": weight,
            "share": f"{weight / 4:g}",
            "before": f"{(weight / 4) ** (length - 1):.2g}",
            "after": f"{(weight / 4) ** length:.2g}",
            "less": length - 1,
        },
    )


def _written(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _bracketed(value: float) -> str:
    return f"({_written(value)})" if value < 0 else _written(value)


def _row(values: Array) -> str:
    return "(" + ", ".join(_written(v) for v in values.tolist()) + ")"


EXERCISES = (slope_from_output, gradient_through_a_leak, which_way, links_until_nothing)
