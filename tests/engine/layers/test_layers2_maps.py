"""Facts about pooling, upsampling, transposed and unshared convolutions, by hand and by loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import AvgPool2d, Conv2d, MaxPool2d, reference
from engine.layers.conv_variants import ConvTranspose2d, LocallyConnected2d
from engine.layers.pixel_shuffle import PixelShuffle, PixelUnshuffle
from engine.layers.pool_variants import AdaptiveAvgPool2d, AdaptiveMaxPool2d, LPPool2d
from engine.layers.resample import Upsample
from engine.layers.unpool import MaxUnpool2d
from engine.types import Array, Shape
from tests.engine.cases import Passes, engine_passes, random_params, relative_error
from tests.engine.cases_layers2 import torch_twin_passes
from tests.engine.loops import by_loops
from tests.engine.strategies import convolutions, images, pairs

seeds = st.integers(0, 2**32 - 1)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def picture(*rows: list[float]) -> Array:
    return np.array(rows, dtype=float)[None, None]


def test_l2_pooling_by_hand() -> None:
    # √(3² + 4²) = 5; the slopes are 3/5 and 4/5.
    y, cache = LPPool2d(2, 2).forward({}, picture([3, 0], [0, -4]))
    dx, _ = LPPool2d(2, 2).backward({}, cache, np.full((1, 1, 1, 1), 10.0))
    assert y.item() == 5
    np.testing.assert_allclose(dx[0, 0], [[6, 0], [0, -8]])


def test_norm_pooling_goes_from_the_sum_to_the_maximum() -> None:
    x = np.abs(rng().standard_normal((2, 3, 4, 4)))
    assert relative_error(LPPool2d(1, 2).forward({}, x)[0], 4 * AvgPool2d(2).forward({}, x)[0]) <= 1e-12
    assert relative_error(LPPool2d(200, 2).forward({}, x)[0], MaxPool2d(2).forward({}, x)[0]) <= 0.01


@given(st.floats(1, 6), pairs(1, 3), seeds)
def test_any_norm_of_positive_numbers_agrees_with_pytorch(p: float, kernel: tuple[int, int], seed: int) -> None:
    x = rng(seed).uniform(0.1, 2, (2, 2, 5, 4))
    layer = LPPool2d(p, kernel)
    dy = rng(seed).standard_normal((2, *layer.output_shape(x.shape[1:])))
    assert engine_passes(layer, {}, x, dy).worst_error(torch_twin_passes(layer, {}, x, dy)) <= 1e-10


def test_a_window_of_zeros_has_no_slope() -> None:
    y, cache = LPPool2d(2, 2).forward({}, np.zeros((1, 1, 2, 2)))
    dx, _ = LPPool2d(2, 2).backward({}, cache, np.ones((1, 1, 1, 1)))
    assert not y.any()
    assert not dx.any()


def test_the_global_average_and_its_gradient() -> None:
    layer = AdaptiveAvgPool2d(1)
    x = rng().standard_normal((2, 3, 4, 5))
    y, cache = layer.forward({}, x)
    np.testing.assert_allclose(y[:, :, 0, 0], x.mean(axis=(2, 3)))
    dx, _ = layer.backward({}, cache, np.ones((2, 3, 1, 1)))
    np.testing.assert_allclose(dx, np.full(x.shape, 1 / 20))


def test_adaptive_pooling_of_a_multiple_is_average_pooling_and_of_the_same_size_nothing() -> None:
    x = rng().standard_normal((2, 3, 6, 8))
    np.testing.assert_allclose(AdaptiveAvgPool2d((3, 2)).forward({}, x)[0], AvgPool2d((2, 4)).forward({}, x)[0])
    assert np.array_equal(AdaptiveAvgPool2d((6, 8)).forward({}, x)[0], x)


def test_a_cell_that_wins_two_windows_gets_both_gradients() -> None:
    # Three cells into two windows: 0-1 and 1-2, of which the middle one is the largest of both.
    layer = AdaptiveMaxPool2d((1, 2))
    y, cache = layer.forward({}, picture([1, 5, 2]))
    dx, _ = layer.backward({}, cache, picture([10, 100]))
    assert y[0, 0].tolist() == [[5, 5]]
    assert dx[0, 0].tolist() == [[0, 110, 0]]


def test_unpooling_by_hand_and_back_on_the_same_way() -> None:
    x = picture([1, 5, 2, 0], [3, 4, 8, 7])
    pool, unpool = MaxPool2d(2), MaxUnpool2d(2)
    y, cache = pool.forward({}, x)
    assert pool.indices(cache)[0, 0].tolist() == [[1, 6]]
    back, kept = unpool.forward({}, 10 * y, indices=pool.indices(cache))
    assert back[0, 0].tolist() == [[0, 50, 0, 0], [0, 0, 80, 0]]
    assert unpool.backward({}, kept, x)[0][0, 0].tolist() == [[5, 8]]


def test_unpooling_to_a_size_that_pooling_rounded_down() -> None:
    x = rng().standard_normal((2, 3, 5, 7))
    pool = MaxPool2d(2)
    y, cache = pool.forward({}, x)
    back, _ = MaxUnpool2d(2).forward({}, y, indices=pool.indices(cache), output_size=(5, 7))
    assert np.array_equal(back[back != 0], x[back != 0])
    assert (back != 0).sum() == y.size


def test_of_two_numbers_for_one_place_the_last_stands_and_has_the_gradient() -> None:
    layer = MaxUnpool2d((1, 2))
    y, cache = layer.forward({}, picture([3, 4]), indices=np.array([[[[2, 2]]]]))
    assert y[0, 0].tolist() == [[0, 0, 4, 0]]
    assert layer.backward({}, cache, picture([1, 10, 100, 1000]))[0][0, 0].tolist() == [[0, 100]]


def test_channels_become_pixels() -> None:
    x = np.arange(8.0).reshape(1, 4, 1, 2)
    y, _ = PixelShuffle(2).forward({}, x)
    assert y[0, 0].tolist() == [[0, 2, 1, 3], [4, 6, 5, 7]]
    assert np.array_equal(PixelUnshuffle(2).forward({}, y)[0], x)


def test_upsampling_by_hand() -> None:
    nearest, _ = Upsample(scale_factor=2).forward({}, picture([1, 3]))
    assert nearest[0, 0].tolist() == [[1, 1, 3, 3], [1, 1, 3, 3]]
    # The middles of four cells over two: -1/4, 1/4, 3/4, 5/4. So 1, 3/4·1 + 1/4·3 = 1.5, 2.5, and 3.
    bilinear, _ = Upsample(scale_factor=(1, 2), mode="bilinear").forward({}, picture([1, 3]))
    assert bilinear[0, 0].tolist() == [[1, 1.5, 2.5, 3]]


def test_a_size_that_is_no_multiple_by_hand() -> None:
    # Five cells over two begin at 0, 2/5, 4/5, 6/5, 8/5; their middles are at -0.3, 0.1, 0.5, 0.9 and 1.3.
    nearest, _ = Upsample(size=(1, 5)).forward({}, picture([1, 3]))
    assert nearest[0, 0].tolist() == [[1, 1, 1, 3, 3]]
    bilinear, _ = Upsample(size=(1, 5), mode="bilinear").forward({}, picture([1, 3]))
    np.testing.assert_allclose(bilinear[0, 0], [[1, 1.2, 2, 2.8, 3]])


def test_a_stamp_for_each_input_by_hand() -> None:
    # A 1×2 input (1, 2), a 1×2 kernel (5, 7): with stride 2 the stamps lie side by side, with stride 1 they overlap.
    params = {"weight": picture([5, 7])}
    apart, _ = ConvTranspose2d(1, 1, (1, 2), stride=(1, 2), bias=False).forward(params, picture([1, 2]))
    overlapping, _ = ConvTranspose2d(1, 1, (1, 2), bias=False).forward(params, picture([1, 2]))
    assert apart[0, 0].tolist() == [[5, 7, 10, 14]]
    assert overlapping[0, 0].tolist() == [[5, 7 + 10, 14]]


@given(convolutions(zeros_only=True), seeds)
def test_a_transposed_convolution_is_the_convolutions_backward_pass(drawn: tuple[Conv2d, Shape], seed: int) -> None:
    conv, shape = drawn
    out = conv.output_shape(shape)
    left_over = [
        size - ((n - 1) * s - 2 * p + d * (k - 1) + 1)
        for size, n, k, s, p, d in zip(shape[1:], out[1:], conv.kernel, *conv.geometry, strict=True)
    ]
    extra = (left_over[0], left_over[1])
    back = ConvTranspose2d(
        conv.out_channels, conv.in_channels, conv.kernel, *conv.geometry[:2], extra, conv.groups, False, conv.dilation
    )
    params = {"weight": random_params(conv, rng(seed))["weight"]}
    x, dy = rng(seed).standard_normal((2, *shape)), rng(seed + 1).standard_normal((2, *out))
    plain = Conv2d(conv.in_channels, conv.out_channels, conv.kernel, *conv.geometry, conv.groups, bias=False)
    expected = engine_passes(plain, params, x, dy)
    given = engine_passes(back, params, dy, x)
    assert back.output_shape(out) == shape
    assert relative_error(given.y, expected.dx) <= 1e-10
    assert relative_error(given.dx, expected.y) <= 1e-10
    assert relative_error(given.grads["weight"], expected.grads["weight"]) <= 1e-10


@st.composite
def unshared(draw: st.DrawFn) -> LocallyConnected2d:
    kernel, stride, padding = draw(pairs(1, 3)), draw(pairs(1, 3)), draw(pairs(0, 2))
    channels = draw(pairs(1, 2))
    image = draw(images(kernel, padding, (1, 1)))
    return LocallyConnected2d(*channels, image, kernel, stride, padding, draw(st.booleans()))


@given(unshared(), st.integers(1, 2), seeds)
def test_any_unshared_convolution_agrees_with_loops(layer: LocallyConnected2d, batch: int, seed: int) -> None:
    params = random_params(layer, rng(seed))
    assert isinstance(layer.input_size, tuple)
    x = rng(seed).standard_normal((batch, layer.in_channels, *layer.input_size))
    dy = rng(seed + 1).standard_normal((batch, *layer.output_shape(x.shape[1:])))
    assert engine_passes(layer, params, x, dy).worst_error(by_loops(layer, params, x, dy, {})) <= 1e-12


def test_an_unshared_convolution_with_the_same_kernel_everywhere_is_a_convolution() -> None:
    shared, unshared = Conv2d(2, 3, 3, padding=1), LocallyConnected2d(2, 3, (4, 5), 3, padding=1)
    params = random_params(shared, rng())
    everywhere = {
        "weight": np.broadcast_to(params["weight"][:, None, None], unshared.weight_shape),
        "bias": np.broadcast_to(params["bias"][:, None, None], (3, 4, 5)),
    }
    x, dy = rng(1).standard_normal((2, 2, 4, 5)), rng(2).standard_normal((2, 3, 4, 5))
    expected, given = engine_passes(shared, params, x, dy), engine_passes(unshared, everywhere, x, dy)
    collected = {name: grad.sum(axis=(1, 2)) for name, grad in given.grads.items()}
    assert Passes(given.y, given.dx, collected).worst_error(expected) <= 1e-12
    assert relative_error(given.y, reference.conv2d(x, params["weight"], params["bias"], *shared.geometry, 1)) <= 1e-12


def test_each_places_kernel_is_drawn_by_its_own_fan() -> None:
    # He's standard deviation is √(2/fan_in) with fan_in = 4·3·3 = 36, whatever the number of places; the estimate
    # from n numbers has the deviation σ/√(2n).
    weight = LocallyConnected2d(4, 8, 16, 3).init(rng(), dtype=np.float64)["weight"]
    std = np.sqrt(2 / 36)
    assert abs(weight.std() - std) <= 5 * std / np.sqrt(2 * weight.size)


@pytest.mark.parametrize(
    ("layer", "image", "out"),
    [
        # "SAME"-like halving and its undoing: 8 -> 4 -> 8 needs an output_padding of 1.
        (ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1), (1, 4, 4), (1, 8, 8)),
        (ConvTranspose2d(1, 1, 3, stride=2, padding=1), (1, 4, 4), (1, 7, 7)),
        # From a single cell to a map, as a generator starts: 1 -> 4.
        (ConvTranspose2d(100, 8, 4), (100, 1, 1), (8, 4, 4)),
    ],
)
def test_sizes_of_transposed_convolutions(layer: ConvTranspose2d, image: Shape, out: Shape) -> None:
    assert layer.output_shape(image) == out
