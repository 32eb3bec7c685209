"""The all-convolutional network, as a plain list of (name, layer): no weights are made until a Network is built.

Dropout is left out, as in ``engine.zoo.classic``.
"""

from __future__ import annotations

from engine.layers.activation import ReLU
from engine.layers.conv import Conv2d
from engine.layers.pool_variants import AdaptiveAvgPool2d
from engine.layers.shape import Flatten
from engine.types import Shape, expect_counts
from engine.zoo.classic import Layers

ALL_CONVOLUTIONAL_INPUT: Shape = (3, 32, 32)


def all_convolutional_layers(classes: int = 10) -> Layers:
    """All-CNN-C: (3, 32, 32) -> (classes,), nine convolutions and a mean; 1,369,738 parameters.

    A convolution with stride 2 stands wherever others pool, and a 1×1 convolution with a mean over each map
    where others have linear layers.
    Springenberg, Dosovitskiy, Brox & Riedmiller, "Striving for simplicity: the all convolutional net", 2015, table 1.
    """
    expect_counts("all_convolutional_layers", classes=classes)
    convolutions = (
        *(Conv2d(3, 96, 3, padding=1), Conv2d(96, 96, 3, padding=1), Conv2d(96, 96, 3, stride=2, padding=1)),
        *(Conv2d(96, 192, 3, padding=1), Conv2d(192, 192, 3, padding=1), Conv2d(192, 192, 3, stride=2, padding=1)),
        *(Conv2d(192, 192, 3), Conv2d(192, 192, 1), Conv2d(192, classes, 1)),
    )
    layers: Layers = []
    for number, convolution in enumerate(convolutions, start=1):
        layers += [(f"conv{number}", convolution), (f"relu{number}", ReLU())]
    return [*layers, ("average", AdaptiveAvgPool2d(1)), ("flatten", Flatten())]
