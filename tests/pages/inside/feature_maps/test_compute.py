"""What is said of maps and kernels: strength, emptiness, direction, colour, and the pictures that fire them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.analysis.receptive_field import effective_field
from engine.data.digits import digits
from engine.data.shapes import shapes
from engine.layers import ReLU
from engine.network import Network
from engine.types import ShapeError
from engine.zoo.digit_network import pretrained_digit_network
from engine.zoo.shape_network import pretrained_shape_network
from pages.inside.feature_maps.compute import (
    as_maps,
    colour_share,
    direction,
    field_of,
    fires,
    kernels_behind,
    peaks,
    sparsity,
    strength,
    strongest,
    top_inputs,
)

MAPS = np.array([[[1.0, -2.0], [0.0, 3.0]], [[2.0, 2.0], [2.0, 2.0]], [[-1.0, -1.0], [-1.0, -1.0]]])


def test_one_sharp_peak_is_strongest_by_its_largest_number_and_an_even_map_by_its_mean() -> None:
    assert strength(MAPS, "max").tolist() == [3, 2, -1]
    assert strength(MAPS, "mean").tolist() == [1, 2, 0]
    assert strongest(MAPS, "max").tolist() == [0, 1, 2]
    assert strongest(MAPS, "mean").tolist() == [1, 0, 2]


def test_of_equally_strong_maps_the_lower_number_comes_first() -> None:
    assert strongest(np.zeros((4, 2, 2))).tolist() == [0, 1, 2, 3]


def test_empty_is_what_relu_makes_zero() -> None:
    assert sparsity(MAPS).tolist() == [0.5, 0, 1]
    after = pretrained_digit_network().forward(digits().validation_x[:1])
    np.testing.assert_array_equal(sparsity(after["conv1"].y[0]), sparsity(after["relu1"].y[0]))


@pytest.mark.parametrize("wrong", [np.zeros((2, 2)), np.zeros((1, 2, 2, 2)), np.zeros((0, 2, 2))])
def test_what_is_no_map_is_refused(wrong: np.ndarray) -> None:
    for measure in (strength, sparsity):
        with pytest.raises(ShapeError, match="C, H, W"):
            measure(wrong)


# Kernels


def test_prewitt_tells_rows_its_transpose_columns_and_sobel_a_little_of_the_rest() -> None:
    prewitt = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
    assert direction(prewitt).rows == pytest.approx(1)
    assert direction(prewitt.T).columns == pytest.approx(1)
    sobel = direction(np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]))
    assert (sobel.rows, sobel.columns, sobel.rest) == pytest.approx((32 / 36, 0, 4 / 36))


def test_the_three_shares_of_any_kernel_make_one() -> None:
    rng = np.random.default_rng(0)
    for shape in [(3, 3), (5, 2), (4, 5, 5)]:
        run = direction(rng.normal(size=shape))
        assert run.rows + run.columns + run.rest == pytest.approx(1)
        assert min(run.rows, run.columns, run.rest) >= 0


def test_an_even_kernel_runs_nowhere() -> None:
    run = direction(np.full((3, 3), 7.0))
    assert (run.rows, run.columns, run.rest) == (0, 0, 0)
    with pytest.raises(ShapeError):
        direction(np.zeros(3))


def test_a_kernel_of_rows_is_blind_to_vertical_strokes() -> None:
    """Convolved with a stripe that is the same in every row, rows that add up to nothing leave nothing."""
    kernel = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]], dtype=np.float64)
    stroke = np.zeros((1, 1, 5, 5))
    stroke[..., 2] = 1
    found = torch.nn.functional.conv2d(torch.from_numpy(stroke), torch.from_numpy(kernel)[None, None])
    assert not found.any()
    assert torch.nn.functional.conv2d(
        torch.from_numpy(stroke).transpose(2, 3), torch.from_numpy(kernel)[None, None]
    ).any()


def test_the_digit_network_has_a_kernel_for_horizontal_strokes() -> None:
    """The question with which the lesson opens has an answer: kernel 1, with kernel 3 its only rival."""
    rows = [direction(kernel).rows for kernel in pretrained_digit_network().params["conv1.weight"]]
    assert int(np.argmax(rows)) == 1
    assert [k for k, share in enumerate(rows) if share >= 0.75] == [1, 3]


def test_a_grey_kernel_answers_to_no_colour_and_opponent_colours_to_nothing_else() -> None:
    edge = np.array([[1.0, -1.0]])
    assert colour_share(np.stack([edge] * 3)) == pytest.approx(0)
    assert colour_share(np.stack([edge, -edge, 0 * edge])) == pytest.approx(1)
    assert colour_share(np.stack([edge, 0 * edge, 0 * edge])) == pytest.approx(2 / 3)
    assert colour_share(np.zeros((3, 2, 2))) == 0
    with pytest.raises(ShapeError):
        colour_share(np.zeros((2, 2)))


def test_every_map_has_the_kernel_that_made_it() -> None:
    network = pretrained_digit_network()
    for name, behind, shape in [
        ("conv1", "conv1", (8, 1, 3, 3)),
        ("pool1", "conv1", (8, 1, 3, 3)),
        ("relu2", "conv2", (16, 8, 3, 3)),
        ("linear", "linear", (10, 16, 2, 2)),
    ]:
        found, kernels = kernels_behind(network, name)
        assert (found, kernels.shape) == (behind, shape)
    with pytest.raises(KeyError, match="conv9"):
        kernels_behind(network, "conv9")


def test_a_linear_layer_is_a_convolution_with_kernels_as_large_as_its_maps() -> None:
    network = pretrained_digit_network()
    trace = network.forward(digits().validation_x[:2])
    _name, kernels = kernels_behind(network, "linear")
    y = np.tensordot(trace["pool2"].y, kernels, axes=([1, 2, 3], [1, 2, 3])) + network.params["linear.bias"]
    np.testing.assert_allclose(y, trace["linear"].y, rtol=1e-4, atol=1e-4)


# Data


def test_peaks_are_the_largest_numbers_that_see_only_picture_and_where_they_stand() -> None:
    network, x = pretrained_digit_network(), digits().validation_x[:260]
    found, trace = peaks(network, x, ["conv1", "linear"]), network.forward(x)
    np.testing.assert_allclose(found["conv1"].value, trace["conv1"].y[..., 1:-1, 1:-1].max(axis=(2, 3)), rtol=1e-5)
    for n in (0, 255, 259):
        for k in range(8):
            at = found["conv1"].row[n, k], found["conv1"].column[n, k]
            assert trace["conv1"].y[n, k][at] == pytest.approx(found["conv1"].value[n, k], rel=1e-5)
    np.testing.assert_allclose(found["linear"].value, trace["linear"].y, rtol=1e-4, atol=1e-4)
    assert not found["linear"].row.any()


def test_where_every_unit_sees_some_padding_all_units_count() -> None:
    network, x = pretrained_digit_network(), digits().validation_x[:40]
    found = peaks(network, x, ["conv2"])["conv2"]
    np.testing.assert_allclose(found.value, network.forward(x)["conv2"].y.max(axis=(2, 3)), rtol=1e-5)


@pytest.mark.parametrize("name", ["conv1", "pool1", "conv2", "pool2", "linear"])
def test_nothing_outside_the_frame_can_move_the_unit(name: str) -> None:
    network, x = pretrained_digit_network(), digits().validation_x
    field = field_of(network.layers, network.input_shape, name)
    top = top_inputs(peaks(network, x, [name])[name], 3, field, (8, 8), most=4)
    assert [each.value for each in top] == sorted((each.value for each in top), reverse=True)
    for each in top:
        unit = (3,) if name == "linear" else (3, *each.unit)
        slope = effective_field(network, x[each.index][None], name, unit)[0, 0]
        outside = np.ones((8, 8), dtype=bool)
        outside[each.box.top : each.box.bottom, each.box.left : each.box.right] = False
        assert not slope[outside].any()


def test_no_picture_fires_a_map_more_than_the_first() -> None:
    network, x = pretrained_digit_network(), digits().validation_x
    found = peaks(network, x, ["relu2"])["relu2"]
    first = top_inputs(found, 5, field_of(network.layers, network.input_shape, "relu2"), (8, 8))[0]
    assert first.value == pytest.approx(network.forward(x)["relu2"].y[:, 5].max(), rel=1e-5)
    with pytest.raises(IndexError, match="0 to 15"):
        top_inputs(found, 16, field_of(network.layers, network.input_shape, "relu2"), (8, 8))


def test_firing_is_reaching_half_of_the_own_largest_number() -> None:
    values = np.array([[4.0, -1.0, 0.0], [2.0, -2.0, 0.0], [1.9, -3.0, 0.0]])
    assert fires(values).tolist() == [[True, False, False], [True, False, False], [False, False, False]]


def test_the_code_is_distributed_each_digit_fires_many_kernels_and_each_kernel_for_many_digits() -> None:
    network, data = pretrained_digit_network(), digits()
    fired = fires(peaks(network, data.validation_x, ["relu2"])["relu2"].value)
    classes = np.stack([fired[data.validation_y == label].mean(axis=0) > 0.5 for label in range(10)])
    assert classes.sum(axis=1).min() >= 6, "no digit has a kernel of its own"
    assert np.median(classes.sum(axis=0)) >= 5, "most kernels fire for many digits"


def test_a_flat_output_is_maps_of_one_unit() -> None:
    assert as_maps(np.zeros(10)).shape == (10, 1, 1)
    assert as_maps(MAPS) is MAPS


def test_shapes_have_more_than_one_kernel_for_colour() -> None:
    shares = [colour_share(kernel) for kernel in pretrained_shape_network().params["conv1.weight"]]
    assert min(shares) > 0.2
    grey = np.repeat(shapes(1, np.random.default_rng(0)).x[:, :1], 3, axis=1)
    assert np.isfinite(pretrained_shape_network().predict(grey)).all()


def test_before_the_first_convolution_no_layer_has_kernels() -> None:
    network = pretrained_digit_network()
    with pytest.raises(KeyError, match="No layer up to 'relu' has kernels"):
        kernels_behind(Network((("relu", ReLU()), *network.layers), network.params, network.input_shape), "relu")
