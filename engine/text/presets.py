"""Networks to start from, as texts: each says its layers, and which examples it is made for."""

from __future__ import annotations

from dataclasses import dataclass

from engine.types import Shape


@dataclass(frozen=True)
class Preset:
    """A network's text and the shape of one example."""

    text: str
    input_shape: Shape


_DIGIT: Shape = (1, 8, 8)
_MNIST: Shape = (1, 28, 28)

PRESETS: dict[str, Preset] = {
    "LeNet-5": Preset(
        """\
Conv2d(1, 6, 5, padding=2)
ReLU()
MaxPool2d(2)
Conv2d(6, 16, 5)
ReLU()
MaxPool2d(2)
Flatten()
Linear(400, 120)
ReLU()
Linear(120, 84)
ReLU()
Linear(84, 10)""",
        _MNIST,
    ),
    "Digit network": Preset(
        """\
Conv2d(1, 8, 3, padding=1)
ReLU()
MaxPool2d(2)
Conv2d(8, 16, 3, padding=1)
ReLU()
MaxPool2d(2)
Flatten()
linear = Linear(64, 10)""",
        _DIGIT,
    ),
    "Batch norm": Preset(
        """\
Conv2d(1, 8, 3, padding=1, bias=False)
BatchNorm2d(8)
ReLU()
MaxPool2d(2)
Conv2d(8, 16, 3, padding=1, bias=False)
BatchNorm2d(16)
ReLU()
MaxPool2d(2)
Flatten()
Linear(64, 10)""",
        _DIGIT,
    ),
    "Residual": Preset(
        """\
Conv2d(1, 8, 3, padding=1)
ReLU()
Residual(
    Conv2d(8, 8, 3, padding=1, bias=False)
    BatchNorm2d(8)
    ReLU()
    Conv2d(8, 8, 3, padding=1, bias=False)
    BatchNorm2d(8)
)
ReLU()
Residual(
    Conv2d(8, 16, 3, stride=2, padding=1, bias=False)
    BatchNorm2d(16)
    ReLU()
    Conv2d(16, 16, 3, padding=1, bias=False)
    BatchNorm2d(16)
    Shortcut(
        Conv2d(8, 16, 1, stride=2, bias=False)
        BatchNorm2d(16)
    )
)
ReLU()
AdaptiveAvgPool2d(1)
Flatten()
Linear(16, 10)""",
        _DIGIT,
    ),
    "Inception": Preset(
        """\
Conv2d(1, 8, 3, padding=1)
ReLU()
Parallel(
    narrow = Conv2d(8, 4, 1)
    middle = Sequential(
        Conv2d(8, 4, 1)
        ReLU()
        Conv2d(4, 8, 3, padding=1)
    )
    wide = Sequential(
        Conv2d(8, 2, 1)
        ReLU()
        Conv2d(2, 4, 5, padding=2)
    )
    pooled = Sequential(
        MaxPool2d(3, stride=1, padding=1)
        Conv2d(8, 4, 1)
    )
)
ReLU()
MaxPool2d(2)
Flatten()
Linear(320, 10)""",
        _DIGIT,
    ),
    "All-convolutional": Preset(
        """\
Conv2d(1, 8, 3, padding=1)
ReLU()
Conv2d(8, 16, 3, stride=2, padding=1)
ReLU()
Conv2d(16, 16, 3, stride=2, padding=1)
ReLU()
Conv2d(16, 10, 1)
AdaptiveAvgPool2d(1)
Flatten()""",
        _DIGIT,
    ),
    "Multilayer perceptron": Preset(
        """\
Flatten()
Linear(64, 48)
ReLU()
Linear(48, 24)
ReLU()
Linear(24, 10)""",
        _DIGIT,
    ),
    "Linear classifier": Preset(
        """\
Flatten()
Linear(64, 10)""",
        _DIGIT,
    ),
    "Depthwise separable": Preset(
        """\
Conv2d(1, 8, 3, padding=1)
ReLU()
Conv2d(8, 8, 3, padding=1, groups=8)
Conv2d(8, 16, 1)
ReLU()
MaxPool2d(2)
Conv2d(16, 16, 3, padding=1, groups=16)
Conv2d(16, 32, 1)
ReLU()
AdaptiveAvgPool2d(1)
Flatten()
Linear(32, 10)""",
        _DIGIT,
    ),
}
"""By name, in the order in which they are offered."""
