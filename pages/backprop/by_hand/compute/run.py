"""Many steps of learning, scalar by scalar: the sheet's own arithmetic, over and over, in plain floats.

Nothing here is an array until it is done; small networks are quicker that way, and every line is one of the sheet's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import exp, tanh

import numpy as np

from engine.types import Array
from pages.backprop.by_hand.compute.setup import Setup

Function = Callable[[float], float]
MOST_STEPS = 10_000
BOUND = 1e12
"""A weight this large, either way, isn't learning any more; a few layers of such are still finite numbers."""


def _sigmoid(z: float) -> float:
    e = exp(-abs(z))
    return (1.0 if z >= 0 else e) / (1 + e)


_FUNCTIONS: dict[str, tuple[Function, Function]] = {
    "sigmoid": (_sigmoid, lambda y: y * (1 - y)),
    "tanh": (tanh, lambda y: 1 - y * y),
    "relu": (lambda z: max(0.0, z), lambda y: 1.0 if y > 0 else 0.0),
    "linear": (lambda z: z, lambda y: 1.0),
}
"""out = f(net), and dout/dnet from out."""


@dataclass(frozen=True)
class Run:
    """Weights and biases before each step, (steps + 1, parameters), and the error there, (steps + 1,).

    A run whose numbers grow without end stops at the last ones below ``BOUND``: then ``steps`` is less than was asked.
    """

    params: Array
    errors: Array

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return len(self.params) - 1

    def at(self, step: int) -> tuple[float, ...]:
        """Weights and biases after so many steps."""
        return tuple(float(value) for value in self.params[step])


def descend(setup: Setup, steps: int) -> Run:
    """w ← w - η · dE/dw, ``steps`` times, with the biases where they are trained along.

    Raises ValueError for more than ``MOST_STEPS`` steps.
    """
    if not 0 <= steps <= MOST_STEPS:
        raise ValueError(f"steps={steps}; expected 0 to {MOST_STEPS}.")
    named = setup.named(setup.params)
    layers = range(1, len(setup.sizes))
    weights = [named[f"fc{at}.weight"].tolist() for at in layers]
    biases = [named[f"fc{at}.bias"].tolist() for at in layers]
    params = [setup.params]
    for _ in range(steps):
        one_step(setup, weights, biases)
        now = [w for layer in weights for row in layer for w in row] + [b for layer in biases for b in layer]
        if not all(abs(value) < BOUND for value in now):
            break
        params.append(tuple(now))
    found = np.array(params)
    return Run(found, _errors(setup, found))


def one_step(setup: Setup, weights: list[list[list[float]]], biases: list[list[float]]) -> None:
    """w ← w - η · δ · out for every weight, after one way forward and one back. Changes ``descend``'s lists."""
    hidden, slope = _FUNCTIONS[setup.hidden]
    last = len(weights) - 1
    outs: list[list[float]] = [list(setup.x)]
    for at, (layer, bias) in enumerate(zip(weights, biases, strict=True)):
        x = outs[-1]
        nets = [sum(w * v for w, v in zip(row, x, strict=True)) + b for row, b in zip(layer, bias, strict=True)]
        outs.append([hidden(net) for net in nets] if at < last else _answers(setup.head, nets))
    deltas = _output_deltas(setup, outs[-1])
    for at in range(last, -1, -1):
        x, layer, bias = outs[at], weights[at], biases[at]
        # What is handed back must be reckoned with the old weights, before they move.
        handed = [sum(d * row[j] for d, row in zip(deltas, layer, strict=True)) * slope(x[j]) for j in range(len(x))]
        for k, (row, delta) in enumerate(zip(layer, deltas, strict=True)):
            for j, v in enumerate(x):
                row[j] -= setup.lr * delta * v
            if setup.biases:
                bias[k] -= setup.lr * delta
        deltas = handed


def _answers(head: str, nets: list[float]) -> list[float]:
    if head == "softmax-ce":
        most = max(nets)
        powers = [exp(net - most) for net in nets]
        return [power / sum(powers) for power in powers]
    function = _FUNCTIONS[head.removesuffix("-ce")][0]
    return [function(net) for net in nets]


def _output_deltas(setup: Setup, outs: list[float]) -> list[float]:
    """dE/dnet of the outputs."""
    if setup.head == "softmax-ce":
        whole = sum(setup.target)
        return [out * whole - t for out, t in zip(outs, setup.target, strict=True)]
    if setup.head == "sigmoid-ce":
        return [out - t for out, t in zip(outs, setup.target, strict=True)]
    slope = _FUNCTIONS[setup.head][1]
    return [(out - t) * slope(out) for out, t in zip(outs, setup.target, strict=True)]


def _errors(setup: Setup, params: Array) -> Array:
    """The error with each row of parameters, all rows at once: they are known by now. (rows,)."""
    y = np.broadcast_to(np.array(setup.x), (len(params), setup.sizes[0]))
    weight, bias = 0, setup.weights
    with np.errstate(over="ignore"):
        for at, (inputs, outputs) in enumerate(pairwise(setup.sizes), start=1):
            w = params[:, weight : weight + inputs * outputs].reshape(-1, outputs, inputs)
            y = (w @ y[:, :, None])[:, :, 0] + params[:, bias : bias + outputs]
            weight, bias = weight + inputs * outputs, bias + outputs
            if at < len(setup.sizes) - 1 and setup.hidden == "relu":
                y = np.maximum(y, 0)
            elif at < len(setup.sizes) - 1:
                y = _smooth(setup.hidden, y)
        target = np.array(setup.target)
        if setup.head == "softmax-ce":
            shifted = y - y.max(axis=1, keepdims=True)
            log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            errors: Array = -(target * log_p).sum(axis=1)
        elif setup.head == "sigmoid-ce":
            errors = (np.logaddexp(0, y) - target * y).sum(axis=1)
        else:
            answers = y if setup.head == "linear" else _smooth(setup.head, y)
            errors = ((answers - target) ** 2).sum(axis=1) / 2
    return errors


def _smooth(name: str, z: Array) -> Array:
    e = np.exp(-np.abs(z))
    y: Array = np.tanh(z) if name == "tanh" else np.where(z >= 0, 1, e) / (1 + e)
    return y
