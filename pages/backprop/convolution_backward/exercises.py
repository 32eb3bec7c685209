"""Exercises for "Convolution, backward": one pixel's and one weight's gradient, two sizes, and who won a window.

Every answer is what the engine's own layers make; every worked solution adds up the products by hand.
"""

from __future__ import annotations

import numpy as np

from engine.exercise import Problem, matrix
from engine.layers import Conv2d, MaxPool2d
from engine.types import Array
from pages.backprop.convolution_backward.compute import convolve_backward, spread_out


def pixel(rng: np.random.Generator) -> Problem:
    """One entry of dx for a 2×2 kernel: the outputs that read the pixel, each with the weight it used."""
    weight, dy = rng.integers(-3, 4, (2, 2)), rng.integers(-2, 3, (3, 3))
    weight[0, 1], weight[1, 0], dy[1, 1] = 2, -1, 2
    row, column = (int(at) for at in rng.integers(1, 3, 2))
    now = convolve_backward(_layer(2), _params(weight), np.zeros((1, 1, 4, 4)), dy[None, None].astype(float))
    products = [
        (int(dy[row - a, column - b]), int(weight[a, b]))
        for a in (0, 1)
        for b in (0, 1)
        if _inside(row - a, column - b)
    ]
    return Problem(
        answer=float(now.dx[0, 0, row, column]),
        worked=float(sum(left * right for left, right in products)),
        values={
            "weight": matrix(weight),
            "turned": matrix(weight[::-1, ::-1]),
            "dy": matrix(dy),
            "row": row,
            "column": column,
            "sum": _sum(products),
        },
    )


def weight_gradient(rng: np.random.Generator) -> Problem:
    """One entry of dW with a stride of 2: the pixels that the weight met, each with the output it served."""
    x, dy = rng.integers(0, 6, (5, 5)), rng.integers(-2, 3, (2, 2))
    dy[0, 1], dy[1, 0] = 1, -2
    a, b = (int(at) for at in rng.integers(0, 3, 2))
    layer = Conv2d(1, 1, 3, stride=2, bias=False)
    params = {"weight": np.zeros((1, 1, 3, 3))}
    now = convolve_backward(layer, params, x[None, None].astype(float), dy[None, None].astype(float))
    met = x[a : a + 3 : 2, b : b + 3 : 2]
    products = [(int(left), int(right)) for left, right in zip(met.flat, dy.flat, strict=True)]
    return Problem(
        answer=float(now.grads["weight"][0, 0, a, b]),
        worked=float(sum(left * right for left, right in products)),
        values={"x": matrix(x), "dy": matrix(dy), "a": a, "b": b, "met": matrix(met), "sum": _sum(products)},
    )


def spread_size(rng: np.random.Generator) -> Problem:
    """How large dy is once the zeros of the stride stand in it and those of the full convolution around it."""
    size, kernel = int(rng.integers(3, 8)), int(rng.choice([3, 5]))
    stride, padding = int(rng.integers(2, 4)), int(rng.integers(0, 2))
    around = kernel - 1 - padding
    side = spread_out(np.zeros((1, 1, size, size)), (stride, stride)).shape[2] + 2 * around
    between = size + (size - 1) * (stride - 1)
    return Problem(
        answer=(side, side),
        worked=(between + 2 * around, between + 2 * around),
        values={
            "size": size,
            "kernel": kernel,
            "stride": stride,
            "padding": padding,
            "between": between,
            "zeros": stride - 1,
            "around": around,
        },
    )


def pooled(rng: np.random.Generator) -> Problem:
    """What the winner of several overlapping windows gets back."""
    x = rng.permutation(16).reshape(4, 4) + 1
    x[1, 1] = 20
    dy = rng.integers(-3, 5, (3, 3))
    dy[0, 0], dy[1, 1] = 2, 1
    layer = MaxPool2d(2, stride=1)
    _, cache = layer.forward({}, x[None, None].astype(float))
    dx, _ = layer.backward({}, cache, dy[None, None].astype(float))
    return Problem(
        answer=float(dx[0, 0, 1, 1]),
        worked=float(dy[:2, :2].sum()),
        values={"x": matrix(x), "dy": matrix(dy), "sum": " + ".join(_factor(int(value)) for value in dy[:2, :2].flat)},
    )


def _layer(kernel: int) -> Conv2d:
    return Conv2d(1, 1, kernel, bias=False)


def _params(weight: Array) -> dict[str, Array]:
    return {"weight": weight[None, None].astype(float)}


def _inside(row: int, column: int) -> bool:
    return row < 3 and column < 3


def _sum(products: list[tuple[int, int]]) -> str:
    return " + ".join(f"{_factor(left)} · {_factor(right)}" for left, right in products)


def _factor(value: int) -> str:
    return f"(−{-value})" if value < 0 else str(value)


EXERCISES = (pixel, weight_gradient, spread_size, pooled)
