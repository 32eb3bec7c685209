"""Exercises for "Batch norm": one number forwards, γ's gradient, a running average, and a way that was forgotten.

Every answer is what the engine's own layer or steps make; every worked solution follows the nine steps by hand.
"""

from __future__ import annotations

import numpy as np

from engine.exercise import Mistake, Problem, factor, listed, matrix, number
from engine.layers import BatchNorm1d
from engine.mistakes import AVERAGED
from engine.sentence import Sentence
from pages.backprop.batch_norm.compute import backward_steps, forward_steps, running_averages

# Four numbers whose distances from their mean have a whole-numbered deviation: (distances, deviation).
_SPREADS = (((-1, -1, 1, 1), 1), ((-2, -2, 2, 2), 2), ((-7, -1, 1, 7), 5), ((-4, -4, 4, 4), 4))


def standardise(rng: np.random.Generator) -> Problem:
    """y of one number in a batch of four, ε left out."""
    distances, deviation = _SPREADS[int(rng.integers(len(_SPREADS)))]
    mean, order, at = int(rng.integers(-3, 9)), rng.permutation(4), int(rng.integers(4))
    x = mean + np.array(distances)[order]
    gamma, beta = int(rng.integers(2, 5)), int(rng.integers(-3, 4))
    forward = forward_steps(x[:, None].astype(float), np.array([float(gamma)]), np.array([float(beta)]), 0.0)
    x_hat = int(x[at] - mean) / deviation
    return Problem(
        answer=float(forward["y"][at, 0]),
        worked=gamma * x_hat + beta,
        values={
            "x": listed(x),
            "number": number(x[at]),
            "gamma": gamma,
            "beta": number(beta),
            "mean": number(mean),
            "variance": deviation**2,
            "deviation": deviation,
            "x_hat": number(x_hat),
            "sum": f"{gamma} · {factor(x_hat)} + {factor(beta)}",
        },
        mistakes=(
            Mistake(x_hat, Sentence("That is x̂. Then γ and β have their turn.")),
            Mistake(gamma * x_hat, Sentence("β is missing.")),
            Mistake(x_hat + beta, Sentence("γ is missing.")),
            Mistake(
                gamma * int(x[at] - mean) / deviation**2 + beta,
                Sentence("That is divided by the variance: it is to be divided by its root."),
            ),
            Mistake(
                gamma * int(x[at] - mean) / (deviation * (4 / 3) ** 0.5) + beta,
                Sentence("The variance is the mean over all four, not over one fewer."),
            ),
            Mistake(gamma * int(x[at]) / deviation + beta, Sentence("The mean is to be taken away first.")),
        ),
    )


def gamma_gradient(rng: np.random.Generator) -> Problem:
    """dγ of one feature, from its x̂ and dy."""
    x_hat, dy = rng.choice([-1.5, -1, -0.5, 0.5, 1, 1.5], 4, replace=False), rng.choice([-2, -1, 1, 2], 4)
    grads = backward_steps({"x_hat": x_hat[:, None], "inv_std": np.ones((1, 1))}, np.ones(1), dy[:, None].astype(float))
    products = [f"{factor(left)} · {factor(right)}" for left, right in zip(dy, x_hat, strict=True)]
    return Problem(
        answer=float(grads["dweight"][0, 0]),
        worked=float(sum(float(a) * float(b) for a, b in zip(dy, x_hat, strict=True))),
        values={"x_hat": listed(x_hat), "dy": listed(dy), "sum": " + ".join(products)},
        mistakes=(
            Mistake(float(dy.sum()), Sentence("That is dβ: β was only added. γ was multiplied by x̂.")),
            Mistake(float(dy @ x_hat) / 4, AVERAGED),
            Mistake(float(x_hat.sum()), Sentence("Each x̂ counts with the gradient that arrived for it.")),
        ),
    )


def running_mean(rng: np.random.Generator) -> Problem:
    """The running mean after two batches, from 0."""
    first, second = (int(value) for value in rng.choice(np.arange(2, 40, 2), 2, replace=False))
    layer = BatchNorm1d(1)
    params = layer.init(rng, dtype=np.float64)
    for mean in (first, second):
        params |= running_averages(layer, params, np.array([[mean - 1.0], [mean + 1.0]]), 1)
    after_one = 0.1 * first
    return Problem(
        answer=float(params["running_mean"][0]),
        worked=0.9 * after_one + 0.1 * second,
        values={"first": first, "second": second, "after_one": f"{after_one:.1f}"},
        mistakes=(
            Mistake(
                0.1 * 0.9 * first + 0.9 * second,
                Sentence("Momentum is the share of the new batch here, as in PyTorch: 0.1 of it, and 0.9 of what was."),
            ),
            Mistake(after_one + 0.1 * second, Sentence("What was before counts with 0.9 only.")),
            Mistake(
                (first + second) / 2, Sentence("That is the mean of both. The running mean moves a tenth of the way.")
            ),
            Mistake(0.1 * second, Sentence("The first batch left something behind.")),
            Mistake(0.9 * first + 0.1 * second, Sentence("It started at 0, not at the first batch's mean.")),
        ),
    )


def forgotten_way(rng: np.random.Generator) -> Problem:
    """Which of x's ways to the loss did this dx leave out? Σ dx and Σ dx · x̂ tell."""
    x, dy = rng.permutation([1.0, 2.0, 4.0, 7.0, 11.0]), rng.permutation([2.0, -1.0, 1.0, 3.0, -2.0])
    while abs(dy @ (x - x.mean())) < 4:  # else the variance's way would carry next to nothing
        dy = rng.permutation(dy)
    choices = ("nothing", "mean", "variance")
    truth = choices[int(rng.integers(3))]
    forward = forward_steps(x[:, None], np.ones(1), np.zeros(1), 0.0)
    dx = backward_steps(
        forward, np.ones(1), dy[:, None], through_mean=truth != "mean", through_var=truth != "variance"
    )["dx"][:, 0]
    x_hat = forward["x_hat"][:, 0]
    total, along = float(dx.sum()), float((dx * x_hat).sum())
    worked = "mean" if abs(total) > 1e-6 else "variance" if abs(along) > 1e-6 else "nothing"
    return Problem(
        answer=truth,
        worked=worked,
        values={
            "table": matrix(np.round(np.stack([x_hat, dx]), 3)),
            "total": number(round(total, 3)),
            "along": number(round(along, 3)),
        },
        choices=choices,
        mistakes=(
            Mistake("nothing", Sentence("Both sums would be 0 then.")),
            Mistake("mean", Sentence("Without the mean's way Σ dx wouldn't be 0.")),
            Mistake("variance", Sentence("Without the variance's way only Σ dx · x̂ would not be 0.")),
        ),
    )


EXERCISES = (standardise, gamma_gradient, running_mean, forgotten_way)
