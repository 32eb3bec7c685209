"""A convolution takes one of several ways through memory, by its shape; all of them give what the loops give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import kernels, reference

FEW = kernels._FEW


@pytest.mark.parametrize("examples", [1, FEW, FEW + 1])
@pytest.mark.parametrize("channels", [2, 6])
@pytest.mark.parametrize("room", [0, kernels._TILE])
@given(data=st.data())
def test_every_way_through_memory_gives_what_the_loops_give(
    examples: int, channels: int, room: int, data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(kernels, "_TILE", room)
        patched.setattr(kernels, "_SMALL", room)
        compare_with_loops(examples, channels, data.draw)


def compare_with_loops(examples: int, channels: int, draw: st.DrawFn) -> None:
    kernel, stride, padding, dilation = (
        (draw(st.integers(low, high)), draw(st.integers(low, high))) for low, high in ((1, 3), (1, 2), (0, 2), (1, 2))
    )
    image = tuple(dilation[i] * (kernel[i] - 1) + 1 + draw(st.integers(0, 3)) for i in (0, 1))
    groups = draw(st.sampled_from([1, 2]))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    x = rng.standard_normal((examples, channels, *image))
    weight = rng.standard_normal((2 * groups, channels // groups, *kernel))
    bias = rng.standard_normal(2 * groups)
    geometry = (stride, padding, dilation, groups)
    expected = reference.conv2d(x, weight, bias, *geometry)
    y = kernels.conv2d(x, weight, bias, *geometry)
    np.testing.assert_allclose(y, expected, atol=1e-10)
    dy = rng.standard_normal(y.shape)
    dx, dweight, _ = reference.conv2d_backward(x, weight, dy, *geometry)
    np.testing.assert_allclose(kernels.conv2d_input_grad(weight, dy, image, *geometry), dx, atol=1e-10)
    np.testing.assert_allclose(kernels.conv2d_weight_grad(x, kernel, dy, *geometry), dweight, atol=1e-10)


@pytest.mark.parametrize("room", [0, kernels._TILE])
def test_a_result_shares_no_memory_with_the_next_one(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "_TILE", room)
    monkeypatch.setattr(kernels, "_SMALL", room)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((FEW + 1, 3, 6, 6)).astype(np.float32)
    weight = rng.standard_normal((3, 3, 3, 3)).astype(np.float32)
    first = kernels.conv2d(x, weight, None)
    kept = first.copy()
    assert not np.shares_memory(first, kernels.conv2d(2 * x, weight, None))
    np.testing.assert_array_equal(first, kept)
