"""Exercises for "Forward and backward": one number, shape or cell that a layer makes, small enough for a pencil.

Every answer is an entry of what the engine's own layers return; every worked solution adds up the written terms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine import mistakes
from engine.exercise import Mistake, Problem, factor, listed, matrix, number
from engine.explain.terms import Terms, forward_terms, input_grad_terms, param_grad_terms
from engine.layers import Conv2d, MaxPool2d
from engine.losses import CrossEntropyLoss
from engine.network import BackStep, Step
from engine.sentence import Sentence
from engine.types import Array, Layer, Params

CELLS = ("(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)")
FEWEST_TERMS = 3


def convolution_output(rng: np.random.Generator) -> Problem:
    """One entry of y for a 4×4 input and a 3×3 kernel."""
    while True:
        padding = int(rng.integers(2))
        x, weight = rng.integers(0, 4, (4, 4)), rng.integers(-2, 3, (3, 3))
        bias = float(rng.choice([-2, -1, -0.5, 0.5, 1, 2]))
        params = {"weight": weight[None, None].astype(float), "bias": np.array([bias])}
        step = _forward(Conv2d(1, 1, 3, padding=padding), params, x)
        row, column = (int(i) for i in rng.integers(0, step.y.shape[2], 2))
        terms = forward_terms(step, (0, 0, row, column))
        if _long_enough(terms) and _turning_matters(terms):
            break
    return Problem(
        answer=float(step.y[0, 0, row, column]),
        worked=_total(terms),
        values={
            "x": matrix(x),
            "weight": matrix(weight),
            "bias": number(bias),
            "padding": padding,
            "row": row,
            "column": column,
            "first_row": row - padding,
            "last_row": row - padding + 2,
            "first_column": column - padding,
            "last_column": column - padding + 2,
            "terms": written(terms),
        },
        mistakes=(
            Mistake(float(terms.left @ terms.right), mistakes.NO_BIAS),
            Mistake(float(terms.left @ terms.right[::-1]) + bias, mistakes.TURNED),
            *_unpadded(x, weight, bias, (row, column)),
            Mistake(float(step.y[0, 0, column, row]), mistakes.SWAPPED),
        ),
    )


def convolution_gradient(rng: np.random.Generator) -> Problem:
    """One entry of dX for a 3×3 kernel that was padded by 1: the kernel comes back turned."""
    while True:
        weight, dy = rng.integers(-2, 4, (3, 3)), rng.integers(-2, 3, (3, 3))
        params = {"weight": weight[None, None].astype(float), "bias": np.zeros(1)}
        step = _forward(Conv2d(1, 1, 3, padding=1), params, np.zeros((3, 3)))
        back = _backward(step, dy)
        row, column = (int(i) for i in rng.integers(0, 3, 2))
        terms = input_grad_terms(step, back, (0, 0, row, column))
        if _long_enough(terms) and _turning_matters(terms):
            break
    return Problem(
        answer=float(back.dx[0, 0, row, column]),
        worked=_total(terms),
        values={
            "weight": matrix(weight),
            "dy": matrix(dy),
            "row": row,
            "column": column,
            "terms": written(terms),
        },
        mistakes=(
            Mistake(float(terms.left @ terms.right[::-1]), mistakes.UNTURNED),
            Mistake(float(back.dx[0, 0, column, row]), mistakes.SWAPPED),
            Mistake(
                float(dy[row, column] * weight[1, 1]),
                Sentence("That came from the output at the same place alone. Its neighbours read this input too."),
            ),
        ),
    )


def weight_gradient(rng: np.random.Generator) -> Problem:
    """One entry of dW for a 3×3 input and a 2×2 kernel: four places, four products."""
    while True:
        x, dy = rng.integers(0, 5, (3, 3)), rng.integers(-2, 3, (2, 2))
        params = {"weight": np.zeros((1, 1, 2, 2)), "bias": np.zeros(1)}
        step = _forward(Conv2d(1, 1, 2), params, x)
        back = _backward(step, dy)
        row, column = (int(i) for i in rng.integers(0, 2, 2))
        terms = param_grad_terms(step, back, "weight", (0, 0, row, column))
        if _long_enough(terms):
            break
    return Problem(
        answer=float(back.grads["weight"][0, 0, row, column]),
        worked=_total(terms),
        values={
            "x": matrix(x),
            "dy": matrix(dy),
            "row": row,
            "column": column,
            "last_row": row + 1,
            "last_column": column + 1,
            "terms": written(terms),
        },
        mistakes=(
            Mistake(
                float(terms.left @ terms.right[::-1]),
                Sentence("That is dy turned by 180°. For a weight's gradient nothing is turned."),
            ),
            Mistake(float(terms.value) / 4, mistakes.AVERAGED),
            Mistake(float(back.grads["weight"][0, 0, column, row]), mistakes.SWAPPED),
            Mistake(
                float(x[row, column] * dy[0, 0]),
                Sentence("That is the first place alone. The kernel lay at four of them."),
            ),
        ),
    )


def pool_routing(rng: np.random.Generator) -> Problem:
    """The cell of a 2×2 window that gets max pooling's gradient."""
    window = rng.permutation(np.arange(-9, 10))[:4].reshape(2, 2) / 10
    gradient = float(rng.choice([-3, -2, -1, 1, 2, 3])) / 10
    step = _forward(MaxPool2d(2), {}, window)
    back = _backward(step, np.array([[gradient]]))
    cells = [(float(value), cell) for value, cell in zip(window.reshape(-1), CELLS, strict=True)]
    return Problem(
        answer=CELLS[int(np.flatnonzero(back.dx)[0])],
        worked=max(cells)[1],
        values={"x": matrix(window), "dy": number(gradient), "largest": number(max(cells)[0])},
        choices=CELLS,
        mistakes=tuple(
            Mistake(
                cell,
                Sentence(
                    "{value} is far from 0, but it isn't the largest: a number below 0 is small.", value=number(value)
                )
                if abs(value) > max(cells)[0]
                else Sentence("{value} isn't the largest of the four.", value=number(value)),
            )
            for value, cell in cells
        ),
    )


def shapes(rng: np.random.Generator) -> Problem:
    """The shape after a convolution and a pooling layer."""
    channels, filters = int(rng.integers(1, 4)), int(rng.choice([4, 6, 8, 16]))
    kernel, stride, padding = int(rng.choice([3, 5])), int(rng.integers(1, 3)), int(rng.integers(0, 3))
    height, width = (int(size) for size in rng.choice(np.arange(10, 33), 2, replace=False))
    convolved = Conv2d(channels, filters, kernel, stride=stride, padding=padding).output_shape(
        (channels, height, width)
    )

    def wrong(per_side: Callable[[int], int], says: Sentence) -> Mistake:
        return Mistake((filters, per_side(height), per_side(width)), says)

    def after(size: int) -> int:
        return (size + 2 * padding - kernel) // stride + 1

    after_height, after_width = after(height), after(width)
    return Problem(
        answer=MaxPool2d(2).output_shape(convolved),
        worked=(filters, after_height // 2, after_width // 2),
        values={
            "channels": channels,
            "filters": filters,
            "kernel": kernel,
            "stride": stride,
            "padding": padding,
            "height": height,
            "width": width,
            "after_height": after_height,
            "after_width": after_width,
        },
        mistakes=(
            wrong(after, Sentence("That comes out of the convolution. The pooling layer halves it.")),
            wrong(lambda size: -(-after(size) // 2), Sentence("A pooling window that doesn't fit is left out.")),
            wrong(lambda size: (after(size) - 1) // 2, mistakes.NO_FIRST_PLACE),
            wrong(lambda size: ((size - kernel) // stride + 1) // 2, mistakes.NO_PADDING),
            wrong(lambda size: ((size + padding - kernel) // stride + 1) // 2, mistakes.PADDED_ONCE),
            wrong(lambda size: (-(-(size + 2 * padding - kernel) // stride) + 1) // 2, mistakes.BEYOND_THE_EDGE),
            Mistake((channels, after_height // 2, after_width // 2), mistakes.INPUT_CHANNELS),
        ),
    )


def score_gradient(rng: np.random.Generator) -> Problem:
    """One entry of dL/dlogits for three classes whose probabilities are given."""
    first, second = sorted(int(cut) for cut in rng.choice(np.arange(1, 10), 2, replace=False))
    p = np.array([first, second - first, 10 - second]) / 10
    label, asked = int(rng.integers(3)), int(rng.integers(3))
    loss = CrossEntropyLoss()
    _, cache = loss.forward(np.log(p)[None], np.array([label]))
    y = 1 if asked == label else 0
    return Problem(
        answer=float(loss.backward(cache)[0, asked]),
        worked=float(p[asked]) - y,
        values={
            "label": label,
            "asked": asked,
            "p": listed(p),
            "p_asked": number(p[asked]),
            "y_asked": y,
        },
        mistakes=(
            Mistake(float(p[asked]), Sentence("That is p. From that of the true class 1 is taken away.")),
            Mistake(float(p[asked]) - 1, Sentence("1 is taken away for the true class only, and this is another one.")),
            Mistake(-1 / float(p[asked]), Sentence("That is the slope for p. Asked is the one for the score.")),
            Mistake(0.0, Sentence("Every class has a slope: its share should become smaller.")),
        ),
    )


def written(terms: Terms) -> str:
    """2 × 3 + 1 × (−2) + 0.5: the terms that aren't 0, and the bias if there is one."""
    shown = [
        f"{factor(left)} × {factor(right)}"
        for left, right in zip(terms.left, terms.right, strict=True)
        if left * right != 0
    ]
    return " + ".join([*shown, factor(terms.bias)] if terms.bias else shown)


def _unpadded(x: Array, weight: Array, bias: float, at: tuple[int, int]) -> tuple[Mistake, ...]:
    """What stands at this place if the padding is forgotten; nothing where such an output would have ended."""
    if max(at) > x.shape[0] - weight.shape[0]:
        return ()
    params = {"weight": weight[None, None].astype(float), "bias": np.array([bias])}
    y = _forward(Conv2d(1, 1, 3), params, x).y
    return (Mistake(float(y[0, 0, at[0], at[1]]), mistakes.NO_PADDING),)


def _total(terms: Terms) -> float:
    """The terms, added up one after the other as on paper."""
    pairs: Sequence[tuple[float, float]] = list(zip(terms.left.tolist(), terms.right.tolist(), strict=True))
    return sum(left * right for left, right in pairs) + terms.bias


def _long_enough(terms: Terms) -> bool:
    return int(np.count_nonzero(terms.products)) >= FEWEST_TERMS


def _turning_matters(terms: Terms) -> bool:
    """Whether one who turns the kernel by 180° where it isn't, or forgets to, gets another number."""
    return float(terms.left @ terms.right) != float(terms.left @ terms.right[::-1])


def _forward(layer: Layer, params: Params, x: Array) -> Step:
    """A layer's pass over one image (H, W), in float64."""
    batch = x[None, None].astype(float)
    y, cache = layer.forward(params, batch)
    return Step("layer", layer, params, batch, y, cache)


def _backward(step: Step, dy: Array) -> BackStep:
    """The way back for one upstream map (H, W)."""
    upstream = dy[None, None].astype(float)
    dx, grads = step.layer.backward(step.params, step.cache, upstream)
    return BackStep(step.name, upstream, dx, grads)


EXERCISES = (convolution_output, shapes, score_gradient, pool_routing, weight_gradient, convolution_gradient)
