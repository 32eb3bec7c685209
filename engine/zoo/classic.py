"""The networks that made history, as plain lists of (name, layer): no weights are made until a Network is built.

A list is enough to count what a network costs and to see how far its units look; ``Network.build`` makes a
network of it. Layers that learn nothing and that later networks did without (AlexNet's local response
normalisation, the dropout between linear layers) are left out: they change no shape and no number of parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from engine.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from engine.types import Layer, Shape

Layers = list[tuple[str, Layer]]

LENET5_INPUT: Shape = (1, 32, 32)
ALEXNET_INPUT: Shape = (3, 227, 227)
VGG_INPUT: Shape = (3, 224, 224)

_VGG_11: tuple[int | Literal["pool"], ...] = (
    64,
    "pool",
    128,
    "pool",
    256,
    256,
    "pool",
    512,
    512,
    "pool",
    512,
    512,
    "pool",
)
_VGG_16: tuple[int | Literal["pool"], ...] = (
    *(64, 64, "pool", 128, 128, "pool", 256, 256, 256, "pool"),
    *(512, 512, 512, "pool", 512, 512, 512, "pool"),
)


def lenet5_layers(classes: int = 10) -> Layers:
    """LeNet-5 in the form that is taught today: (1, 32, 32) -> (classes,), 61,706 parameters for ten classes.

    The original of 1998 has scaled tanh units, pooling with two learned numbers for each map, a second
    convolution whose maps read only some of the first one's, and distances to drawn digits as its output; here
    stand ReLU, max pooling, full connections and a linear layer.
    LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document recognition", 1998.
    """
    return [
        ("conv1", Conv2d(1, 6, 5)),
        ("relu1", ReLU()),
        ("pool1", MaxPool2d(2)),
        ("conv2", Conv2d(6, 16, 5)),
        ("relu2", ReLU()),
        ("pool2", MaxPool2d(2)),
        ("conv3", Conv2d(16, 120, 5)),
        ("relu3", ReLU()),
        ("flatten", Flatten()),
        ("fc4", Linear(120, 84)),
        ("relu4", ReLU()),
        ("fc5", Linear(84, classes)),
    ]


def alexnet_layers(classes: int = 1000) -> Layers:
    """AlexNet on one device: (3, 227, 227) -> (classes,), its maps 55, 27, 13 and 6 wide.

    The original was cut into two groups because one graphics card couldn't hold it; here every map reads all maps
    below it. The paper prints inputs of 224, on which the first kernel doesn't come out even; 227 does.
    Krizhevsky, Sutskever & Hinton, "ImageNet classification with deep convolutional neural networks", 2012.
    """
    return [
        ("conv1", Conv2d(3, 96, 11, stride=4)),
        ("relu1", ReLU()),
        ("pool1", MaxPool2d(3, stride=2)),
        ("conv2", Conv2d(96, 256, 5, padding=2)),
        ("relu2", ReLU()),
        ("pool2", MaxPool2d(3, stride=2)),
        ("conv3", Conv2d(256, 384, 3, padding=1)),
        ("relu3", ReLU()),
        ("conv4", Conv2d(384, 384, 3, padding=1)),
        ("relu4", ReLU()),
        ("conv5", Conv2d(384, 256, 3, padding=1)),
        ("relu5", ReLU()),
        ("pool5", MaxPool2d(3, stride=2)),
        ("flatten", Flatten()),
        *_fully_connected(256 * 6 * 6, classes),
    ]


def vgg11_layers(classes: int = 1000) -> Layers:
    """VGG-11 (configuration A): (3, 224, 224) -> (classes,), eight convolutions and three linear layers."""
    return _vgg(_VGG_11, classes)


def vgg16_layers(classes: int = 1000) -> Layers:
    """VGG-16 (configuration D): (3, 224, 224) -> (classes,), thirteen convolutions and three linear layers.

    Simonyan & Zisserman, "Very deep convolutional networks for large-scale image recognition", 2015.
    """
    return _vgg(_VGG_16, classes)


def _vgg(plan: Sequence[int | Literal["pool"]], classes: int) -> Layers:
    """3×3 convolutions of the planned widths, named by block and place (conv3_2), and a 2×2 pool after each block."""
    layers: Layers = []
    channels, block, place = 3, 1, 1
    for width in plan:
        if width == "pool":
            layers.append((f"pool{block}", MaxPool2d(2)))
            block, place = block + 1, 1
            continue
        layers.append((f"conv{block}_{place}", Conv2d(channels, width, 3, padding=1)))
        layers.append((f"relu{block}_{place}", ReLU()))
        channels, place = width, place + 1
    return [*layers, ("flatten", Flatten()), *_fully_connected(channels * 7 * 7, classes)]


def _fully_connected(features: int, classes: int) -> Layers:
    """The head that AlexNet and VGG share: two layers of 4,096 units and the scores."""
    return [
        ("fc6", Linear(features, 4096)),
        ("relu6", ReLU()),
        ("fc7", Linear(4096, 4096)),
        ("relu7", ReLU()),
        ("fc8", Linear(4096, classes)),
    ]
