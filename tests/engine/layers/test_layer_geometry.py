"""Convolution and pooling under drawn shapes, strides, paddings, dilations and groups."""

from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from engine import AvgPool2d, Conv2d, Linear, MaxPool2d, ReLU
from engine.types import Layer, Shape
from tests.engine.cases import LOOPS, engine_passes, random_params, separated, torch_passes
from tests.engine.strategies import avg_pools, convolutions, max_pools


def agree_with_pytorch_and_the_loops(layer: Layer, shape: Shape, batch: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    params = random_params(layer, rng)
    x = separated(rng, (batch, *shape))
    dy = rng.standard_normal((batch, *layer.output_shape(shape)))
    passes = engine_passes(layer, params, x, dy)
    assert passes.worst_error(torch_passes(layer, params, x, dy)) <= 1e-10
    assert passes.worst_error(LOOPS[type(layer)](layer, params, x, dy)) <= 1e-10


batches = st.integers(1, 3)
seeds = st.integers(0, 2**32 - 1)


@given(convolutions(), batches, seeds)
def test_any_convolution_agrees_with_pytorch_and_the_loops(drawn: tuple[Conv2d, Shape], batch: int, seed: int) -> None:
    agree_with_pytorch_and_the_loops(*drawn, batch, seed)


@given(max_pools(), batches, seeds)
def test_any_max_pooling_agrees_with_pytorch_and_the_loops(
    drawn: tuple[MaxPool2d, Shape], batch: int, seed: int
) -> None:
    agree_with_pytorch_and_the_loops(*drawn, batch, seed)


@given(avg_pools(), batches, seeds)
def test_any_average_pooling_agrees_with_pytorch_and_the_loops(
    drawn: tuple[AvgPool2d, Shape], batch: int, seed: int
) -> None:
    agree_with_pytorch_and_the_loops(*drawn, batch, seed)


@given(st.lists(st.integers(1, 4), max_size=3), st.integers(1, 4), st.integers(1, 4), st.booleans(), batches, seeds)
def test_any_linear_layer_on_any_axes_agrees_with_pytorch_and_the_loops(
    leading: list[int], inputs: int, outputs: int, bias: bool, batch: int, seed: int
) -> None:
    agree_with_pytorch_and_the_loops(Linear(inputs, outputs, bias), (*leading, inputs), batch, seed)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.integers(2, 6), seeds)
def test_tied_maxima_go_to_the_first_cell_as_in_pytorch(
    h: int, w: int, kernel: int, stride: int, levels: int, seed: int
) -> None:
    assume(h >= kernel and w >= kernel)
    rng = np.random.default_rng(seed)
    layer = MaxPool2d(kernel, stride)
    x = rng.integers(0, levels, (1, 2, h, w)).astype(np.float64)
    dy = rng.standard_normal((1, *layer.output_shape((2, h, w))))
    passes = engine_passes(layer, {}, x, dy)
    assert passes.worst_error(torch_passes(layer, {}, x, dy)) == 0
    assert passes.worst_error(LOOPS[MaxPool2d](layer, {}, x, dy)) == 0


def test_relu_is_shut_at_zero_as_in_pytorch() -> None:
    x, dy = np.array([[-1.0, -0.0, 0.0, 2.0]]), np.ones((1, 4))
    passes = engine_passes(ReLU(), {}, x, dy)
    assert passes.dx.tolist() == [[0, 0, 0, 1]]
    assert passes.worst_error(torch_passes(ReLU(), {}, x, dy)) == 0


def test_a_last_window_of_an_average_counts_what_lies_on_the_padded_image() -> None:
    # Rounded up, a second window of five cells holds 3, 4, 5, the padding's 0, and one cell beyond it that isn't
    # counted: 12 / 4. Where the padding isn't counted either, 12 / 3.
    x = np.array([[[[1.0, 2.0, 3.0, 4.0, 5.0]]]])
    layer = AvgPool2d((1, 5), stride=3, padding=(0, 1), ceil_mode=True)
    assert layer.output_shape((1, 1, 5)) == (1, 1, 2)
    assert layer.forward({}, x)[0][0, 0, 0].tolist() == [10 / 5, 12 / 4]
    assert replace(layer, count_include_pad=False).forward({}, x)[0][0, 0, 0].tolist() == [10 / 4, 12 / 3]
    assert replace(layer, ceil_mode=False).output_shape((1, 1, 5)) == (1, 1, 1)


def test_no_window_starts_on_the_padding_behind_the_image() -> None:
    # Seven cells, the padding's two among them: in steps of 3 a third window would start on the last of these.
    layer = MaxPool2d((1, 3), stride=(1, 3), padding=(0, 1), ceil_mode=True)
    assert layer.output_shape((1, 1, 5)) == (1, 1, 2)
    assert layer.output_shape((1, 1, 4)) == (1, 1, 2)
