"""Exercises for "Convolution": one sum by hand, sizes, and how many numbers a layer has to learn.

Every answer is what the engine's own layers make or hold; every worked solution follows the formula.
"""

from __future__ import annotations

import numpy as np

from engine.analysis.conv_arithmetic import count
from engine.exercise import Problem, matrix
from engine.kernels.im2col import im2col
from engine.layers import Conv2d, Linear
from engine.layers.convert import linear_to_conv
from engine.written import trimmed


def slide(rng: np.random.Generator) -> Problem:
    """One entry of y for a 5×5 picture, a 3×3 kernel and a stride of 2."""
    x, weight = rng.integers(0, 10, (5, 5)), rng.integers(-1, 2, (3, 3))
    weight[0, 0], weight[2, 2] = 1, -1
    row, column = (int(i) for i in rng.integers(0, 2, 2))
    layer = Conv2d(1, 1, 3, stride=2, bias=False)
    y, _ = layer.forward({"weight": weight[None, None].astype(float)}, x[None, None].astype(float))
    patch = x[2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
    return Problem(
        answer=float(y[0, 0, row, column]),
        worked=float(sum(int(a) * int(b) for a, b in zip(patch.flat, weight.flat, strict=True))),
        values={"x": matrix(x), "weight": matrix(weight), "row": row, "column": column, "patch": matrix(patch)},
    )


def output_size(rng: np.random.Generator) -> Problem:
    """The output's shape where the kernel doesn't always fit."""
    channels, filters = int(rng.choice([1, 3])), int(rng.choice([2, 4, 8]))
    kernel, stride = int(rng.choice([2, 3, 5])), int(rng.integers(2, 4))
    padding, size = int(rng.integers(0, 3)), int(rng.integers(10, 20))
    layer = Conv2d(channels, filters, kernel, stride=stride, padding=padding)
    room = size - kernel + 2 * padding
    return Problem(
        answer=layer.output_shape((channels, size, size)),
        worked=(filters, room // stride + 1, room // stride + 1),
        values={
            "channels": channels,
            "filters": filters,
            "kernel": kernel,
            "stride": stride,
            "padding": padding,
            "size": size,
            "exact": trimmed(room / stride + 1, 2),
        },
    )


def parameters(rng: np.random.Generator) -> Problem:
    """How many parameters a convolution has, biases included."""
    channels, filters, kernel = int(rng.choice([1, 3, 8, 16])), int(rng.choice([4, 10, 32])), int(rng.choice([1, 3, 5]))
    size = int(rng.choice([28, 32, 64]))
    layer = Conv2d(channels, filters, kernel, padding=kernel // 2)
    found = count(layer, (channels, size, size))
    held = sum(array.size for array in layer.init(rng).values())
    return Problem(
        answer=float(held),
        worked=float(filters * (kernel * kernel * channels + 1)),
        values={
            "channels": channels,
            "filters": filters,
            "kernel": kernel,
            "size": size,
            "each": kernel * kernel * channels,
            "unshared": f"{found.unshared:,}",
        },
    )


def patch_matrix(rng: np.random.Generator) -> Problem:
    """The shape of X_col."""
    channels, kernel, stride = int(rng.choice([1, 3])), int(rng.choice([2, 3])), int(rng.integers(1, 3))
    size = int(rng.integers(5, 10))
    x = np.zeros((1, channels, size, size))
    rows, columns = im2col(x, (kernel, kernel), (stride, stride))[0].shape
    places = (size - kernel) // stride + 1
    return Problem(
        answer=(rows, columns),
        worked=(channels * kernel * kernel, places * places),
        values={"channels": channels, "kernel": kernel, "stride": stride, "size": size, "places": places},
    )


def fully_connected(rng: np.random.Generator) -> Problem:
    """The kernel of the convolution that a fully connected layer is."""
    channels, size, outputs = int(rng.choice([4, 8, 16])), int(rng.integers(3, 8)), int(rng.choice([10, 20, 100]))
    linear = Linear(channels * size * size, outputs)
    layer, params = linear_to_conv(linear, linear.init(rng), (channels, size, size))
    return Problem(
        answer=float(layer.kernel[0]),
        worked=float(round((params["weight"].size / outputs / channels) ** 0.5)),
        values={"channels": channels, "size": size, "outputs": outputs, "features": channels * size * size},
    )


EXERCISES = (slide, output_size, parameters, patch_matrix, fully_connected)
