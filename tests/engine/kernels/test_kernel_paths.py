"""A convolution takes one of several ways through memory, by its shape; all of them give what the loops give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import reference
from engine.kernels import convolution, elementwise, memory

FEW = memory.FEW


# Thresholds so low that images of a few pixels are cut in every way: into rows, columns and channels, or not at all.
AS_IT_IS: dict[str, int] = {}
CUT = {"_TILE": 60, "_NARROW": 4, "_LOW": 2, "_WIDE": 8, "_BLOCK": 50, "_SMALL": 4}
LONG = CUT | {"_TILE": 0, "_BLOCK": 0}
# What BLAS does with small products is the machine's; the ways that follow from it are looked at on any.
EVERY_WAY = [way | {"_IN_PLACE": own} for way in (AS_IT_IS, CUT, LONG) for own in (True, False)]
NAMES = [f"{way}, {kind}" for way in ("as it is", "cut", "long") for kind in ("read in place", "repacked")]


@pytest.mark.parametrize("examples", [1, FEW, FEW + 1])
@pytest.mark.parametrize("channels", [2, 6])
@pytest.mark.parametrize("thresholds", EVERY_WAY, ids=NAMES)
@given(data=st.data())
def test_every_way_through_memory_gives_what_the_loops_give(
    examples: int, channels: int, thresholds: dict[str, int], data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in thresholds.items():
            patched.setattr(convolution, name, value)
        patched.setattr(memory, "_MANY", 0 if "_TILE" in thresholds else memory._MANY)
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
    y = convolution.conv2d(x, weight, bias, *geometry)
    np.testing.assert_allclose(y, expected, atol=1e-10)
    dy = rng.standard_normal(y.shape)
    dx, dweight, _ = reference.conv2d_backward(x, weight, dy, *geometry)
    np.testing.assert_allclose(convolution.conv2d_input_grad(weight, dy, image, *geometry), dx, atol=1e-10)
    np.testing.assert_allclose(convolution.conv2d_weight_grad(x, kernel, dy, *geometry), dweight, atol=1e-10)


@pytest.mark.parametrize("thresholds", [AS_IT_IS, CUT, LONG], ids=["as it is", "cut", "long"])
def test_a_result_shares_no_memory_with_the_next_one(
    thresholds: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in thresholds.items():
        monkeypatch.setattr(convolution, name, value)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((FEW + 1, 3, 6, 6)).astype(np.float32)
    weight = rng.standard_normal((3, 3, 3, 3)).astype(np.float32)
    geometry = ((1, 1), (1, 1), (1, 1), 1)
    passes = (
        lambda x: convolution.conv2d(x, weight, None, *geometry),
        lambda x: convolution.conv2d_input_grad(weight, x, (6, 6), *geometry),
        lambda x: convolution.conv2d_weight_grad(x, (3, 3), x, *geometry),
        memory.arranged,
        elementwise.relu,
    )
    for one in passes:
        first = one(x)
        kept = first.copy()
        assert not np.shares_memory(first, one(2 * x))
        assert not np.shares_memory(first, x)
        np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize(
    ("rows", "inner", "places", "examples"),
    [(8, 25, 28, 64), (32, 288, 32, 64), (64, 576, 16, 64), (32, 288, 8, 500), (16, 900, 9, 100), (512, 4608, 7, 10)],
)
def test_blocks_of_a_product_are_no_larger_than_it_and_not_narrow(
    rows: int, inner: int, places: int, examples: int
) -> None:
    high, far, many = convolution._tile(rows, inner, places, examples)
    assert 0 < high <= rows
    assert 0 < far <= places
    assert 0 < many <= examples
    assert many == examples or far == 1
    assert far * many >= convolution._NARROW // 2
    if convolution._LOW * inner * max(convolution._NARROW, min(examples, 2 * convolution._NARROW)) <= convolution._TILE:
        assert high * inner * far * many <= convolution._TILE


def test_many_numbers_start_at_a_line_of_the_cache() -> None:
    many = memory.empty((3, memory._MANY), np.float32)
    assert many.ctypes.data % memory._LINE == 0
    assert many.shape == (3, memory._MANY)
    assert many.flags.c_contiguous
    assert many.flags.writeable


def test_the_bias_of_a_float64_network_keeps_all_its_digits() -> None:
    x, weight = np.zeros((FEW + 1, 1, 3, 3)), np.zeros((2, 1, 3, 3))
    bias = np.array([1 / 3, -2e-9])
    y = convolution.conv2d(x, weight, bias)
    np.testing.assert_array_equal(y, np.broadcast_to(bias[:, None, None], y.shape))


def test_not_a_number_stays_in_its_own_patches() -> None:
    x = np.zeros((FEW + 1, 1, 5, 5))
    x[0, 0, 0, 0] = np.nan
    y = convolution.conv2d(x, np.ones((1, 1, 2, 2)), np.ones(1))
    assert np.isnan(y).sum() == 1
    assert np.isnan(y[0, 0, 0, 0])
