"""Exercises for "Convolution": one sum by hand, sizes, and how many numbers a layer has to learn.

Every answer is what the engine's own layers make or hold; every worked solution follows the formula.
"""

from __future__ import annotations

import numpy as np

from engine import mistakes
from engine.analysis.conv_arithmetic import count
from engine.exercise import Mistake, Problem, matrix
from engine.kernels.im2col import im2col
from engine.layers import Conv2d, Linear
from engine.layers.convert import linear_to_conv
from engine.sentence import Sentence


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
        mistakes=(
            Mistake(float((patch * weight[::-1, ::-1]).sum()), mistakes.TURNED),
            Mistake(float((x[row : row + 3, column : column + 3] * weight).sum()), mistakes.NO_STRIDE),
            Mistake(float(y[0, 0, column, row]), mistakes.SWAPPED),
            Mistake(float((patch * weight.T).sum()), Sentence("There the kernel's rows and columns are exchanged.")),
        ),
    )


def output_size(rng: np.random.Generator) -> Problem:
    """The output's shape where the kernel doesn't always fit."""
    channels, filters = int(rng.choice([1, 3])), int(rng.choice([2, 4, 8]))
    kernel, stride = int(rng.choice([2, 3, 5])), int(rng.integers(2, 4))
    padding, size = int(rng.integers(0, 3)), int(rng.integers(10, 20))
    layer = Conv2d(channels, filters, kernel, stride=stride, padding=padding)
    room = size - kernel + 2 * padding
    side = room // stride + 1

    def wrong(side: int, says: Sentence) -> Mistake:
        return Mistake((filters, side, side), says)

    return Problem(
        answer=layer.output_shape((channels, size, size)),
        worked=(filters, side, side),
        values={
            "channels": channels,
            "filters": filters,
            "kernel": kernel,
            "stride": stride,
            "padding": padding,
            "size": size,
            "room": room,
            "places": side,
        },
        mistakes=(
            wrong(-(-room // stride) + 1, mistakes.BEYOND_THE_EDGE),
            wrong(side - 1, mistakes.NO_FIRST_PLACE),
            Mistake((channels, side, side), mistakes.INPUT_CHANNELS),
            wrong((size - kernel) // stride + 1, mistakes.NO_PADDING),
            wrong((size - kernel + padding) // stride + 1, mistakes.PADDED_ONCE),
        ),
    )


def parameters(rng: np.random.Generator) -> Problem:
    """How many parameters a convolution has, biases included."""
    channels, filters, kernel = int(rng.choice([1, 3, 8, 16])), int(rng.choice([4, 10, 32])), int(rng.choice([1, 3, 5]))
    size = int(rng.choice([28, 32, 64]))
    layer = Conv2d(channels, filters, kernel, padding=kernel // 2)
    found = count(layer, (channels, size, size))
    held = sum(array.size for array in layer.init(rng).values())
    each = kernel * kernel * channels
    return Problem(
        answer=float(held),
        worked=float(filters * (each + 1)),
        values={
            "channels": channels,
            "filters": filters,
            "kernel": kernel,
            "size": size,
            "each": each,
            "unshared": f"{found.unshared:,}",
        },
        mistakes=(
            Mistake(float(filters * each), Sentence("The biases are missing: each kernel has one.")),
            Mistake(float(filters * each + 1), Sentence("Each kernel has a bias of its own, not all of them one.")),
            Mistake(
                float(filters * (kernel * kernel + 1)),
                Sentence("A kernel reads all {channels} channels: it is that deep.", channels=channels),
            ),
            Mistake(float(each + 1), Sentence("That is a single kernel with its bias.")),
            Mistake(
                float(found.unshared), Sentence("So many there would be if each place of the picture had its own.")
            ),
        ),
    )


def grouped(rng: np.random.Generator) -> Problem:
    """How many weights a convolution in groups has."""
    groups, each, more = int(rng.choice([2, 4, 8])), int(rng.choice([1, 2, 3, 4])), int(rng.choice([1, 2, 3]))
    kernel, channels, filters = int(rng.choice([3, 5])), groups * each, groups * more
    layer = Conv2d(channels, filters, kernel, groups=groups, bias=False)
    one = each * kernel * kernel
    return Problem(
        answer=float(layer.init(rng)["weight"].size),
        worked=float(filters * one),
        values={
            "channels": channels,
            "filters": filters,
            "kernel": kernel,
            "groups": groups,
            "each": each,
            "one": one,
            "whole": Conv2d(channels, filters, kernel).init(rng)["weight"].size,
        },
        mistakes=(
            Mistake(float(filters * one * groups), Sentence("A kernel reads the channels of its own group only.")),
            Mistake(float(more * one), Sentence("That is one group alone; every group has its own kernels.")),
            Mistake(float(one), Sentence("That is a single kernel.")),
            Mistake(float(filters * (one + 1)), Sentence("The biases are counted, too; only weights were asked for.")),
        ),
    )


def patch_matrix(rng: np.random.Generator) -> Problem:
    """The shape of X_col."""
    channels, kernel, stride = int(rng.choice([1, 3])), int(rng.choice([2, 3])), int(rng.integers(1, 3))
    size = int(rng.integers(5, 10))
    x = np.zeros((1, channels, size, size))
    rows, columns = im2col(x, (kernel, kernel), (stride, stride))[0].shape
    places = (size - kernel) // stride + 1
    deep = channels * kernel * kernel
    return Problem(
        answer=(rows, columns),
        worked=(deep, places * places),
        values={
            "channels": channels,
            "kernel": kernel,
            "stride": stride,
            "size": size,
            "places": places,
            "deep": deep,
            "columns": places * places,
        },
        mistakes=(
            Mistake(
                (kernel * kernel, places * places),
                Sentence("A patch reaches through all {channels} channels.", channels=channels),
            ),
            Mistake((deep, places), Sentence("That is a column for each place along one side only.")),
            Mistake((deep, (places - 1) ** 2), mistakes.NO_FIRST_PLACE),
            Mistake((deep, size * size), Sentence("The kernel doesn't fit at every pixel of the picture.")),
        ),
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
        mistakes=(
            Mistake(float(outputs), Sentence("That is how many kernels there are, one for each output.")),
            Mistake(
                float(channels * size * size), Sentence("That is how many weights a kernel has: rows, columns, maps.")
            ),
            Mistake(float(size * size), Sentence("That is how many cells a kernel has in each map.")),
            Mistake(1.0, Sentence("A 1×1 kernel would read one place of the map. Each output reads them all.")),
        ),
    )


EXERCISES = (slide, output_size, parameters, grouped, patch_matrix, fully_connected)
