"""Exercises for "Vanishing and exploding": bounds, gains, links and a product of two Jacobians."""

from __future__ import annotations

import numpy as np

from engine.exercise import Mistake, Problem, factor, listed
from engine.layers import Sigmoid
from engine.mistakes import NO_ROOT, ONE_TOO_FEW
from engine.sentence import Sentence
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
        decimals=1,
        mistakes=(
            Mistake(
                float(np.log(share) * layers), Sentence("That is the natural logarithm. Asked is the power of ten.")
            ),
            Mistake(float(np.log10(0.25) * layers), Sentence("Each link multiplies by its weight, too.")),
            Mistake(float(np.log10(share)), Sentence("That is what one link takes.")),
            Mistake(float(share**layers), Sentence("That is what is left. Asked is the power of ten.")),
        ),
    )


def gain_of_a_layer(rng: np.random.Generator) -> Problem:
    """gain = √(n · Var(w) · E[f′²]) of a ReLU layer, whose E[f′²] is 1/2."""
    width = int(rng.choice([50, 100, 200, 250, 400, 500]))
    per = float(rng.choice([0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0]))
    deep = Deep(1, width, "relu", size="xavier", times=float(np.sqrt(per)))
    return Problem(
        answer=float(predict(deep).gain[0]),
        worked=float(np.sqrt(per * 0.5)),
        values={"width": width, "var": f"{per / width:g}", "product": f"{per * 0.5:g}"},
        decimals=2,
        mistakes=(
            Mistake(per * 0.5, NO_ROOT),
            Mistake(float(np.sqrt(per)), Sentence("ReLU's slope is missing: it is 0 for half of the numbers.")),
            Mistake(float(np.sqrt(per) * 0.5), Sentence("The ½ is the mean of f′², so it belongs under the root.")),
            Mistake(per, Sentence("The slope is missing, and the root.")),
        ),
    )


def layers_until_lost(rng: np.random.Generator) -> Problem:
    """The least L with factor^L < 10^-power."""
    share = float(rng.choice([0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9]))
    power = int(rng.integers(3, 9))
    layers = int(np.argmax(np.cumprod(np.full(500, share)) < 10.0**-power)) + 1
    log = round(float(-np.log10(share)), 5)
    return Problem(
        answer=layers,
        worked=int(np.floor(power / log)) + 1,
        values={
            "factor": f"{share:g}",
            "power": power,
            "log": f"{log:.5f}",
            "quotient": f"{power / log:.2f}",
        },
        mistakes=(
            Mistake(layers - 1, ONE_TOO_FEW),
            Mistake(
                int(np.floor(power / -np.log(share))) + 1,
                Sentence("Both logarithms must have one base: the limit is a power of ten."),
            ),
            Mistake(layers + 1, Sentence("One too many: one fewer is enough.")),
        ),
    )


def with_x_added(rng: np.random.Generator) -> Problem:
    """gain = √(1 + g²) of a layer whose branch alone has the gain g, and what L of them make."""
    branch = float(rng.choice([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0]))
    layers = int(rng.choice([4, 6, 10, 12, 20, 30, 50]))
    if (1 + branch**2) ** (layers / 2) > 100:
        return with_x_added(rng)
    deep = Deep(layers, 100, "linear", times=branch, shortcut="residual")
    return Problem(
        answer=float(predict(deep).dy[0]),
        worked=float((1 + branch**2) ** (layers / 2)),
        values={
            "branch": f"{branch:g}",
            "layers": layers,
            "square": f"{1 + branch**2:g}",
            "half": layers // 2,
            "alone": _power(branch**layers),
        },
        decimals=2,
        mistakes=(
            Mistake((1 + branch) ** layers, Sentence("Independent paths don't add up like numbers: their squares do.")),
            Mistake(float((1 + branch**2) ** layers), NO_ROOT),
            Mistake(branch**layers, Sentence("That is what the branches alone would leave.")),
            Mistake(float(np.sqrt(1 + branch**2)), Sentence("That is the gain of one layer.")),
        ),
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
            "slopes1": f"({listed(found.slopes[0])})",
            "slopes2": f"({listed(found.slopes[1])})",
            "j1": _matrix(first),
            "j2": _matrix(second),
            "row": row + 1,
            "column": column + 1,
            "sum": " + ".join(f"{factor(second[row, k])} · {factor(first[k, column])}" for k in range(2)),
        },
        mistakes=(
            Mistake(float((weights[1] @ weights[0])[row, column]), Sentence("A slope of 0 wipes out its row.")),
            Mistake(
                float((first @ second)[row, column]), Sentence("That is J₁J₂. The later layer stands on the left.")
            ),
            Mistake(
                float((second @ first)[column, row]),
                Sentence("That stands at the place with row and column exchanged."),
            ),
            Mistake(
                float(second[row, column] * first[row, column]),
                Sentence("A product of matrices is a row times a column, not one number times another."),
            ),
        ),
    )


def _power(value: float) -> str:
    """Two digits and a power of ten, or the number itself."""
    if value >= 0.01:
        return f"{value:.2g}"
    mantissa, power = f"{value:.1e}".split("e")
    return f"${mantissa} \\cdot 10^{{{int(power)}}}$"


def _matrix(values: Array) -> str:
    rows = (" & ".join(f"{v + 0.0:g}" for v in row) for row in values)
    return r"\begin{pmatrix}" + r" \\ ".join(rows) + r"\end{pmatrix}"


EXERCISES = (quarter_bound, gain_of_a_layer, layers_until_lost, with_x_added, two_jacobians)
