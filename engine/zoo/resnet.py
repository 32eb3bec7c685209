"""Residual networks: for ImageNet with 18, 34 and 50 layers, for CIFAR with 6n + 2, and the plain twin of those.

Plain lists of (name, layer): no weights are made until a Network is built. Blocks are named by stage and place
(block2_1), as the paper counts them: the stem is stage 1.
He, Zhang, Ren & Sun, "Deep residual learning for image recognition", 2016.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.layers.activation import ReLU
from engine.layers.blocks import Residual
from engine.layers.conv import Conv2d
from engine.layers.known_blocks import basic_block, bottleneck
from engine.layers.linear import Linear
from engine.layers.norm import BatchNorm2d
from engine.layers.pool import MaxPool2d
from engine.layers.pool_variants import AdaptiveAvgPool2d
from engine.layers.shape import Flatten
from engine.types import Shape, expect_counts
from engine.zoo.classic import Layers

RESNET_INPUT: Shape = (3, 224, 224)
CIFAR_RESNET_INPUT: Shape = (3, 32, 32)

MOST_CIFAR_LAYERS = 200

_IMAGENET_WIDTHS = (64, 128, 256, 512)
_CIFAR_WIDTHS = (16, 32, 64)


def resnet18_layers(classes: int = 1000) -> Layers:
    """ResNet-18: (3, 224, 224) -> (classes,), 2, 2, 2, 2 blocks of two 3×3 convolutions."""
    return _imagenet((2, 2, 2, 2), basic_block, 1, classes)


def resnet34_layers(classes: int = 1000) -> Layers:
    """ResNet-34: (3, 224, 224) -> (classes,), 3, 4, 6, 3 blocks of two 3×3 convolutions."""
    return _imagenet((3, 4, 6, 3), basic_block, 1, classes)


def resnet50_layers(classes: int = 1000) -> Layers:
    """ResNet-50: (3, 224, 224) -> (classes,), 3, 4, 6, 3 bottlenecks."""
    return _imagenet((3, 4, 6, 3), bottleneck, 4, classes)


def cifar_resnet_layers(depth: int = 20, classes: int = 10) -> Layers:
    """The 6n + 2 layers for small pictures: (3, 32, 32) -> (classes,), three stages of n blocks, 16, 32, 64 wide.

    Where the width grows, a 1×1 convolution is the shortcut; the paper fills up with zeros there, which has 2,752
    parameters fewer. Raises ValueError for a depth that isn't 6n + 2.
    """
    return _cifar(depth, classes, lambda name, block: [(name, block)])


def cifar_plain_layers(depth: int = 20, classes: int = 10) -> Layers:
    """The same layers without their shortcuts: what the residual network is compared with."""
    return _cifar(depth, classes, lambda name, block: [(f"{name}_{inner}", layer) for inner, layer in block.body])


def _imagenet(
    blocks: tuple[int, ...], make: Callable[[int, int, int], Residual], expansion: int, classes: int
) -> Layers:
    """Stem, four stages whose first block (but for the first stage's) halves the picture, global average, scores."""
    layers: Layers = [
        ("conv1", Conv2d(3, 64, 7, stride=2, padding=3, bias=False)),
        ("bn1", BatchNorm2d(64)),
        ("relu1", ReLU()),
        ("pool1", MaxPool2d(3, stride=2, padding=1)),
    ]
    channels = 64
    for stage, (count, width) in enumerate(zip(blocks, _IMAGENET_WIDTHS, strict=True), start=2):
        for place in range(1, count + 1):
            stride = 2 if stage > 2 and place == 1 else 1
            layers += [
                (f"block{stage}_{place}", make(channels, width, stride)),
                (f"relu{stage}_{place}", ReLU()),
            ]
            channels = width * expansion
    return [*layers, *_head(channels, classes)]


def _cifar(depth: int, classes: int, row_of: Callable[[str, Residual], Layers]) -> Layers:
    """Stem, three stages of n blocks (``row_of`` says what stands in the row for each), average, scores."""
    if not isinstance(depth, int) or depth < 8 or depth > MOST_CIFAR_LAYERS or (depth - 2) % 6:
        raise ValueError(
            f"depth={depth!r}: expected 6n + 2 layers, from 8 to {MOST_CIFAR_LAYERS}, such as 8, 20, 32, 44, 56 or 110."
        )
    layers: Layers = [
        ("conv1", Conv2d(3, 16, 3, padding=1, bias=False)),
        ("bn1", BatchNorm2d(16)),
        ("relu1", ReLU()),
    ]
    channels = 16
    for stage, width in enumerate(_CIFAR_WIDTHS, start=2):
        for place in range(1, (depth - 2) // 6 + 1):
            block = basic_block(channels, width, stride=2 if stage > 2 and place == 1 else 1)
            layers += row_of(f"block{stage}_{place}", block)
            layers.append((f"relu{stage}_{place}", ReLU()))
            channels = width
    return [*layers, *_head(channels, classes)]


def _head(channels: int, classes: int) -> Layers:
    """Each map's mean, and the scores from them."""
    expect_counts("A network", classes=classes)
    return [("average", AdaptiveAvgPool2d(1)), ("flatten", Flatten()), ("fc", Linear(channels, classes))]
