"""Exercises for "Convolution, backward": one weight's and one pixel's gradient (plain, padded, with a stride, through
two channels), a size, and who won a window.

Every answer is what the engine's own layers make; every worked solution adds up the products by hand.
"""

from __future__ import annotations

import numpy as np

from engine import mistakes
from engine.exercise import Mistake, Problem, factor, matrix
from engine.layers import Conv2d, MaxPool2d
from engine.sentence import Sentence
from engine.types import Array
from pages.backprop.convolution_backward.compute import convolve_backward, spread_out

Products = list[tuple[int, int]]

DY_TURNED = Sentence("That is dy turned by 180°. For a weight's gradient nothing is turned.")
ONE_PLACE = Sentence("That is one of the products alone. All that the number served are added up.")


def weight_gradient(rng: np.random.Generator) -> Problem:
    """One entry of dW with a stride of 2: the pixels that the weight met, each with the output it served."""
    x, dy = rng.integers(0, 6, (5, 5)), rng.integers(-2, 3, (2, 2))
    dy[0, 1], dy[1, 0] = 1, -2
    a, b = (int(at) for at in rng.integers(0, 3, 2))
    grads = _grads(Conv2d(1, 1, 3, stride=2, bias=False), x, dy)
    met = x[a : a + 3 : 2, b : b + 3 : 2]
    products = _pairs(met, dy)
    return Problem(
        answer=float(grads[a, b]),
        worked=_total(products),
        values={"x": matrix(x), "dy": matrix(dy), "a": a, "b": b, "met": matrix(met), "sum": _sum(products)},
        mistakes=(
            Mistake(float((x[a : a + 2, b : b + 2] * dy).sum()), mistakes.NO_STRIDE),
            Mistake(float((met * dy[::-1, ::-1]).sum()), DY_TURNED),
            Mistake(float((met * dy).sum()) / 4, mistakes.AVERAGED),
            Mistake(float(grads[b, a]), mistakes.SWAPPED),
        ),
    )


def padded_weight(rng: np.random.Generator) -> Problem:
    """One entry of dW with padding 1: at the rim the weight lay on the padding, and met a 0."""
    x, dy = rng.integers(1, 6, (3, 3)), rng.choice([-2, -1, 1, 2, 3], (3, 3))
    # A weight in the middle never lies on the padding.
    a, b = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 2))[int(rng.integers(8))]
    grads = _grads(Conv2d(1, 1, 3, padding=1, bias=False), x, dy)
    met = np.pad(x, 1)[a : a + 3, b : b + 3]
    products = [(left, right) for left, right in _pairs(met, dy) if left]
    return Problem(
        answer=float(grads[a, b]),
        worked=_total(products),
        values={"x": matrix(x), "dy": matrix(dy), "a": a, "b": b, "met": matrix(met), "sum": _sum(products)},
        mistakes=(
            Mistake(
                float((x * dy).sum()),
                Sentence("The weight in the middle gets that. With padding, this one began outside."),
            ),
            Mistake(float((met * dy[::-1, ::-1]).sum()), DY_TURNED),
            Mistake(float(grads[b, a]), mistakes.SWAPPED),
            Mistake(float(grads[2 - a, 2 - b]), Sentence("That is the weight on the opposite side of the kernel.")),
        ),
    )


def pixel(rng: np.random.Generator) -> Problem:
    """One entry of dx for a 2×2 kernel: the outputs that read the pixel, each with the weight it used."""
    weight, dy = rng.integers(-3, 4, (2, 2)), rng.integers(-2, 3, (3, 3))
    weight[0, 1], weight[1, 0], dy[1, 1] = 2, -1, 2
    row, column = (int(at) for at in rng.integers(1, 3, 2))
    dx = _dx(Conv2d(1, 1, 2, bias=False), weight, dy, 4)
    read = dy[row - 1 : row + 1, column - 1 : column + 1]
    products = _pairs(read[::-1, ::-1], weight)
    return Problem(
        answer=float(dx[row, column]),
        worked=_total(products),
        values={
            "weight": matrix(weight),
            "turned": matrix(weight[::-1, ::-1]),
            "dy": matrix(dy),
            "row": row,
            "column": column,
            "sum": _sum(products),
        },
        mistakes=(
            Mistake(float((read * weight).sum()), mistakes.UNTURNED),
            Mistake(float(dx[column, row]), mistakes.SWAPPED),
            Mistake(float(dx[row - 1, column - 1]), Sentence("That is the pixel above and to the left. Count from 0.")),
            *(Mistake(float(left * right), ONE_PLACE) for left, right in products),
        ),
    )


def strided_pixel(rng: np.random.Generator) -> Problem:
    """One entry of dx with stride 2: which of the outputs read the pixel at all."""
    weight, dy = rng.choice([-3, -2, -1, 1, 2, 3], (3, 3)), rng.choice([-2, -1, 1, 2, 3], (2, 2))
    # In row 2 or column 2 the windows overlap.
    row, column = ((2, 2), (2, 0), (2, 1), (2, 3), (2, 4), (0, 2), (1, 2), (3, 2), (4, 2))[int(rng.integers(9))]
    dx = _dx(Conv2d(1, 1, 3, stride=2, bias=False), weight, dy, 5)
    reading = [(i, j) for i, j in np.ndindex(2, 2) if 0 <= row - 2 * i <= 2 and 0 <= column - 2 * j <= 2]
    products = [(int(dy[i, j]), int(weight[row - 2 * i, column - 2 * j])) for i, j in reading]
    turned = sum(int(dy[i, j]) * int(weight[2 - (row - 2 * i), 2 - (column - 2 * j)]) for i, j in reading)
    dense = sum(
        int(dy[i, j]) * int(weight[row - i, column - j])
        for i, j in np.ndindex(2, 2)
        if row - i <= 2 and column - j <= 2 and min(row - i, column - j) >= 0
    )
    return Problem(
        answer=float(dx[row, column]),
        worked=_total(products),
        values={
            "weight": matrix(weight),
            "dy": matrix(dy),
            "row": row,
            "column": column,
            "readers": ", ".join(f"({i}, {j})" for i, j in reading),
            "sum": _sum(products),
        },
        mistakes=(
            Mistake(float(turned), mistakes.UNTURNED),
            Mistake(float(dense), mistakes.NO_STRIDE),
            Mistake(float(dx[column, row]), mistakes.SWAPPED),
            *(Mistake(float(left * right), ONE_PLACE) for left, right in products),
        ),
    )


def two_channels(rng: np.random.Generator) -> Problem:
    """One entry of dx through two kernels of two channels: the same channel of both, each with its own dy."""
    weight, dy = rng.integers(-2, 4, (2, 2, 2, 2)), rng.choice([-2, -1, 1, 2], (2, 2, 2))
    channel = int(rng.integers(2))
    layer, params = Conv2d(2, 2, 2, bias=False), {"weight": weight.astype(float)}
    dx = convolve_backward(layer, params, np.zeros((1, 2, 3, 3)), dy[None].astype(float)).dx[0, channel]

    def through(kernels: Array) -> list[float]:
        """What each of two 2×2 kernels brings to the pixel in the middle, which all four places of it read."""
        return [float((dy[k, ::-1, ::-1] * kernels[k]).sum()) for k in range(2)]

    products = [pair for k in range(2) for pair in _pairs(dy[k, ::-1, ::-1], weight[k, channel])]
    first, second = through(weight[:, channel])
    return Problem(
        answer=float(dx[1, 1]),
        worked=_total(products),
        values={
            **{f"w{k}{c}": matrix(weight[k, c]) for k, c in np.ndindex(2, 2)},
            "dy0": matrix(dy[0]),
            "dy1": matrix(dy[1]),
            "channel": channel,
            "first": _sum(products[:4]),
            "second": _sum(products[4:]),
            "one": factor(first),
            "two": factor(second),
        },
        mistakes=(
            Mistake(first, Sentence("That came through kernel 0 alone. Both kernels read this pixel.")),
            Mistake(second, Sentence("That came through kernel 1 alone. Both kernels read this pixel.")),
            Mistake(
                sum(through(weight[channel])),
                Sentence("Those are both channels of one kernel. It is the same channel of both kernels."),
            ),
            Mistake(
                sum(through(weight[:, 1 - channel])),
                Sentence("That is the gradient of the other channel of the input."),
            ),
            Mistake(sum(through(weight[:, channel, ::-1, ::-1])), mistakes.UNTURNED),
        ),
    )


def spread_size(rng: np.random.Generator) -> Problem:
    """How large dy is once the zeros of the stride stand in it and those of the full convolution around it."""
    size, kernel = int(rng.integers(3, 8)), int(rng.choice([3, 5]))
    stride, padding = int(rng.integers(2, 4)), int(rng.integers(0, 2))
    around = kernel - 1 - padding
    side = spread_out(np.zeros((1, 1, size, size)), (stride, stride)).shape[2] + 2 * around
    between = size + (size - 1) * (stride - 1)

    def wrong(side: int, says: Sentence) -> Mistake:
        return Mistake((side, side), says)

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
        mistakes=(
            wrong(
                between + 2 * (kernel - 1),
                Sentence("Padding takes away from the zeros around: k − 1 − p on each side."),
            ),
            wrong(size + 2 * around, Sentence("The zeros between the cells are missing: one fewer than the stride.")),
            wrong(between + around, Sentence("Zeros stand on both sides of the map.")),
            wrong(size * stride + 2 * around, Sentence("Zeros stand between two cells, and none after the last.")),
            wrong(between, Sentence("The zeros around the map are missing.")),
            wrong(between + 2 * around + 2 * padding, Sentence("Padding makes fewer zeros around dy, not more.")),
        ),
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
    won = dy[:2, :2]
    return Problem(
        answer=float(dx[0, 0, 1, 1]),
        worked=float(won.sum()),
        values={"x": matrix(x), "dy": matrix(dy), "sum": " + ".join(factor(int(value)) for value in won.flat)},
        mistakes=(
            Mistake(
                float(dy[1, 1]),
                Sentence("That is one window's gradient alone. The 20 lies in four windows and wins them all."),
            ),
            Mistake(float(won.sum()) / 4, mistakes.AVERAGED),
            Mistake(float(dy.sum()), Sentence("Not every window holds the 20.")),
            Mistake(
                float(dy[1:, 1:].sum()),
                Sentence("Window (i, j) begins at row i, column j. Those don't all hold the 20."),
            ),
        ),
    )


def _dx(layer: Conv2d, weight: Array, dy: Array, side: int) -> Array:
    params = {"weight": weight[None, None].astype(float)}
    dx: Array = convolve_backward(layer, params, np.zeros((1, 1, side, side)), dy[None, None].astype(float)).dx[0, 0]
    return dx


def _grads(layer: Conv2d, x: Array, dy: Array) -> Array:
    params = {"weight": np.zeros((1, 1, *layer.kernel))}
    now = convolve_backward(layer, params, x[None, None].astype(float), dy[None, None].astype(float))
    grads: Array = now.grads["weight"][0, 0]
    return grads


def _pairs(left: Array, right: Array) -> Products:
    return [(int(a), int(b)) for a, b in zip(left.flat, right.flat, strict=True)]


def _total(products: Products) -> float:
    return float(sum(left * right for left, right in products))


def _sum(products: Products) -> str:
    return " + ".join(f"{factor(left)} · {factor(right)}" for left, right in products)


EXERCISES = (weight_gradient, padded_weight, pixel, strided_pixel, two_channels, spread_size, pooled)
