"""What the pooling lesson says of a layer: counts, ties, shares, and what stays when the picture moves."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine import reference
from engine.data.digits import all_digits, digit
from engine.layers import AvgPool2d, MaxPool2d
from engine.layers.pool_variants import AdaptiveAvgPool2d, LPPool2d, StochasticPool2d
from pages.blocks.pooling.compute import (
    each_cells_share,
    mean_of_draws,
    moved,
    pool,
    stays,
    strided_convolution,
    strided_kernel,
)

DIGIT = digit(504)[0][None].astype(np.float64)


def test_a_2x2_window_with_stride_2_drops_75_percent() -> None:
    # Curriculum, pooling: 75 % of activations dropped at (2, 2).
    assert pool(MaxPool2d(2), DIGIT).dropped == 0.75
    assert pool(MaxPool2d(2), np.zeros((1, 96, 28, 28))).dropped == 0.75


def test_windows_of_3_and_2_with_stride_2_make_alexnets_27_of_55() -> None:
    for kernel in (3, 2):
        assert MaxPool2d(kernel, 2).output_shape((96, 55, 55)) == (96, 27, 27)


def test_48_of_the_digits_64_pixels_can_change_a_little_unnoticed() -> None:
    assert pool(MaxPool2d(2), DIGIT).unnoticed == 48
    assert pool(AvgPool2d(2), DIGIT).unnoticed == 0


@pytest.mark.parametrize("cells", [[[2, 2], [1, 2]], [[1, 2], [2, 2]], [[0, 0], [0, 0]]])
def test_the_first_of_equals_wins_and_pytorch_names_the_same_cell(cells: list[list[int]]) -> None:
    x = np.array(cells, np.float64)[None, None]
    found = pool(MaxPool2d(2), x)
    assert found.ties == 1
    first = int((x == x.max()).argmax())
    assert found.back.dx.ravel().nonzero()[0].tolist() == [first]
    twin = torch.tensor(x, requires_grad=True)
    y, index = torch.nn.functional.max_pool2d(twin, 2, return_indices=True)
    y.sum().backward()
    assert index.item() == first
    assert twin.grad is not None
    np.testing.assert_array_equal(twin.grad.numpy(), found.back.dx)


def test_pytorchs_amax_shares_a_tie_out_instead() -> None:
    x = torch.tensor([2.0, 2.0, 1.0, 2.0], requires_grad=True)
    x.amax().backward()
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), [1 / 3, 1 / 3, 0, 1 / 3])


def test_padding_is_no_rival_in_a_tie() -> None:
    assert pool(MaxPool2d(2, padding=1), np.full((1, 1, 3, 3), -1.0)).ties == 3


def test_a_cell_that_wins_several_windows_gets_the_sum() -> None:
    x = np.zeros((1, 1, 5, 5))
    x[0, 0, 2, 2] = 9
    found = pool(MaxPool2d(3, 2), x, lambda y: np.arange(1.0, 5).reshape(y.shape))
    assert found.back.dx[0, 0, 2, 2] == 1 + 2 + 3 + 4


def test_the_records_agree_with_plain_loops() -> None:
    found = pool(MaxPool2d(3, 2, 1), DIGIT, np.copy)
    np.testing.assert_allclose(found.step.y, reference.max_pool2d(DIGIT, (3, 3), (2, 2), (1, 1)))
    backward = reference.max_pool2d_backward(DIGIT, found.step.y, (3, 3), (2, 2), (1, 1))
    np.testing.assert_allclose(found.back.dx, backward)


def test_a_window_as_large_as_the_map_is_the_global_average() -> None:
    y = pool(AvgPool2d(8), DIGIT).step.y
    np.testing.assert_allclose(y, AdaptiveAvgPool2d(1).forward({}, DIGIT)[0])
    np.testing.assert_allclose(y.ravel(), DIGIT.mean())


def test_a_strided_convolution_of_equal_weights_is_average_pooling() -> None:
    x = np.repeat(DIGIT, 3, axis=1)
    found = pool(strided_convolution(3, 2, 2), x, params={"weight": strided_kernel("mean", 2, 3)})
    twin = pool(AvgPool2d(2), x)
    np.testing.assert_allclose(found.step.y, twin.step.y)
    np.testing.assert_allclose(found.back.dx, twin.back.dx)
    assert found.back.grads["weight"].shape == (3, 1, 2, 2)


def test_the_kernels_pick_a_pixel_or_find_an_edge() -> None:
    picked = pool(strided_convolution(1, 2, 2), DIGIT, params={"weight": strided_kernel("pick", 2, 1)})
    np.testing.assert_array_equal(picked.step.y, DIGIT[:, :, ::2, ::2])
    assert strided_kernel("edge", 2, 1)[0, 0].tolist() == [[1, -1], [1, -1]]
    assert strided_kernel("edge", 3, 1)[0, 0, 0].tolist() == [1, 0, -1]


def test_the_norms_shares_make_y_and_carry_its_gradient() -> None:
    found = pool(LPPool2d(2, 2), np.array([[3.0, 0], [4, 0]])[None, None])
    share = each_cells_share(found)
    assert share is not None
    np.testing.assert_allclose(share[0, 0], [[0.6, 0], [0.8, 0]])
    np.testing.assert_allclose(found.step.y.ravel(), 5)
    np.testing.assert_allclose(found.back.dx, share)


def test_chances_stand_at_their_cells_unless_windows_overlap() -> None:
    x = np.array([[1.0, 2], [3, 4]])[None, None]
    for train in (True, False):
        share = each_cells_share(pool(StochasticPool2d(2), x, train=train, rng=np.random.default_rng(0)))
        assert share is not None
        np.testing.assert_allclose(share[0, 0], [[0.1, 0.2], [0.3, 0.4]])
    assert each_cells_share(pool(StochasticPool2d(3, 2), DIGIT)) is None
    assert each_cells_share(pool(MaxPool2d(2), DIGIT)) is None


def test_the_mean_of_many_draws_nears_the_expected_value() -> None:
    layer = StochasticPool2d(2)
    expected = layer.forward({}, DIGIT)[0]
    few, many = (np.abs(mean_of_draws(layer, DIGIT, n, np.random.default_rng(1)) - expected).max() for n in (5, 2000))
    assert many < 0.03 < few


@pytest.mark.parametrize(("right", "down"), [(1, 0), (-1, 0), (0, 2), (-2, 1), (0, 0), (8, 0), (0, -9)])
def test_moving_loses_what_leaves_and_brings_in_zeros(right: int, down: int) -> None:
    after = moved(DIGIT, right, down)[0, 0]
    for (i, j), value in np.ndenumerate(after):
        u, v = i - down, j - right
        assert value == (DIGIT[0, 0, u, v] if 0 <= u < 8 and 0 <= v < 8 else 0)


def test_moving_by_the_stride_moves_the_output_by_one_cell() -> None:
    y, after = (pool(MaxPool2d(2), x).step.y for x in (DIGIT, moved(DIGIT, 2, 0)))
    np.testing.assert_array_equal(after, moved(y, 1, 0))


def test_a_pixel_to_the_right_the_maximum_stays_more_often_than_the_average() -> None:
    x = all_digits()[0].astype(np.float64)
    after = moved(x, 1, 0)
    share = {
        name: stays(*(pool(layer, each).step.y for each in (x, after))).share
        for name, layer in {"max": MaxPool2d(2), "wide": MaxPool2d(3, 2, 1), "average": AvgPool2d(2)}.items()
    }
    assert share["max"] == pytest.approx(0.311, abs=1e-3)
    assert share["wide"] == pytest.approx(0.497, abs=1e-3)
    assert share["average"] == pytest.approx(0.012, abs=1e-3)


def test_what_stays_is_counted_with_and_without_the_zeros() -> None:
    found = stays(np.array([0.0, 1, 2, 0]), np.array([0.0, 1, 3, 4]))
    assert (found.same, found.total, found.same_live, found.live) == (2, 4, 1, 3)
    assert stays(np.zeros(3), np.zeros(3)).share == 1


def test_what_was_read_and_made_has_its_names() -> None:
    found = pool(MaxPool2d(2), np.arange(16.0).reshape(1, 1, 4, 4))
    arrays = found.arrays()
    assert {"x", "y", "dy", "dx"} <= arrays.keys()
    assert arrays["y"].ravel().tolist() == [5, 7, 13, 15]
    assert isinstance(found.layer, MaxPool2d)
    assert found.unnoticed == 12
