"""Network in network, as a plain list of (name, layer): no weights are made until a Network is built.

Dropout, which the paper puts after both pools, is left out, as in ``engine.zoo.classic``.
"""

from __future__ import annotations

from engine.layers.activation import ReLU
from engine.layers.conv import Conv2d
from engine.layers.pool import AvgPool2d, MaxPool2d
from engine.layers.pool_variants import AdaptiveAvgPool2d
from engine.layers.shape import Flatten
from engine.types import Shape, expect_counts
from engine.zoo.classic import Layers

NIN_INPUT: Shape = (3, 32, 32)


def nin_layers(classes: int = 10) -> Layers:
    """NIN for CIFAR: (3, 32, 32) -> (classes,), three convolutions, each followed by two of 1×1; 966,986 parameters.

    A 1×1 convolution is a small fully connected network that looks at one place across all maps. The last one makes a
    map for each class, and that map's mean is the class's score: no linear layer. Widths are those of the authors'
    published network.
    Lin, Chen & Yan, "Network in network", 2013.
    """
    expect_counts("nin_layers", classes=classes)
    return [
        *_mlpconv(1, 3, (192, 160, 96), 5),
        ("pool1", MaxPool2d(3, stride=2, padding=1)),
        *_mlpconv(2, 96, (192, 192, 192), 5),
        ("pool2", AvgPool2d(3, stride=2, padding=1, count_include_pad=False)),
        *_mlpconv(3, 192, (192, 192, classes), 3),
        ("average", AdaptiveAvgPool2d(1)),
        ("flatten", Flatten()),
    ]


def _mlpconv(block: int, channels: int, widths: tuple[int, int, int], kernel_size: int) -> Layers:
    """A convolution of kernel_size² and two of 1×1, a ReLU after each."""
    layers: Layers = []
    for place, (width, size) in enumerate(zip(widths, (kernel_size, 1, 1), strict=True), start=1):
        layers.append((f"conv{block}_{place}", Conv2d(channels, width, size, padding=size // 2)))
        layers.append((f"relu{block}_{place}", ReLU()))
        channels = width
    return layers
