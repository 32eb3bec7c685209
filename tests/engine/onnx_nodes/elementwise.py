"""Operators that change each number by itself, or look along one axis."""

import numpy as np

from engine import (
    CELU,
    ELU,
    GELU,
    SELU,
    Dropout,
    Hardswish,
    Hardtanh,
    Identity,
    LeakyReLU,
    Linear,
    LogSoftmax,
    Mish,
    PReLU,
    ReLU,
    Residual,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Softsign,
    Tanh,
)
from engine.layers.activation_elu import SELU_ALPHA, SELU_SCALE
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


def celu(case: Case) -> list[Array]:
    return alone(CELU(case.number("alpha", 1)), case)


def selu(case: Case) -> list[Array]:
    """ONNX's constants are those of the paper, as single-precision numbers; others are another function."""
    alpha, gamma = case.number("alpha", SELU_ALPHA), case.number("gamma", SELU_SCALE)
    if not np.allclose((alpha, gamma), (SELU_ALPHA, SELU_SCALE)):
        raise NotExpressible("other numbers than those that keep mean and variance")
    return alone(SELU(), case)


def softsign(case: Case) -> list[Array]:
    return alone(Softsign(), case)


def mish(case: Case) -> list[Array]:
    return alone(Mish(), case)


def hard_swish(case: Case) -> list[Array]:
    return alone(Hardswish(), case)


def hard_sigmoid(case: Case) -> list[Array]:
    """min(max(alpha · x + beta, 0), 1): Hardsigmoid's line, or a line of one's own before it is clipped."""
    weight, bias = np.array([[case.number("alpha", 0.2)]]), np.array([case.number("beta", 0.5)])
    params = {"weight": weight, "bias": bias}
    return [one_example(case.x[..., None], Linear(1, 1), Hardtanh(0, 1), params=params)[..., 0]]


def clip(case: Case) -> list[Array]:
    x, low, high = case.x, case.optional(1), case.optional(2)
    ends = -np.inf if low is None else float(low), np.inf if high is None else float(high)
    if not ends[0] < ends[1]:
        raise NotExpressible("a lower end above the upper one")
    return [one_example(x, Hardtanh(*ends))]


def log_softmax(case: Case) -> list[Array]:
    axis = int(case.attributes.get("axis", -1)) % case.x.ndim
    return alone(LogSoftmax(axis + 1), case)


def identity(case: Case) -> list[Array]:
    if not isinstance(case.given(0), np.ndarray):
        raise NotExpressible("a sequence of arrays")
    return alone(Identity(), case)


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
