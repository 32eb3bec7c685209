"""What the second storey's layers can't take is refused with what was given, what was expected, what would work."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.layers.activation import Softplus
from engine.layers.activation_across import LogSoftmax, Maxout, Softmax
from engine.layers.activation_elu import CELU
from engine.layers.activation_hard import Hardtanh
from engine.layers.activation_learned import PReLU, RReLU
from engine.layers.activation_smooth import GELU
from engine.layers.conv_variants import ConvTranspose2d, LocallyConnected2d
from engine.layers.dropout import Dropout, Dropout2d
from engine.layers.local_response import LocalResponseNorm
from engine.layers.norm import BatchNorm1d, BatchNorm2d
from engine.layers.norm_example import GroupNorm, InstanceNorm2d, LayerNorm
from engine.layers.padding import CircularPad2d, ConstantPad2d, ReflectionPad2d, ReplicationPad2d, ZeroPad2d
from engine.layers.pixel_shuffle import PixelShuffle, PixelUnshuffle
from engine.layers.pool_variants import AdaptiveAvgPool2d, AdaptiveMaxPool2d, LPPool2d, StochasticPool2d
from engine.layers.resample import Upsample
from engine.layers.shape import Flatten
from engine.layers.unpool import MaxUnpool2d
from engine.types import Layer, Shape, ShapeError
from tests.engine import test_bad_input as first_storey

SPECS: tuple[tuple[Callable[[], object], list[str]], ...] = (
    (lambda: PReLU(0), ["num_parameters=0", "at least 1"]),
    (lambda: RReLU(0.5, 0.2), ["lower=0.5", "upper=0.2"]),
    (lambda: Softplus(beta=0), ["beta=0", "above 0"]),
    (lambda: GELU("erf"), ["'erf'", '"none" or "tanh"']),  # type: ignore[arg-type]
    (lambda: CELU(alpha=0), ["alpha=0", "above 0"]),
    (lambda: Hardtanh(1, 1), ["min_val=1", "max_val=1", "-1 and 1"]),
    (lambda: AdaptiveMaxPool2d((2, 0)), ["output_size=(2, 0)"]),
    (lambda: Maxout(0), ["pieces=0", "at least 1"]),
    (lambda: Dropout(1.5), ["p=1.5", "such as 0.5"]),
    (lambda: Dropout2d(-0.1), ["p=-0.1", "Dropout2d"]),
    (lambda: BatchNorm2d(0), ["BatchNorm2d", "num_features=0"]),
    (lambda: LayerNorm(0), ["normalized_shape=0", "at least 1"]),
    (lambda: LayerNorm(()), ["normalized_shape=0"]),
    (lambda: GroupNorm(3, 4), ["num_groups=3", "num_channels=4", "num_groups=1"]),
    (lambda: GroupNorm(0, 4), ["num_groups=0"]),
    (lambda: InstanceNorm2d(0), ["num_features=0"]),
    (lambda: LocalResponseNorm(0), ["size=0"]),
    (lambda: LPPool2d(0.5, 2), ["norm_type=0.5", "at least 1", "such as 2"]),
    (lambda: LPPool2d(2, 0), ["kernel_size=0"]),
    (lambda: StochasticPool2d(2, stride=0), ["stride=0"]),
    (lambda: AdaptiveAvgPool2d(0), ["output_size=0"]),
    (lambda: MaxUnpool2d(0), ["kernel_size=0"]),
    (lambda: PixelShuffle(0), ["upscale_factor=0"]),
    (lambda: PixelUnshuffle(1.5), ["downscale_factor=1.5"]),  # type: ignore[arg-type]
    (lambda: ZeroPad2d(-1), ["padding=-1", "(left, right, top, bottom)", "takes a row away"]),
    (lambda: ReflectionPad2d((1, 2)), ["padding=(1, 2)", "four of them"]),  # type: ignore[arg-type]
    (lambda: ConstantPad2d(1.5, 0), ["padding=1.5", "ConstantPad2d"]),  # type: ignore[arg-type]
    (lambda: Upsample(), ["size=None", "scale_factor=None", "scale_factor=2"]),
    (lambda: Upsample(size=4, scale_factor=2), ["size=4", "scale_factor=2", "one of the two"]),
    (lambda: Upsample(size=(4, 0)), ["size=(4, 0)", "at least 1"]),
    (lambda: Upsample(scale_factor=0), ["scale_factor=0"]),
    (lambda: Upsample(scale_factor=1.5), ["scale_factor=1.5", "whole number"]),  # type: ignore[arg-type]
    (lambda: Upsample(scale_factor=2, mode="bicubic"), ["'bicubic'", '"nearest" or "bilinear"']),  # type: ignore[arg-type]
    (lambda: ConvTranspose2d(1, 0, 3), ["out_channels=0"]),
    (lambda: ConvTranspose2d(4, 6, 3, groups=4), ["groups=4", "groups=1"]),
    (lambda: ConvTranspose2d(1, 1, 3, stride=2, output_padding=2), ["output_padding=2", "stride=2", "0 always works"]),
    (lambda: LocallyConnected2d(1, 1, 2, 3), ["kernel spans 3", "would work"]),
    (lambda: LocallyConnected2d(1, 1, 4, 3, stride=0), ["stride=0"]),
)


@pytest.mark.parametrize(("build", "says"), SPECS)
def test_a_spec_that_cannot_work_is_refused(build: Callable[[], object], says: list[str]) -> None:
    first_storey.test_a_spec_that_cannot_work_is_refused(build, says)


INPUTS: tuple[tuple[Layer, Shape, list[str]], ...] = (
    (PReLU(3), (2, 4, 4), ["(2, 4, 4)", "3", "num_parameters=2"]),
    (Maxout(3), (4, 2), ["(4, 2)", "multiple of 3", "such as 6"]),
    (Softmax(2), (5,), ["(5,)", "1 to 1"]),
    (Softmax(0), (5,), ["dim counts N as 0"]),
    (LogSoftmax(3), (5, 2), ["(5, 2)", "1 to 2"]),
    (AdaptiveMaxPool2d(2), (8,), ["axes"]),
    (Dropout2d(), (4,), ["(4,)", "axes"]),
    (BatchNorm1d(3), (4,), ["num_features = 4", "would work"]),
    (BatchNorm1d(3), (3, 2, 2), ["axes"]),
    (BatchNorm2d(3), (3,), ["axes"]),
    (LayerNorm((3, 4)), (4, 3), ["(4, 3)", "(3, 4)", "normalized_shape=(4, 3)"]),
    (GroupNorm(2, 4), (3, 2, 2), ["(3, 2, 2)", "4 channels"]),
    (InstanceNorm2d(2), (2, 1, 1), ["one number in each group"]),
    (LocalResponseNorm(5), (), ["channels"]),
    (LPPool2d(2, 3), (1, 2, 8), ["3 cells along H", "would work"]),
    (StochasticPool2d(3), (1, 8, 2), ["3 cells along W"]),
    (AdaptiveAvgPool2d(2), (8,), ["axes"]),
    (PixelShuffle(2), (6, 2, 2), ["(6, 2, 2)", "multiple of 4", "such as 4"]),
    (PixelUnshuffle(2), (1, 4, 3), ["(1, 4, 3)", "multiples of 2"]),
    (MaxUnpool2d(1, padding=1), (1, 2, 2), ["(1, 2, 2)", "padding of 0"]),
    (Flatten(0), (2, 3), ["(2, 3)", "1 to 2", "Flatten()"]),
    (Flatten(3), (2, 3), ["start_dim=3", "1 to 2"]),
    (Flatten(2, 1), (2, 3), ["the first no further than the last"]),
    (ReflectionPad2d(3), (1, 3, 8), ["(1, 3, 8)", "takes 3 from H = 3", "padding of 2", "ReplicationPad2d"]),
    (CircularPad2d((0, 5, 0, 0)), (1, 3, 4), ["takes 5 from W = 4", "padding of 4"]),
    (ReplicationPad2d(1), (4, 4), ["axes"]),
    (Upsample(scale_factor=2), (8, 8), ["axes"]),
    (ConvTranspose2d(3, 1, 3), (2, 4, 4), ["(2, 4, 4)", "3"]),
    (ConvTranspose2d(1, 1, 1, padding=2), (1, 4, 4), ["(1, 4, 4)", "0×0", "padding of 0"]),
    (LocallyConnected2d(1, 1, 4, 3), (1, 5, 4), ["H = 5", "would work"]),
)


@pytest.mark.parametrize(("layer", "shape", "says"), INPUTS, ids=str)
def test_a_shape_that_does_not_fit_is_named(layer: Layer, shape: Shape, says: list[str]) -> None:
    first_storey.test_a_shape_that_does_not_fit_is_named(layer, shape, says)


def test_unpooling_without_places_or_with_others_is_refused() -> None:
    layer, x = MaxUnpool2d(2), np.ones((1, 1, 2, 2))
    with pytest.raises(ValueError, match=r"told no places.*indices=pool\.indices\(cache\)"):
        layer.forward({}, x)
    for indices in (np.zeros((1, 1, 2), int), np.full((1, 1, 2, 2), 16), np.full((1, 1, 2, 2), -1)):
        with pytest.raises(ShapeError, match=r"from 0 to 4·4 - 1"):
            layer.forward({}, x, indices=indices)
