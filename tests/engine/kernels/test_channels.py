"""One number for each channel: the fast ways through memory give what plain NumPy gives."""

from __future__ import annotations

import numpy as np
import pytest

from engine.kernels import channels, memory

IMAGES = [(64, 3, 5, 4), (32, 1, 1, 7), (2, 3, 4, 5), (0, 3, 4, 64)]


def drawn(shape: tuple[int, ...], dtype: type = np.float64) -> np.ndarray:
    return memory.arranged(np.random.default_rng(0).standard_normal(shape).astype(dtype))


@pytest.mark.parametrize("axes", [(0, 2, 3), (0, -2, -1), (1, 2, 3), (2, 3), (0,)], ids=str)
@pytest.mark.parametrize("shape", IMAGES, ids=str)
def test_sums_over_any_axes_are_numpy_s_own(shape: tuple[int, ...], axes: tuple[int, ...]) -> None:
    a, b = drawn(shape), drawn(shape)[..., ::-1]
    np.testing.assert_allclose(channels.total(a, axes), a.sum(axis=axes, keepdims=True), atol=1e-12)
    for other in (a, b):
        expected = (a * other).sum(axis=axes, keepdims=True)
        np.testing.assert_allclose(channels.total_of_products(a, other, axes), expected, atol=1e-12)


def test_a_sum_of_ten_million_float32_keeps_six_digits() -> None:
    x = np.random.default_rng(0).uniform(1, 2, (64, 2, 280, 280)).astype(np.float32)
    laid = memory.arranged(x)
    exact = x.astype(np.float64).sum(axis=(0, 2, 3))
    np.testing.assert_allclose(channels.total(laid, (0, 2, 3)).ravel(), exact, rtol=1e-6)
    squares = (x.astype(np.float64) ** 2).sum(axis=(0, 2, 3))
    np.testing.assert_allclose(channels.total_of_products(laid, laid, (0, 2, 3)).ravel(), squares, rtol=1e-6)


@pytest.mark.parametrize("shape", IMAGES, ids=str)
def test_what_is_laid_over_an_image_multiplies_it_as_a_number_for_each_channel_does(shape: tuple[int, ...]) -> None:
    x, value = drawn(shape), np.arange(1.0, shape[1] + 1).reshape(1, -1, 1, 1)
    np.testing.assert_array_equal(x * channels.laid_over(x, value), x * value)


def test_numbers_that_aren_t_one_for_each_channel_are_left_as_they_are() -> None:
    x = drawn((64, 3, 5, 4))
    for value in (np.ones((1, 3, 5, 4)), np.ones((64, 1, 1, 1))):
        assert channels.laid_over(x, value) is value
    plain = np.ascontiguousarray(x)
    value = np.ones((1, 3, 1, 1))
    assert channels.laid_over(plain, value) is value
    assert channels.laid_over(x, value) is not value
