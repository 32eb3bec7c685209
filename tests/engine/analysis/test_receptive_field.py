"""How far units look: by the equations, and by moving pixels to see who answers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU, ShapeError
from engine.analysis.receptive_field import (
    Box,
    Field,
    chain,
    effective_field,
    receptive_fields,
    slide,
    through,
    union,
)
from engine.layers.activation import LeakyReLU
from engine.layers.activation_across import LogSoftmax, Maxout, Softmax
from engine.layers.activation_hard import Hardtanh
from engine.layers.activation_learned import PReLU
from engine.layers.activation_smooth import GELU, Mish
from engine.layers.blocks import Highway, Parallel, Residual
from engine.layers.conv_variants import ConvTranspose2d, LocallyConnected2d
from engine.layers.dropout import Dropout, Dropout2d
from engine.layers.local_response import LocalResponseNorm
from engine.layers.norm import BatchNorm2d
from engine.layers.norm_example import GroupNorm, InstanceNorm2d, LayerNorm
from engine.layers.padding import ReflectionPad2d
from engine.layers.pixel_shuffle import PixelShuffle, PixelUnshuffle
from engine.layers.pool_variants import AdaptiveAvgPool2d, AdaptiveMaxPool2d, LPPool2d, StochasticPool2d
from engine.layers.resample import Upsample
from engine.layers.shape import Identity
from engine.layers.unpool import MaxUnpool2d
from engine.layers.weight_norm import WeightNorm
from engine.types import Array, Layer, Shape

Layers = list[tuple[str, Layer]]


@st.composite
def chains(draw: st.DrawFn, *, inner_padding: bool = True) -> tuple[Layers, Shape]:
    """One to three windows without holes, on an image on which each has a place."""
    layers: Layers = []
    for number in range(draw(st.integers(1, 3))):
        kernel = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
        stride = draw(st.tuples(*(st.integers(1, k) for k in kernel)))
        padded = inner_padding or number == 0
        if draw(st.booleans()):
            padding = draw(st.tuples(st.integers(0, 2 * padded), st.integers(0, 2 * padded)))
            layers.append((f"conv{number}", Conv2d(1, 1, kernel, stride, padding, bias=False)))
        else:
            padding = draw(st.tuples(*(st.integers(0, k // 2 * padded) for k in kernel)))
            layers.append((f"pool{number}", AvgPool2d(kernel, stride, padding)))
    return layers, (1, draw(st.integers(27, 30)), draw(st.integers(27, 30)))


def positive(layers: Layers, shape: Shape) -> Network:
    """The network whose weights are all 1: no gradient cancels another."""
    rng = np.random.default_rng(0)
    return Network.build(layers, shape, rng=rng, initializer=lambda rng, shape: np.ones(shape), dtype=np.float64)


def box_of(mask: Array) -> Box:
    """The smallest box that holds all places of a mask."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


def lies_within(inner: Box, outer: Box) -> bool:
    return (
        outer.top <= inner.top
        and outer.left <= inner.left
        and inner.bottom <= outer.bottom
        and inner.right <= outer.right
    )


@given(chains(inner_padding=False), st.data())
def test_a_field_is_where_the_gradient_comes_from(drawn: tuple[Layers, Shape], data: st.DataObject) -> None:
    layers, shape = drawn
    network, field = positive(layers, shape), receptive_fields(layers, shape)[-1]
    unit = tuple(data.draw(st.integers(0, units - 1)) for units in field.units)
    dx = effective_field(network, np.ones((1, *shape)), layers[-1][0], (0, *unit))
    inside = field.pixels(unit).clip(shape[1:])
    if inside.top < inside.bottom and inside.left < inside.right:
        assert box_of(dx[0, 0] > 0) == inside
    else:
        assert not dx.any(), "a unit that reads padding alone"


@given(chains(inner_padding=False), st.data())
def test_a_projective_field_is_where_a_moved_pixel_shows(drawn: tuple[Layers, Shape], data: st.DataObject) -> None:
    layers, shape = drawn
    pixel = tuple(data.draw(st.integers(0, size - 1)) for size in shape[1:])
    x = np.zeros((1, *shape))
    x[0, 0][pixel] = 1
    answers = positive(layers, shape).predict(x)[0, 0] > 0
    reached = receptive_fields(layers, shape)[-1].reached(pixel)
    if answers.any():
        assert box_of(answers) == reached
    else:
        assert reached.top == reached.bottom or reached.left == reached.right


@given(chains(), st.data())
def test_padding_inside_can_only_make_a_field_smaller(drawn: tuple[Layers, Shape], data: st.DataObject) -> None:
    layers, shape = drawn
    network, field = positive(layers, shape), receptive_fields(layers, shape)[-1]
    unit = tuple(data.draw(st.integers(0, units - 1)) for units in field.units)
    dx = effective_field(network, np.ones((1, *shape)), layers[-1][0], (0, *unit))
    if dx.any():
        assert lies_within(box_of(dx[0, 0] > 0), field.pixels(unit).clip(shape[1:]))


def test_padding_inside_does_make_it_smaller_at_the_edge() -> None:
    # The second layer's first unit reads one cell left of the first layer's map: zero, though that cell, were it
    # computed, would read pixels -1 and 0.
    layers: Layers = [("conv1", Conv2d(1, 1, (1, 2))), ("conv2", Conv2d(1, 1, 1, padding=(0, 1)))]
    dx = effective_field(positive(layers, (1, 4, 4)), np.ones((1, 1, 4, 4)), "conv2", (0, 2, 0))
    assert receptive_fields(layers, (1, 4, 4))[-1].pixels((2, 0)) == Box(2, -1, 3, 1)
    assert not dx.any()


@given(chains())
def test_pixels_and_units_agree_on_who_sees_whom(drawn: tuple[Layers, Shape]) -> None:
    layers, shape = drawn
    field = receptive_fields(layers, shape)[-1]
    pixel = (4, 7)
    reached = field.reached(pixel)
    for unit in np.ndindex(*field.units):
        box = field.pixels((unit[0], unit[1]))
        sees = box.top <= pixel[0] < box.bottom and box.left <= pixel[1] < box.right
        assert sees == (reached.top <= unit[0] < reached.bottom and reached.left <= unit[1] < reached.right)


@given(chains())
def test_a_field_has_as_many_units_as_the_layer_has_outputs(drawn: tuple[Layers, Shape]) -> None:
    layers, shape = drawn
    shapes = positive(layers, shape).shapes()
    for field, (name, out) in zip(receptive_fields(layers, shape)[1:], shapes, strict=True):
        assert (field.name, field.units) == (name, out[1:])


def test_the_equations_by_hand() -> None:
    # 7×7 kernel, stride 2, padding 3; then a 3×3 pool, stride 2, padding 1; then a 3×3 kernel, dilation 2.
    # size 1 -> 1 + 6·1 = 7 -> 7 + 2·2 = 11 -> 11 + 2·2·4 = 27; jump 1 -> 2 -> 4 -> 4;
    # first 0 -> -3 -> -3 - 1·2 = -5 -> -5 (no padding); start = first + (size - 1)/2: 0, 0, 0, 8.
    layers: Layers = [
        ("conv1", Conv2d(3, 8, 7, stride=2, padding=3)),
        ("pool", MaxPool2d(3, stride=2, padding=1)),
        ("conv2", Conv2d(8, 8, 3, dilation=2)),
    ]
    fields = receptive_fields(layers, (3, 64, 32))
    assert [field.size[0] for field in fields] == [1, 7, 11, 27]
    assert [field.jump[1] for field in fields] == [1, 2, 4, 4]
    assert [field.first[0] for field in fields] == [0, -3, -5, -5]
    assert [field.start[1] for field in fields] == [0, 0, 0, 8]
    assert [field.units for field in fields] == [(64, 32), (32, 16), (16, 8), (12, 4)]
    assert fields[-1].pixels((1, 2)) == Box(-1, 3, 26, 30)
    assert fields[-1].pixels((0, 0)).clip((64, 32)) == Box(0, 0, 22, 22)


def test_height_and_width_go_their_own_ways() -> None:
    layers: Layers = [("conv", Conv2d(1, 1, (1, 5), stride=(2, 1), padding=(0, 2)))]
    field = receptive_fields(layers, (1, 8, 8))[-1]
    assert (field.size, field.jump, field.first) == ((1, 5), (2, 1), (0, -2))


def test_a_pixel_between_two_strides_reaches_nobody() -> None:
    field = receptive_fields([("conv", Conv2d(1, 1, 1, stride=3))], (1, 9, 9))[-1]
    assert field.reached((3, 6)) == Box(1, 2, 2, 3)
    missed = field.reached((4, 6))
    assert missed.top == missed.bottom


def test_relu_and_flatten_widen_nothing_and_a_linear_layer_sees_all() -> None:
    layers: Layers = [
        ("conv", Conv2d(1, 2, 3)),
        ("relu", ReLU()),
        ("flatten", Flatten()),
        ("hidden", Linear(2 * 4 * 6, 5)),
        ("out", Linear(5, 3)),
    ]
    fields = receptive_fields(layers, (1, 6, 8))
    assert [field.size for field in fields] == [(1, 1), (3, 3), (3, 3), (3, 3), (6, 8), (6, 8)]
    assert [field.units for field in fields[-2:]] == [(1, 1), (1, 1)]
    assert fields[-1].pixels((0, 0)) == Box(0, 0, 6, 8)


def test_a_branch_that_skips_sees_less_and_together_they_see_the_most() -> None:
    # A residual block of two 3×3 convolutions around a unit that sees 7 pixels, 2 apart: 7 + 2·2 + 2·2 = 15.
    field = Field("below", (7, 7), (2, 2), (-3, -3), (16, 16))
    body = (("conv1", Conv2d(4, 4, 3, padding=1)), ("relu1", ReLU()), ("conv2", Conv2d(4, 4, 3, padding=1)))
    block = chain(body, field)
    joined = through(Residual(body), field)
    assert joined == union([block, field]) == through(Highway(body, body[:1]), field)
    assert (joined.size, joined.first) == ((15, 15), (-7, -7))
    assert joined.start == field.start == block.start
    # Inception: 1×1, 3×3, 5×5 and a pool side by side see what the 5×5 sees.
    branches = (Conv2d(4, 1, 1), Conv2d(4, 1, 3, padding=1), Conv2d(4, 1, 5, padding=2), MaxPool2d(3, 1, 1))
    inception = Parallel(tuple((f"branch{n}", (("layer", branch),)) for n, branch in enumerate(branches)))
    assert through(inception, field) == through(branches[2], field)
    assert through(Highway((("relu", ReLU()),), ()), field) == field


def test_a_union_covers_branches_that_look_to_different_sides() -> None:
    field = Field("below", (1, 1), (1, 1), (0, 0), (8, 8))
    left, right = replace(field, size=(3, 3), first=(-4, 0)), replace(field, size=(2, 2), first=(1, 0))
    joined = union([left, right])
    assert (joined.first, joined.size) == ((-4, 0), (7, 3))


def test_branches_of_different_strides_can_t_meet() -> None:
    field = Field("below", (1, 1), (1, 1), (0, 0), (8, 8))
    with pytest.raises(ShapeError, match=r"jump \(1, 1\) and \(8, 8\) units, jump \(2, 2\) and \(4, 4\)"):
        union([field, slide(field, (2, 2), (2, 2))])


def test_a_unit_in_the_middle_of_a_deep_chain_listens_to_the_middle_of_its_field() -> None:
    """Luo et al., 2016: with equal weights the gradient falls off from the middle as a binomial does."""
    layers: Layers = [(f"conv{n}", Conv2d(1, 1, 3, bias=False)) for n in range(4)]
    dx = effective_field(positive(layers, (1, 9, 9)), np.ones((2, 1, 9, 9)), "conv3", (0, 0, 0))
    row = np.array([1.0])
    for _ in layers:
        row = np.convolve(row, np.ones(3))
    np.testing.assert_allclose(dx, np.broadcast_to(np.outer(row, row), (2, 1, 9, 9)))


def test_an_effective_field_is_a_central_difference_and_ends_at_the_asked_layer() -> None:
    rng = np.random.default_rng(0)
    layers: Layers = [("conv1", Conv2d(2, 3, 3)), ("relu1", ReLU()), ("conv2", Conv2d(3, 2, 3)), ("flatten", Flatten())]
    network = Network.build([*layers, ("out", Linear(2 * 2 * 2, 3))], (2, 6, 6), rng=rng, dtype=np.float64)
    x, unit = rng.standard_normal((1, 2, 6, 6)), (1, 0, 1)
    dx = effective_field(network, x, "conv2", unit)
    for place in [(0, 0, 1, 2), (0, 1, 4, 5), (0, 0, 0, 0), (0, 1, 5, 5)]:
        move = np.zeros_like(x)
        move[place] = 1e-6
        up, down = (network.forward(x + sign * move)["conv2"].y[(0, *unit)] for sign in (1, -1))
        assert dx[place] == pytest.approx((up - down) / 2e-6, abs=1e-7)
    scores = effective_field(network, x, "out", (2,))
    assert scores.shape == x.shape


@pytest.mark.parametrize(
    ("name", "unit", "complaint"), [("conv1", (3, 0, 0), r"no unit \(3, 0, 0\)"), ("conv1", (0,), "0-2")]
)
def test_a_unit_that_is_not_there_is_named(name: str, unit: tuple[int, ...], complaint: str) -> None:
    network = positive([("conv1", Conv2d(1, 3, 3))], (1, 5, 5))
    with pytest.raises(IndexError, match=complaint):
        effective_field(network, np.ones((1, 1, 5, 5)), name, unit)


def test_a_layer_that_is_not_there_is_answered_with_those_that_are() -> None:
    network = positive([("conv1", Conv2d(1, 3, 3))], (1, 5, 5))
    with pytest.raises(KeyError, match=r"conv7.*conv1"):
        effective_field(network, np.ones((1, 1, 5, 5)), "conv7", (0, 0, 0))


def test_an_input_that_is_no_image_and_a_layer_that_doesn_t_fit_are_named() -> None:
    with pytest.raises(ShapeError, match=r"\(64,\), which has 1 axes"):
        receptive_fields([("out", Linear(64, 10))], (64,))
    with pytest.raises(ShapeError, match="Layer 'conv2'"):
        receptive_fields([("conv1", Conv2d(1, 2, 3)), ("conv2", Conv2d(3, 2, 3))], (1, 8, 8))


@pytest.mark.parametrize(
    "layer",
    [
        LeakyReLU(),
        GELU(),
        PReLU(),
        Maxout(2),
        Softmax(0),
        LogSoftmax(),
        Identity(),
        Hardtanh(),
        Mish(),
        Dropout(),
        Dropout2d(),
        BatchNorm2d(4),
        LayerNorm((4, 8, 8)),
        GroupNorm(2, 4),
        InstanceNorm2d(4),
        LocalResponseNorm(5),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_what_works_place_by_place_widens_nothing(layer: Layer) -> None:
    field = Field("below", (7, 7), (2, 2), (-3, -3), (8, 8))
    assert through(layer, field) == field


def test_other_windows_see_what_a_convolution_of_their_size_sees() -> None:
    field = Field("below", (7, 7), (2, 2), (-3, -3), (8, 8))
    convolution = through(Conv2d(4, 4, 3, stride=2), field)
    assert through(LocallyConnected2d(4, 4, 8, 3, stride=2), field) == convolution
    assert through(LPPool2d(2, 3, stride=2), field) == through(StochasticPool2d(3, stride=2), field) == convolution
    assert through(WeightNorm(Conv2d(4, 4, 3, stride=2)), field) == convolution
    assert through(AdaptiveMaxPool2d((4, 2)), field) == slide(field, (2, 4), (2, 4))
    assert through(PixelUnshuffle(2), field) == slide(field, (2, 2), (2, 2))
    assert through(AdaptiveAvgPool2d(1), field) == slide(field, (8, 8), (8, 8))
    assert through(AdaptiveAvgPool2d((4, 2)), field) == slide(field, (2, 4), (2, 4))


@pytest.mark.parametrize(
    ("layer", "error", "complaint"),
    [
        (AdaptiveAvgPool2d(3), ShapeError, "unequal sizes from 8×8"),
        (Upsample(scale_factor=2), TypeError, "makes maps larger"),
        (ConvTranspose2d(4, 4, 2, stride=2), TypeError, "effective_field shows"),
        (PixelShuffle(2), TypeError, "makes maps larger"),
        (MaxUnpool2d(2), TypeError, "makes maps larger"),
    ],
)
def test_units_that_see_unequally_much_have_no_field_in_common(
    layer: Layer, error: type[Exception], complaint: str
) -> None:
    with pytest.raises(error, match=complaint):
        through(layer, Field("below", (7, 7), (2, 2), (-3, -3), (8, 8)))


def test_padding_as_a_layer_is_padding_of_the_convolution_behind_it() -> None:
    apart = receptive_fields([("pad", ReflectionPad2d((2, 1, 1, 0))), ("conv", Conv2d(1, 1, (2, 4)))], (1, 6, 7))
    assert apart[1] == Field("pad", (1, 1), (1, 1), (-1, -2), (7, 10))
    assert apart[2] == Field("conv", (2, 4), (1, 1), (-1, -2), (6, 7))
    same = receptive_fields([("conv", Conv2d(1, 1, (2, 4), padding="same"))], (1, 6, 7))
    assert same[1] == Field("conv", (2, 4), (1, 1), (0, -1), (6, 7)), "the odd row is at the end"


def test_a_linear_layer_on_maps_has_no_units_on_a_map() -> None:
    with pytest.raises(TypeError, match=r"'fc'.*\(2, 3, 4\).*Flatten"):
        receptive_fields([("fc", Linear(4, 5))], (2, 3, 4))


def test_a_layer_without_a_rule_says_how_to_give_it_one() -> None:
    class Shuffle(ReLU):
        """A kind of layer that nobody registered, though its parent is."""

    field = Field("input", (1, 1), (1, 1), (0, 0), (8, 8))
    assert through(Shuffle(), field) == field, "a kind of ReLU looks as far as ReLU"
    with pytest.raises(TypeError, match=r"how far object looks.*through.register"):
        through(object(), field)  # type: ignore[arg-type]
