"""Exercises for "Vanishing and exploding": bounds, gains, links and a product of two Jacobians."""

from __future__ import annotations

import numpy as np

from engine.exercise import Problem
from engine.layers import Sigmoid
from engine.types import Array
from pages.backprop.vanishing.compute.jacobian import pair, products
from pages.backprop.vanishing.compute.prediction import predict
from pages.backprop.vanishing.compute.setup import Deep


def quarter_bound(rng: np.random.Generator) -> Problem:
    """The most that L sigmoids in a row, with weights of size w, leave of a gradient: (w/4)^L, in powers of ten."""
    layers, weight = int(rng.integers(5, 60)), float(rng.choice([1.0, 2.0, 3.0]))
    layer = Sigmoid()
    _, cache = layer.forward({}, np.zeros(1))
    steepest = float(layer.backward({}, cache, np.ones(1))[0][0])
    share = weight * steepest
    return Problem(
        answer=float(np.log10(share) * layers),
        worked=layers * float(np.log10(weight / 4)),
        values={
            "layers": layers,
            "weight": f"{weight:g}",
            "share": f"{share:g}",
            "log": f"{np.log10(share):.4f}".replace("-", "−"),
        },
        tolerance=0.06,
    )


def gain_of_a_layer(rng: np.random.Generator) -> Problem:
    """gain = √(n · Var(w) · E[f′²]) of a ReLU layer, whose E[f′²] is 1/2."""
    width, per = int(rng.choice([50, 100, 200, 400])), float(rng.choice([0.5, 1.0, 1.5, 2.0, 3.0, 4.0]))
    deep = Deep(1, width, "relu", size="xavier", times=float(np.sqrt(per)))
    return Problem(
        answer=float(predict(deep).gain[0]),
        worked=float(np.sqrt(per * 0.5)),
        values={"width": width, "var": f"{per / width:g}", "product": f"{per * 0.5:g}"},
        tolerance=0.006,
    )


def layers_until_lost(rng: np.random.Generator) -> Problem:
    """The least L with factor^L < 10^-power."""
    factor, power = float(rng.choice([0.5, 0.6, 0.7, 0.8, 0.9])), int(rng.integers(3, 9))
    layers = int(np.argmax(np.cumprod(np.full(500, factor)) < 10.0**-power)) + 1
    return Problem(
        answer=layers,
        worked=int(np.floor(power / -np.log10(factor))) + 1,
        values={
            "factor": f"{factor:g}",
            "power": power,
            "log": f"{-np.log10(factor):.4f}",
            "quotient": f"{power / -np.log10(factor):.2f}",
        },
    )


def with_x_added(rng: np.random.Generator) -> Problem:
    """gain = √(1 + g²) of a layer whose branch alone has the gain g, and what L of them make."""
    branch, layers = float(rng.choice([0.1, 0.2, 0.3, 0.5, 1.0])), int(rng.choice([10, 20, 50]))
    deep = Deep(layers, 100, "linear", times=branch, shortcut="residual")
    return Problem(
        answer=float(predict(deep).dy[0]),
        worked=float((1 + branch**2) ** (layers / 2)),
        values={
            "branch": f"{branch:g}",
            "layers": layers,
            "gain": f"{np.sqrt(1 + branch**2):.4f}",
            "alone": f"{branch**layers:.1e}".replace("-", "−"),
        },
        tolerance=0.005 * float((1 + branch**2) ** (layers / 2)),
    )


def two_jacobians(rng: np.random.Generator) -> Problem:
    """One entry of J₂ · J₁ for two ReLU layers, a unit of which may be off."""
    while True:
        weights = rng.integers(-3, 4, (2, 2, 2)).astype(float)
        found = pair(weights, "relu", "none", np.array([1.0, 2.0]))
        if found.slopes.sum() == 3 and np.any(products(found.js)[0]):
            break
    row, column = (int(i) for i in np.argwhere(products(found.js)[0])[0])
    first, second = found.js
    return Problem(
        answer=float(found.products[0][row, column]),
        worked=float(sum(second[row, k] * first[k, column] for k in range(2))),
        values={
            "w1": _matrix(weights[0]),
            "w2": _matrix(weights[1]),
            "slopes1": _row(found.slopes[0]),
            "slopes2": _row(found.slopes[1]),
            "j1": _matrix(first),
            "j2": _matrix(second),
            "row": row + 1,
            "column": column + 1,
            "sum": " + ".join(f"({_whole(second[row, k])}) · ({_whole(first[k, column])})" for k in range(2)),
        },
        tolerance=1e-6,
    )


def _whole(value: float) -> str:
    return f"{value + 0.0:g}".replace("-", "−")


def _row(values: Array) -> str:
    return "(" + ", ".join(_whole(v) for v in values) + ")"


def _matrix(values: Array) -> str:
    rows = (" & ".join(f"{v + 0.0:g}" for v in row) for row in values)
    return r"\begin{pmatrix}" + r" \\ ".join(rows) + r"\end{pmatrix}"


EXERCISES = (quarter_bound, gain_of_a_layer, layers_until_lost, with_x_added, two_jacobians)
