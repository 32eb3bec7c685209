"""What is timed: networks with their inputs, the same numbers for every contender.

Weights and inputs are drawn from a seed and never trained, so what a step costs doesn't depend on any file.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod, sqrt
from typing import Literal, Protocol

import numpy as np

from engine import Array, Conv2d, Flatten, Layer, Linear, MaxPool2d, Network, ReLU, Shape
from engine.initializers import Zeros
from engine.layers import BatchNorm2d, Tanh
from engine.trace import shapes_through
from engine.zoo.classic import ALEXNET_INPUT, VGG_INPUT, alexnet_layers, vgg16_layers
from engine.zoo.digit_network import digit_network

LR = 0.001
"""Small, so that the steps of a whole run don't drive the network to where its gradients are next to nothing."""

MOMENTUM = 0.9
CLASSES = 10
SEED = 0

Kind = Literal["train", "passes", "predict", "trace"]
"""train: forward, loss, backward, SGD with momentum. passes: forward and backward. predict: inference.
trace: a forward pass with every layer's output kept."""


@dataclass(frozen=True)
class Workload:
    """One line of the table: a network, a batch, and what a step does with them."""

    name: str
    what: str
    layers: tuple[tuple[str, Layer], ...]
    input_shape: Shape
    batch: int
    kind: Kind
    yardstick: bool = False

    def network(self) -> Network:
        """The network with W ~ N(0, 2/fan_in), float32, the same numbers at every call.

        Drawn in place: float64 drafts of VGG's weights would count as memory that the engine never needs.
        """
        rng = np.random.default_rng(SEED)
        network = Network.build(self.layers, self.input_shape, rng=rng, initializer=Zeros())
        for value in network.params.values():
            if value.ndim > 1:
                rng.standard_normal(out=value, dtype=np.float32)
                value *= np.float32(sqrt(2 / prod(value.shape[1:])))
        return network

    def data(self) -> tuple[Array, Array]:
        """x (N, *input_shape) ~ N(0, 1), float32, and a class for each example."""
        rng = np.random.default_rng(SEED + 1)
        x = rng.standard_normal((self.batch, *self.input_shape), dtype=np.float32)
        return x, rng.integers(CLASSES, size=self.batch)

    def upstream(self) -> Array:
        """dL/dy for the backward pass of "passes": there is no loss, so it is drawn like the input."""
        _, shape = shapes_through(self.layers, self.input_shape)[-1]
        return np.random.default_rng(SEED + 2).standard_normal((self.batch, *shape), dtype=np.float32)


class Contender(Protocol):
    """Someone who can do a workload's steps."""

    def step(self) -> None:
        """One step, from where the last one ended."""

    def witness(self) -> float | None:
        """A number that the steps so far have led to, on which all contenders must agree; None where there is none.

        Training: the last step's loss. Passes: the mean of |dL/dx|. Otherwise: the mean of |y|.
        """


_W1 = (
    *(("conv1", Conv2d(1, 8, 5, padding=2)), ("relu1", ReLU()), ("pool1", MaxPool2d(2))),
    *(("conv2", Conv2d(8, 16, 5, padding=2)), ("relu2", ReLU()), ("pool2", MaxPool2d(2))),
    *(("flatten", Flatten()), ("fc", Linear(16 * 7 * 7, CLASSES))),
)
_W2 = (
    *(("conv1", Conv2d(3, 10, 3)), ("relu1", ReLU()), ("conv2", Conv2d(10, 10, 3)), ("relu2", ReLU())),
    ("pool2", MaxPool2d(2)),
    *(("conv3", Conv2d(10, 10, 3)), ("relu3", ReLU()), ("conv4", Conv2d(10, 10, 3)), ("relu4", ReLU())),
    ("pool4", MaxPool2d(2)),
    *(("flatten", Flatten()), ("fc", Linear(10 * 13 * 13, CLASSES))),
)
# The batch norm that follows would take a bias out again.
_W3 = (
    *(("conv1", Conv2d(3, 32, 3, padding=1, bias=False)), ("norm1", BatchNorm2d(32)), ("relu1", ReLU())),
    *(("conv2", Conv2d(32, 32, 3, padding=1, bias=False)), ("norm2", BatchNorm2d(32)), ("relu2", ReLU())),
    ("pool2", MaxPool2d(2)),
    *(("conv3", Conv2d(32, 64, 3, padding=1, bias=False)), ("norm3", BatchNorm2d(64)), ("relu3", ReLU())),
    ("pool3", MaxPool2d(2)),
    *(("flatten", Flatten()), ("fc", Linear(64 * 8 * 8, CLASSES))),
)
_W5 = tuple(step for n in range(1, 11) for step in ((f"linear{n}", Linear(500, 500)), (f"tanh{n}", Tanh())))
_DIGITS = digit_network(np.random.default_rng(SEED))

WORKLOADS: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        Workload("W1", "28×28×1, [conv 5×5, ReLU, pool]×2, linear; batch 64", _W1, (1, 28, 28), 64, "train", True),
        Workload("W2", "64×64×3, [[conv 3×3, ReLU]×2, pool]×2, linear; batch 16", _W2, (3, 64, 64), 16, "train", True),
        Workload("W3", "32×32×3, three conv 3×3 with batch norm, linear; batch 64", _W3, (3, 32, 32), 64, "train"),
        Workload("digits", "the app's 8×8 digit network; batch 32", _DIGITS.layers, _DIGITS.input_shape, 32, "train"),
        Workload("W5", "init lab, 10 × 500 tanh, 1000 examples: forward, backward", _W5, (500,), 1000, "passes"),
        Workload("AlexNet", "one 227×227 image, inference", tuple(alexnet_layers()), ALEXNET_INPUT, 1, "predict"),
        Workload("VGG-16", "one 224×224 image, inference", tuple(vgg16_layers()), VGG_INPUT, 1, "predict"),
        Workload("trace", "one digit forward, every step kept", _DIGITS.layers, _DIGITS.input_shape, 1, "trace"),
    )
}
