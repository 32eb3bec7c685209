"""StepCNN's engine: a convolutional network in NumPy, written to be read.

from engine import Conv2d, Network, ReLU
"""

from engine.initializers import (
    INITIALIZERS,
    HeNormal,
    HeUniform,
    Normal,
    XavierNormal,
    XavierUniform,
    Zeros,
)
from engine.layers import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from engine.losses import CrossEntropyLoss, one_hot, softmax
from engine.network import BackStep, BackTrace, Network, Step, Trace
from engine.optimizers import SGD, Adam, Optimizer
from engine.training import Snapshot, fit
from engine.types import Array, Layer, Params, Shape, ShapeError

__all__ = [
    "INITIALIZERS",
    "SGD",
    "Adam",
    "Array",
    "AvgPool2d",
    "BackStep",
    "BackTrace",
    "Conv2d",
    "CrossEntropyLoss",
    "Flatten",
    "HeNormal",
    "HeUniform",
    "Layer",
    "Linear",
    "MaxPool2d",
    "Network",
    "Normal",
    "Optimizer",
    "Params",
    "ReLU",
    "Shape",
    "ShapeError",
    "Snapshot",
    "Step",
    "Trace",
    "XavierNormal",
    "XavierUniform",
    "Zeros",
    "fit",
    "one_hot",
    "softmax",
]
