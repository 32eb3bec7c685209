"""SqueezeNet, built of Fire modules, as a plain list of (name, layer): no weights until a Network is built.

Dropout is left out, as in ``engine.zoo.classic``. One module alone is ``engine.layers.known_blocks.fire``.
"""

from __future__ import annotations

from engine.layers.activation import ReLU
from engine.layers.conv import Conv2d
from engine.layers.known_blocks import fire
from engine.layers.pool import MaxPool2d
from engine.layers.pool_variants import AdaptiveAvgPool2d
from engine.layers.shape import Flatten
from engine.types import Shape, expect_counts
from engine.zoo.classic import Layers

SQUEEZENET_INPUT: Shape = (3, 227, 227)

# (squeeze, expand 1×1, expand 3×3) of fire2 to fire9; a pool stands after fire4 and fire8.
_FIRES = (
    *((16, 64, 64), (16, 64, 64), (32, 128, 128), (32, 128, 128)),
    *((48, 192, 192), (48, 192, 192), (64, 256, 256), (64, 256, 256)),
)


def squeezenet_layers(classes: int = 1000) -> Layers:
    """SqueezeNet 1.0: (3, 227, 227) -> (classes,), eight Fire modules, 1,248,424 parameters.

    AlexNet's accuracy at its time, with a fiftieth of its parameters. The last convolution makes a map for each class,
    and that map's mean is the score. The paper prints inputs of 224; with 227 its map widths, 111, 55, 27 and 13,
    come out.
    Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", 2016.
    """
    expect_counts("squeezenet_layers", classes=classes)
    layers: Layers = [("conv1", Conv2d(3, 96, 7, stride=2)), ("relu1", ReLU()), ("pool1", MaxPool2d(3, stride=2))]
    channels = 96
    for number, (squeeze, one, three) in enumerate(_FIRES, start=2):
        layers += [(f"fire{number}_{name}", layer) for name, layer in fire(channels, squeeze, one, three)]
        channels = one + three
        if number in (4, 8):
            layers.append((f"pool{number}", MaxPool2d(3, stride=2)))
    return [
        *layers,
        ("conv10", Conv2d(channels, classes, 1)),
        ("relu10", ReLU()),
        ("average", AdaptiveAvgPool2d(1)),
        ("flatten", Flatten()),
    ]
