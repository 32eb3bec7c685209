"""GoogLeNet, built of Inception blocks, as a plain list of (name, layer): no weights until a Network is built.

The two auxiliary outputs, which only training used, are left out, and so are dropout and local response
normalisation, as in ``engine.zoo.classic``. One block alone is ``engine.layers.known_blocks.inception``.
"""

from __future__ import annotations

from engine.layers.activation import ReLU
from engine.layers.conv import Conv2d
from engine.layers.known_blocks import inception
from engine.layers.linear import Linear
from engine.layers.pool import MaxPool2d
from engine.layers.pool_variants import AdaptiveAvgPool2d
from engine.layers.shape import Flatten
from engine.types import Shape
from engine.zoo.classic import Layers

GOOGLENET_INPUT: Shape = (3, 224, 224)

# The paper's table 1: #1×1, #3×3 reduce, #3×3, #5×5 reduce, #5×5, pool proj.
INCEPTION_WIDTHS: dict[str, tuple[int, int, int, int, int, int]] = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


def googlenet_layers(classes: int = 1000) -> Layers:
    """GoogLeNet: (3, 224, 224) -> (classes,), 22 layers deep, nine Inception blocks; 6,998,552 parameters.

    The pools have a padding of 1, so that the maps are 112, 56, 28, 14 and 7 wide as in the paper.
    Szegedy et al., "Going deeper with convolutions", 2015.
    """
    layers: Layers = [
        ("conv1", Conv2d(3, 64, 7, stride=2, padding=3)),
        ("relu1", ReLU()),
        ("pool1", MaxPool2d(3, stride=2, padding=1)),
        ("conv2_reduce", Conv2d(64, 64, 1)),
        ("relu2_reduce", ReLU()),
        ("conv2", Conv2d(64, 192, 3, padding=1)),
        ("relu2", ReLU()),
        ("pool2", MaxPool2d(3, stride=2, padding=1)),
    ]
    channels = 192
    for name, widths in INCEPTION_WIDTHS.items():
        layers.append((f"inception{name}", inception(channels, *widths)))
        one, _, three, _, five, pool = widths
        channels = one + three + five + pool
        if name in ("3b", "4e"):
            layers.append((f"pool{name[0]}", MaxPool2d(3, stride=2, padding=1)))
    return [*layers, ("average", AdaptiveAvgPool2d(1)), ("flatten", Flatten()), ("fc", Linear(channels, classes))]
