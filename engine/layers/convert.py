"""A fully connected layer as a convolution, and a convolution as a fully connected layer: equal outputs."""

from __future__ import annotations

from math import prod

import numpy as np

from engine.layers.conv import Conv2d
from engine.layers.linear import Linear
from engine.types import Params, Shape, ShapeError, expect_shape


def linear_to_conv(layer: Linear, params: Params, shape: Shape) -> tuple[Conv2d, Params]:
    """The Conv2d with a kernel as large as its input (C, H, W) whose outputs are the Linear layer's behind a Flatten.

    weight (out, C·H·W) becomes (out, C, H, W), the same numbers in the same order. y (N, out) becomes (N, out, 1, 1).
    On a larger image the convolution slides, and gives at each place what the Linear layer gives on that crop.
    Raises ShapeError unless in_features = C·H·W. Long, Shelhamer & Darrell, "Fully convolutional networks", 2015.
    """
    expect_shape(shape, "C, H, W", {}, f"linear_to_conv({layer!r})")
    if prod(shape) != layer.in_features:
        raise ShapeError(
            f"linear_to_conv({layer!r}) was given an input of shape {shape}, which has {prod(shape)} numbers; the "
            f"layer reads {layer.in_features}."
        )
    conv = Conv2d(shape[0], layer.out_features, (shape[1], shape[2]), bias=layer.bias)
    return conv, {**params, "weight": params["weight"].reshape(layer.out_features, *shape)}


def conv_to_linear(layer: Conv2d, params: Params, shape: Shape) -> tuple[Linear, Params]:
    """The Linear layer that gives on the flattened input (C, H, W) what the convolution gives, flattened.

    weight (K·out_h·out_w, C·H·W): row (k, i, j) holds the kernel k at the cells that place (i, j) reads, and 0
    elsewhere: mostly zeros, and the same few numbers again and again. It is found by asking: column (c, u, v) is
    the answer to a picture that is 1 at (c, u, v) and 0 elsewhere. Raises ShapeError for an input that doesn't fit.
    """
    out = layer.output_shape(shape)
    without_bias = {name: value if name == "weight" else np.zeros_like(value) for name, value in params.items()}
    every_cell = np.eye(prod(shape), dtype=params["weight"].dtype).reshape(-1, *shape)
    answers, _ = layer.forward(without_bias, every_cell)
    dense = {"weight": np.ascontiguousarray(answers.reshape(prod(shape), -1).T)}
    if layer.bias:
        dense["bias"] = np.repeat(params["bias"], out[1] * out[2])
    return Linear(prod(shape), prod(out), bias=layer.bias), dense
