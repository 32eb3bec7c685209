"""What a layer can't take is refused with what was given, what was expected, and what would work."""

from collections.abc import Callable

import numpy as np
import pytest

from engine import AvgPool2d, Conv2d, Linear, MaxPool2d, ShapeError
from engine.types import Layer, Shape

SPECS: tuple[tuple[Callable[[], object], list[str]], ...] = (
    (lambda: Conv2d(0, 1, 3), ["in_channels=0", "at least 1"]),
    (lambda: Conv2d(1, -2, 3), ["out_channels=-2", "at least 1"]),
    (lambda: Conv2d(1, 1, 0), ["kernel_size=0", "at least 1", "kernel_size=1"]),
    (lambda: Conv2d(1, 1, 3, stride=0), ["stride=0", "at least 1"]),
    (lambda: Conv2d(1, 1, 3, padding=-1), ["padding=-1", "at least 0"]),
    (lambda: Conv2d(1, 1, 3, padding="full"), ["padding='full'", '"same"', '"valid"']),  # type: ignore[arg-type]
    (lambda: Conv2d(1, 1, 3, stride=2, padding="same"), ["stride=2", "stride=1", "would work"]),
    (lambda: Conv2d(1, 1, 3, padding_mode="mirror"), ["'mirror'", "zeros, reflect, replicate, circular"]),  # type: ignore[arg-type]
    (lambda: Conv2d(1, 1, 3, dilation=0), ["dilation=0", "at least 1"]),
    (lambda: Conv2d(1, 1, 2.5), ["kernel_size=2.5", "whole number"]),  # type: ignore[arg-type]
    (lambda: Conv2d(1, 1, "3"), ["kernel_size='3'", "whole number"]),  # type: ignore[arg-type]
    (lambda: Conv2d(1, 1, (3, 3, 3)), ["pair"]),  # type: ignore[arg-type]
    (lambda: Conv2d(1.5, 1, 3), ["in_channels=1.5", "whole number"]),  # type: ignore[arg-type]
    (lambda: Conv2d(4, 6, 3, groups=3), ["groups=3", "in_channels=4", "groups=1"]),
    (lambda: Conv2d(6, 4, 3, groups=3), ["groups=3", "out_channels=4"]),
    (lambda: Conv2d(2, 2, 3, groups=0), ["groups=0", "at least 1"]),
    (lambda: Linear(0, 1), ["in_features=0", "at least 1"]),
    (lambda: Linear(1, 0), ["out_features=0", "at least 1"]),
    (lambda: MaxPool2d(0), ["kernel_size=0", "at least 1"]),
    (lambda: MaxPool2d(2, stride=0), ["stride=0", "at least 1"]),
    (lambda: MaxPool2d(2, padding=2), ["padding=2", "half", "kernel_size=2"]),
    (lambda: MaxPool2d(2, dilation=0), ["dilation=0", "at least 1"]),
    (lambda: AvgPool2d(3, padding=2), ["padding=2", "half", "padding=1"]),
)


@pytest.mark.parametrize(("build", "says"), SPECS)
def test_a_spec_that_cannot_work_is_refused(build: Callable[[], object], says: list[str]) -> None:
    with pytest.raises(ValueError, match=r"expect|work|must") as caught:
        build()
    for words in says:
        assert words in str(caught.value)


INPUTS: tuple[tuple[Layer, Shape, list[str]], ...] = (
    (Conv2d(3, 1, 3), (1, 8, 8), ["(1, 8, 8)", "3", "would work"]),
    (Conv2d(3, 1, 3), (8, 8), ["(8, 8)", "2 axes"]),
    (Conv2d(3, 1, 3), (1, 3, 8, 8), ["(1, 3, 8, 8)", "axes"]),
    (Conv2d(1, 1, 5), (1, 3, 8), ["(1, 3, 8)", "5", "padding of 1", "at least 5"]),
    (Conv2d(1, 1, 3, dilation=2), (1, 8, 4), ["5 cells along W", "padding of 1"]),
    (
        Conv2d(1, 1, 3, padding=3, padding_mode="reflect"),
        (1, 8, 3),
        ["takes 3 from W = 3", "replicate"],
    ),
    (MaxPool2d(3), (1, 2, 8), ["(1, 2, 8)", "3 cells along H", "would work"]),
    (MaxPool2d(3, stride=2, ceil_mode=True), (1, 1, 8), ["(1, 1, 8)", "3 cells along H", "would work"]),
    (MaxPool2d(2), (4,), ["(4,)", "axes"]),
    (AvgPool2d(3), (1, 8, 2), ["3 cells along W"]),
    (Linear(4, 2), (5,), ["(5,)", "4", "would work"]),
    (Linear(4, 2), (), ["()", "(4,)", "would work"]),
    (Linear(4, 2), (1, 2, 2), ["(1, 2, 2)", "(…, 4)", "Flatten() before it would make (4,)"]),
    (Linear(4, 2), (4, 3), ["(4, 3)", "last axis", "in_features = 3"]),
)


@pytest.mark.parametrize(("layer", "shape", "says"), INPUTS, ids=lambda value: str(value))
def test_a_shape_that_does_not_fit_is_named(layer: Layer, shape: Shape, says: list[str]) -> None:
    with pytest.raises(ShapeError) as declared:
        layer.output_shape(shape)
    for words in [*says, type(layer).__name__]:
        assert words in str(declared.value)

    params = layer.init(np.random.default_rng(0))
    with pytest.raises(ShapeError) as computed:
        layer.forward(params, np.zeros((2, *shape), np.float32))
    assert str(computed.value) == str(declared.value)


def test_advice_on_padding_works() -> None:
    # "Conv2d 5×5 on 3×8 … a padding of 1 … would work", and no smaller one does.
    assert Conv2d(1, 1, 5, padding=1).output_shape((1, 3, 8)) == (1, 1, 6)
