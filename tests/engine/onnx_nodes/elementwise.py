"""Operators that change each number by itself, or look along one axis."""

import numpy as np

from engine import ELU, GELU, Dropout, LeakyReLU, PReLU, ReLU, Residual, Sigmoid, SiLU, Softmax, Softplus, Tanh
from engine.types import Array, Layer
from tests.engine.onnx_nodes.given import Given
from tests.engine.onnx_nodes.node import Case, NotExpressible, one_example, through


def alone(layer: Layer, case: Case) -> list[Array]:
    return [one_example(case.x, layer)]


def relu(case: Case) -> list[Array]:
    return alone(ReLU(), case)


def leaky_relu(case: Case) -> list[Array]:
    return alone(LeakyReLU(case.number("alpha", 0.01)), case)


def sigmoid(case: Case) -> list[Array]:
    return alone(Sigmoid(), case)


def tanh(case: Case) -> list[Array]:
    return alone(Tanh(), case)


def softplus(case: Case) -> list[Array]:
    return alone(Softplus(), case)


def elu(case: Case) -> list[Array]:
    return alone(ELU(case.number("alpha", 1)), case)


def swish(case: Case) -> list[Array]:
    if case.number("alpha", 1) != 1:
        raise NotExpressible("a gate of alpha · x")
    return alone(SiLU(), case)


def gelu(case: Case) -> list[Array]:
    return alone(GELU("tanh" if case.word("approximate", "none") == "tanh" else "none"), case)


def prelu(case: Case) -> list[Array]:
    """A slope for each place of the last axes: they are channels then, and what stands before them are examples."""
    x, slope = case.x, case.given(1)
    channels = x.reshape(-1, slope.size)
    return [through(channels, PReLU(slope.size), params={"weight": slope.reshape(-1)}).reshape(x.shape)]


def softmax(case: Case) -> list[Array]:
    axis = int(case.attributes.get("axis", -1)) % case.x.ndim
    return alone(Softmax(axis + 1), case)


def dropout(case: Case) -> list[Array]:
    """Nothing is dropped in testing, nor with a ratio of 0; ONNX's mask says where nothing was."""
    ratio, training = case.optional(1), case.optional(2)
    layer, train = Dropout(0.5 if ratio is None else float(ratio)), training is not None and bool(training)
    if train and layer.p > 0:
        raise NotExpressible("what is dropped is drawn by another generator")
    return [through(case.x[None], layer, train=train)[0], np.ones(case.x.shape, bool)]


def add(case: Case) -> list[Array]:
    other = case.given(1)
    if case.x.shape != other.shape:
        raise NotExpressible("arrays of two shapes")
    return [one_example(case.x, Residual((("other", Given(other[None])),)))]
