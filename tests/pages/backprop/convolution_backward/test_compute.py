"""A convolution's backward pass, told in three ways: all of them are the layer's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import reference
from engine.kernels.im2col import im2col
from engine.layers import Conv2d
from pages.backprop.convolution_backward.compute import (
    col2im,
    convolve_backward,
    input_grad,
    spread_out,
    turn,
)

GEOMETRIES = st.tuples(
    st.integers(1, 3), st.integers(0, 2), st.integers(1, 2), st.integers(5, 8), st.integers(1, 3), st.integers(1, 3)
)


def drawn(stride: int, padding: int, dilation: int, size: int, channels: int, filters: int):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng([stride, padding, dilation, size, channels, filters])
    layer = Conv2d(channels, filters, 3, stride, padding, dilation)
    params = layer.init(rng, dtype=np.float64)
    x = rng.normal(size=(1, channels, size, size))
    dy = rng.normal(size=(1, *layer.output_shape((channels, size, size))))
    return convolve_backward(layer, params, x, dy)


@given(GEOMETRIES)
def test_dx_is_a_full_convolution_of_the_spread_dy_with_the_turned_kernel(geometry) -> None:  # type: ignore[no-untyped-def]
    now = drawn(*geometry)
    image = now.x.shape[2], now.x.shape[3]
    found = input_grad(now.params["weight"], now.dy, image, *now.layer.geometry)
    np.testing.assert_allclose(found, now.dx, atol=1e-12)


@given(GEOMETRIES)
def test_dx_is_the_columns_gradients_added_where_patches_overlap(geometry) -> None:  # type: ignore[no-untyped-def]
    now = drawn(*geometry)
    image = now.x.shape[2], now.x.shape[3]
    found = col2im(now.columns[None], image, now.layer.kernel, *now.layer.geometry)
    np.testing.assert_allclose(found, now.dx, atol=1e-12)


@given(GEOMETRIES)
def test_dw_is_the_input_convolved_with_the_spread_dy_the_dilation_being_its_stride(geometry) -> None:  # type: ignore[no-untyped-def]
    now = drawn(*geometry)
    _, (p, _), (d, _) = now.layer.geometry
    z = now.spread
    for k in range(z.shape[1]):
        for c in range(now.x.shape[1]):
            moved = Conv2d(1, 1, z.shape[2:], stride=d, padding=p, bias=False)
            made, _cache = moved.forward({"weight": z[:, k : k + 1]}, now.x[:, c : c + 1])
            np.testing.assert_allclose(made[0, 0, :3, :3], now.grads["weight"][k, c], atol=1e-12)
    np.testing.assert_allclose(
        (now.dy.reshape(now.dy.shape[1], -1) @ now.patches.T).reshape(now.grads["weight"].shape),
        now.grads["weight"],
        atol=1e-12,
    )


@given(GEOMETRIES)
def test_the_three_gradients_are_those_of_plain_loops(geometry) -> None:  # type: ignore[no-untyped-def]
    now = drawn(*geometry)
    expected = reference.conv2d_backward(now.x, now.params["weight"], now.dy, *now.layer.geometry)
    for found, wanted in zip((now.dx, now.grads["weight"], now.grads["bias"]), expected, strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-12)


@given(GEOMETRIES)
def test_col2im_is_the_transpose_of_im2col(geometry) -> None:  # type: ignore[no-untyped-def]
    """<im2col(x), m> = <x, col2im(m)> for every m: that is what a transpose is."""
    now = drawn(*geometry)
    m = np.random.default_rng(1).normal(size=(1, *now.patches.shape))
    image = now.x.shape[2], now.x.shape[3]
    left = (im2col(now.x, now.layer.kernel, *now.layer.geometry) * m).sum()
    right = (now.x * col2im(m, image, now.layer.kernel, *now.layer.geometry)).sum()
    assert left == pytest.approx(right)


def test_a_stride_of_three_puts_two_zeros_between() -> None:
    dy = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    assert spread_out(dy, (3, 3))[0, 0].tolist() == [[1, 0, 0, 2], [0, 0, 0, 0], [0, 0, 0, 0], [3, 0, 0, 4]]
    assert spread_out(dy, (1, 1)).tolist() == dy.tolist()


def test_turning_twice_gives_the_kernel_back() -> None:
    weight = np.arange(36.0).reshape(2, 2, 3, 3)
    assert turn(turn(weight)).tolist() == weight.tolist()
    assert turn(weight)[0, 1, 0, 0] == weight[1, 0, 2, 2]
