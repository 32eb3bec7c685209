"""A fully connected layer as a convolution and back: equal outputs, equal gradients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Conv2d, Linear, ShapeError
from engine.layers.convert import conv_to_linear, linear_to_conv
from engine.types import Shape
from tests.engine.cases import engine_passes, random_params, relative_error
from tests.engine.strategies import convolutions

seeds = st.integers(0, 2**32 - 1)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(st.tuples(*[st.integers(1, 4)] * 3), st.integers(1, 5), st.booleans(), seeds)
def test_any_linear_layer_as_a_convolution(shape: Shape, out: int, bias: bool, seed: int) -> None:
    linear = Linear(int(np.prod(shape)), out, bias)
    params = random_params(linear, rng(seed))
    conv, same = linear_to_conv(linear, params, shape)
    x, dy = rng(seed).standard_normal((2, *shape)), rng(seed).standard_normal((2, out))
    expected = engine_passes(linear, params, x.reshape(2, -1), dy)
    given = engine_passes(conv, same, x, dy[:, :, None, None])
    assert relative_error(given.y[:, :, 0, 0], expected.y) <= 1e-12
    assert relative_error(given.dx.reshape(2, -1), expected.dx) <= 1e-12
    assert relative_error(given.grads["weight"].reshape(out, -1), expected.grads["weight"]) <= 1e-12


@given(convolutions(), seeds)
def test_any_convolution_as_a_linear_layer(drawn: tuple[Conv2d, Shape], seed: int) -> None:
    conv, shape = drawn
    params = random_params(conv, rng(seed))
    linear, dense = conv_to_linear(conv, params, shape)
    x = rng(seed).standard_normal((2, *shape))
    dy = rng(seed).standard_normal((2, *conv.output_shape(shape)))
    expected = engine_passes(conv, params, x, dy)
    given = engine_passes(linear, dense, x.reshape(2, -1), dy.reshape(2, -1))
    assert relative_error(given.y, expected.y.reshape(2, -1)) <= 1e-12
    assert relative_error(given.dx, expected.dx.reshape(2, -1)) <= 1e-12
    assert {name: v.shape for name, v in linear.init(rng()).items()} == {name: v.shape for name, v in dense.items()}


def test_there_and_back_again() -> None:
    linear = Linear(2 * 3 * 4, 5)
    params = random_params(linear, rng())
    again, same = conv_to_linear(*linear_to_conv(linear, params, (2, 3, 4)), (2, 3, 4))
    assert again == linear
    assert all(np.array_equal(same[name], params[name]) for name in params)


def test_a_row_of_the_dense_matrix_is_the_kernel_among_zeros() -> None:
    # A 1×2 kernel (5, 7) on three cells has two places: 5 7 0 and 0 5 7.
    params = {"weight": np.array([[[[5.0, 7.0]]]]), "bias": np.array([1.0])}
    _, dense = conv_to_linear(Conv2d(1, 1, (1, 2)), params, (1, 1, 3))
    assert dense["weight"].tolist() == [[5, 7, 0], [0, 5, 7]]
    assert dense["bias"].tolist() == [1, 1]


def test_on_a_larger_image_the_converted_layer_slides() -> None:
    linear = Linear(3 * 4 * 4, 6)
    params = random_params(linear, rng())
    conv, same = linear_to_conv(linear, params, (3, 4, 4))
    x = rng(1).standard_normal((1, 3, 6, 5))
    y, _ = conv.forward(same, x)
    assert y.shape == (1, 6, 3, 2)
    for i, j in np.ndindex(3, 2):
        crop = x[:, :, i : i + 4, j : j + 4].reshape(1, -1)
        np.testing.assert_allclose(y[:, :, i, j], linear.forward(params, crop)[0], rtol=1e-10)


def test_an_input_that_the_layer_does_not_read_is_named() -> None:
    with pytest.raises(ShapeError, match=r"\(2, 3, 3\).*18 numbers.*reads 20"):
        linear_to_conv(Linear(20, 2), {}, (2, 3, 3))
    with pytest.raises(ShapeError, match="axes"):
        linear_to_conv(Linear(20, 2), {}, (20,))
    with pytest.raises(ShapeError, match="kernel spans 3"):
        conv_to_linear(Conv2d(1, 1, 3), {}, (1, 2, 2))
