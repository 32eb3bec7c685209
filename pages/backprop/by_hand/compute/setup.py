"""What a sheet is about: a small fully connected network, one example, and how far a step goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from engine.layers import Linear, ReLU, Sigmoid, Tanh
from engine.losses import BCEWithLogitsLoss, CrossEntropyLoss, MSELoss
from engine.network import Network
from engine.trace import BackTrace, Trace
from engine.types import Array, Layer, Params, ShapeError

HIDDEN: dict[str, Layer] = {"sigmoid": Sigmoid(), "tanh": Tanh(), "relu": ReLU()}
"""What the hidden units do to their sums."""
HEADS = ("sigmoid", "tanh", "linear", "sigmoid-ce", "softmax-ce")
"""What the outputs do, and the error after them: E = Σ ½(t - out)², or with -ce the cross-entropy."""
MOST_UNITS, MOST_LAYERS = 4, 4


@dataclass(frozen=True)
class Setup:
    """A network of ``sizes`` units, (inputs, …, outputs), at one example, in float64.

    ``params``: every weight, layer by layer and unit by unit, then every bias: w1, w2, …, b1, b2, …
    ``biases``: whether biases are trained along. Raises ShapeError where the numbers don't fit the sizes, ValueError
    for names that aren't known and targets that the error can't use.
    """

    sizes: tuple[int, ...]
    x: tuple[float, ...]
    target: tuple[float, ...]
    params: tuple[float, ...]
    hidden: str = "sigmoid"
    head: str = "sigmoid"
    lr: float = 0.5
    biases: bool = False

    def __post_init__(self) -> None:
        layers = len(self.sizes) - 1
        if not 1 <= layers <= MOST_LAYERS or not all(1 <= size <= MOST_UNITS for size in self.sizes):
            raise ShapeError(
                f"sizes={self.sizes}: expected the inputs and then 1 to {MOST_LAYERS} layers, each of 1 to "
                f"{MOST_UNITS} units, such as (2, 2, 2)."
            )
        for name, given, expected in (
            ("x", self.x, self.sizes[0]),
            ("target", self.target, self.sizes[-1]),
            ("params", self.params, self.weights + sum(self.sizes[1:])),
        ):
            if len(given) != expected:
                raise ShapeError(f"{name} has {len(given)} numbers; a network {self.sizes} expects {expected}.")
        if self.hidden not in HIDDEN or self.head not in HEADS:
            raise ValueError(
                f"hidden={self.hidden!r}, head={self.head!r}; expected one of {', '.join(HIDDEN)} and one of "
                f"{', '.join(HEADS)}."
            )
        if self.head.endswith("-ce") and not all(0 <= t <= 1 for t in self.target):
            raise ValueError(f"target={self.target}: cross-entropy expects shares from 0 to 1.")

    @property
    def weights(self) -> int:
        """How many weights there are."""
        return sum(a * b for a, b in pairwise(self.sizes))

    @property
    def activation(self) -> Layer | None:
        """What the outputs do; None where it is part of the error, or nothing."""
        return HIDDEN.get(self.head)

    def layers(self) -> Iterator[tuple[int, str, Layer]]:
        """(place, name, layer): fc1, act1, fc2, act2, …"""
        for at, (inputs, outputs) in enumerate(pairwise(self.sizes), start=1):
            yield at, f"fc{at}", Linear(inputs, outputs)
            activation = self.activation if at == len(self.sizes) - 1 else HIDDEN[self.hidden]
            if activation is not None:
                yield at, f"act{at}", activation

    def network(self) -> Network:
        """The engine's own network with these numbers."""
        layers = tuple((name, layer) for _at, name, layer in self.layers())
        return Network(layers, self.named(self.params), (self.sizes[0],))

    def named(self, params: tuple[float, ...]) -> Params:
        """The flat row of numbers as the layers' arrays."""
        made: Params = {}
        weight, bias = 0, self.weights
        for at, (inputs, outputs) in enumerate(pairwise(self.sizes), start=1):
            made[f"fc{at}.weight"] = np.array(params[weight : weight + inputs * outputs]).reshape(outputs, inputs)
            made[f"fc{at}.bias"] = np.array(params[bias : bias + outputs])
            weight, bias = weight + inputs * outputs, bias + outputs
        return made

    def flat(self, params: Params) -> tuple[float, ...]:
        """The layers' arrays as one row: weights, then biases."""
        kinds = ("weight", "bias")
        arrays = [params[f"fc{at}.{kind}"] for kind in kinds for at in range(1, len(self.sizes))]
        return tuple(float(value) for array in arrays for value in array.ravel())

    def passes(self) -> tuple[Trace, BackTrace, float]:
        """Forward pass, backward pass, and the error E."""
        network = self.network()
        trace = network.forward(np.array([self.x]))
        error, dy = self.error(trace.y)
        return trace, network.backward(trace, dy), error

    def error(self, y: Array) -> tuple[float, Array]:
        """E and dE/dy at the network's output: ½ Σ (t - y)², or the cross-entropy, where y are logits. (1, K)."""
        target = np.array([self.target])
        if self.head == "softmax-ce":
            value, cache = (entropy := CrossEntropyLoss()).forward(y, target)
            return float(value), entropy.backward(cache)
        if self.head == "sigmoid-ce":
            value, cache = (binary := BCEWithLogitsLoss(reduction="sum")).forward(y, target)
            return float(value), binary.backward(cache)
        value, cache = (squares := MSELoss(reduction="sum")).forward(y, target)
        return float(value) / 2, squares.backward(cache, 0.5)

    def at(self, params: tuple[float, ...]) -> Setup:
        """The same with other weights and biases."""
        return replace(self, params=params)


CLASSIC = Setup(
    sizes=(2, 2, 2),
    x=(0.05, 0.10),
    target=(0.01, 0.99),
    params=(0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55, 0.35, 0.35, 0.60, 0.60),
)
"""Two inputs, two hidden units, two outputs, as it is reckoned through in many courses."""


def drawn(sizes: tuple[int, ...], seed: int, *, hidden: str = "sigmoid", head: str = "sigmoid") -> Setup:
    """A network of any sizes with its own numbers, of two decimals; ``CLASSIC``'s where sizes and seed are its own."""
    if sizes == CLASSIC.sizes and seed == 0:
        return replace(CLASSIC, hidden=hidden, head=head, target=_target(sizes[-1], head))
    rng = np.random.default_rng([seed, *sizes])
    weights = rng.uniform(-1, 1, sum(a * b for a, b in pairwise(sizes)))
    biases = rng.uniform(-0.5, 0.5, sum(sizes[1:]))
    params = tuple(float(value) for value in np.round(np.concatenate([weights, biases]), 2))
    x = tuple(float(value) for value in np.round(rng.uniform(0.05, 1, sizes[0]), 2))
    return Setup(sizes, x, _target(sizes[-1], head), params, hidden, head)


def _target(count: int, head: str) -> tuple[float, ...]:
    """The last output is to say yes, the others no."""
    no, yes = (0.0, 1.0) if head == "softmax-ce" else (0.01, 0.99)
    return (*[no] * (count - 1), yes)
