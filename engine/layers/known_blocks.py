"""Blocks that papers gave a name to, put together from plain layers and the blocks that hold layers.

Each function gives a spec: one block (``Residual``, ``Highway`` or ``Parallel``), or, for Fire, three layers in a row.
"""

from __future__ import annotations

from engine.layers.activation import ReLU, Sigmoid
from engine.layers.blocks import Highway, Parallel, Residual
from engine.layers.conv import Conv2d
from engine.layers.norm import BatchNorm2d
from engine.layers.pool import MaxPool2d
from engine.trace import Layers
from engine.types import expect_counts


def basic_block(in_channels: int, out_channels: int, stride: int = 1) -> Residual:
    """conv 3×3 → norm → ReLU → conv 3×3 → norm, added to the shortcut: ResNet-18's and -34's block.

    x (N, in_channels, H, W), y (N, out_channels, ⌈H / stride⌉, ⌈W / stride⌉). The ReLU after the sum is not part of it.
    The first convolution takes the stride. The convolutions have no bias, which the norm would take away again.
    He, Zhang, Ren & Sun, "Deep residual learning for image recognition", 2016.
    """
    expect_counts("basic_block", in_channels=in_channels, out_channels=out_channels, stride=stride)
    body = (
        ("conv1", Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)),
        ("bn1", BatchNorm2d(out_channels)),
        ("relu1", ReLU()),
        ("conv2", Conv2d(out_channels, out_channels, 3, padding=1, bias=False)),
        ("bn2", BatchNorm2d(out_channels)),
    )
    return Residual(body, _projection(in_channels, out_channels, stride))


def bottleneck(in_channels: int, width: int, stride: int = 1, expansion: int = 4) -> Residual:
    """conv 1×1 down to ``width`` → conv 3×3 → conv 1×1 up to width · expansion, added to the shortcut: ResNet-50's.

    x (N, in_channels, H, W), y (N, width · expansion, ⌈H / stride⌉, ⌈W / stride⌉); a norm after each convolution, a
    ReLU after the first two. The narrow middle makes the 3×3 convolution cheap: at 256 channels and width 64 the
    block has 70,400 parameters, where two 3×3 convolutions of 256 would have 1.2 million.
    The 3×3 convolution takes the stride, as in PyTorch's ResNet-50; in the paper it is the 1×1 convolution before it.
    He, Zhang, Ren & Sun, "Deep residual learning for image recognition", 2016.
    """
    expect_counts("bottleneck", in_channels=in_channels, width=width, stride=stride, expansion=expansion)
    out_channels = width * expansion
    body = (
        ("conv1", Conv2d(in_channels, width, 1, bias=False)),
        ("bn1", BatchNorm2d(width)),
        ("relu1", ReLU()),
        ("conv2", Conv2d(width, width, 3, stride, padding=1, bias=False)),
        ("bn2", BatchNorm2d(width)),
        ("relu2", ReLU()),
        ("conv3", Conv2d(width, out_channels, 1, bias=False)),
        ("bn3", BatchNorm2d(out_channels)),
    )
    return Residual(body, _projection(in_channels, out_channels, stride))


def highway_conv(channels: int, kernel_size: int = 3, *, gate_bias: float = -2.0) -> Highway:
    """t ⊙ relu(conv(x)) + (1 - t) ⊙ x with t = σ(conv_t(x)): a highway layer of convolutions.

    x and y (N, channels, H, W); every number of every map has a gate of its own, made from its neighbourhood. Two
    convolutions, so twice a plain layer's parameters. Raises ValueError for an even kernel, which can't keep H and W.
    Srivastava, Greff & Schmidhuber, "Training very deep networks", 2015, section 3.
    """
    expect_counts("highway_conv", channels=channels, kernel_size=kernel_size)
    if kernel_size % 2 == 0:
        raise ValueError(
            f"highway_conv: kernel_size={kernel_size}; expected an odd number, such as 3: x keeps its size."
        )
    conv = Conv2d(channels, channels, kernel_size, padding=kernel_size // 2)
    return Highway((("conv", conv), ("relu", ReLU())), (("conv", conv), ("sigmoid", Sigmoid())), gate_bias)


def inception(
    in_channels: int,
    conv1x1: int,
    reduce3x3: int,
    conv3x3: int,
    reduce5x5: int,
    conv5x5: int,
    pool_projection: int,
) -> Parallel:
    """[1×1, 1×1 → 3×3, 1×1 → 5×5, max pool → 1×1], a ReLU after each convolution: Inception-v1's block.

    The six widths stand in the order of the paper's table. x (N, in_channels, H, W),
    y (N, conv1x1 + conv3x3 + conv5x5 + pool_projection, H, W). The 1×1 convolutions before the larger ones make
    their input narrow and so their work small.
    Szegedy et al., "Going deeper with convolutions", 2015, figure 2b and table 1.
    """
    expect_counts("inception", in_channels=in_channels, conv1x1=conv1x1, reduce3x3=reduce3x3, conv3x3=conv3x3)
    expect_counts("inception", reduce5x5=reduce5x5, conv5x5=conv5x5, pool_projection=pool_projection)
    return Parallel(
        (
            ("conv1x1", (("conv", Conv2d(in_channels, conv1x1, 1)), ("relu", ReLU()))),
            ("conv3x3", _reduced(in_channels, reduce3x3, conv3x3, 3)),
            ("conv5x5", _reduced(in_channels, reduce5x5, conv5x5, 5)),
            (
                "pool",
                (
                    ("pool", MaxPool2d(3, stride=1, padding=1)),
                    ("conv", Conv2d(in_channels, pool_projection, 1)),
                    ("relu", ReLU()),
                ),
            ),
        )
    )


def fire(in_channels: int, squeeze: int, expand1x1: int, expand3x3: int) -> Layers:
    """squeeze: conv 1×1 → ReLU, then expand: [1×1 → ReLU, 3×3 → ReLU] side by side: SqueezeNet's Fire module.

    x (N, in_channels, H, W), y (N, expand1x1 + expand3x3, H, W). The 3×3 kernels, nine times as dear as 1×1 ones,
    read only the few channels that ``squeeze`` leaves.
    Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", 2016, section 3.2.
    """
    expect_counts("fire", in_channels=in_channels, squeeze=squeeze, expand1x1=expand1x1, expand3x3=expand3x3)
    expand = Parallel(
        (
            ("conv1x1", (("conv", Conv2d(squeeze, expand1x1, 1)), ("relu", ReLU()))),
            ("conv3x3", (("conv", Conv2d(squeeze, expand3x3, 3, padding=1)), ("relu", ReLU()))),
        )
    )
    return ("squeeze", Conv2d(in_channels, squeeze, 1)), ("relu", ReLU()), ("expand", expand)


def _projection(in_channels: int, out_channels: int, stride: int) -> Layers:
    """The shortcut that keeps up with the body: none where nothing changes, else a 1×1 convolution and a norm."""
    if stride == 1 and in_channels == out_channels:
        return ()
    return ("conv", Conv2d(in_channels, out_channels, 1, stride, bias=False)), ("bn", BatchNorm2d(out_channels))


def _reduced(in_channels: int, reduced: int, out_channels: int, kernel_size: int) -> Layers:
    """1×1 → ReLU → kernel_size² → ReLU, height and width kept."""
    return (
        ("reduce", Conv2d(in_channels, reduced, 1)),
        ("relu_reduce", ReLU()),
        ("conv", Conv2d(reduced, out_channels, kernel_size, padding=kernel_size // 2)),
        ("relu", ReLU()),
    )
