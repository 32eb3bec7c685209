"""A convolution for looking at: each mode of padding, the columns that it multiplies, and the transposed one."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine import reference
from engine.data.resize import shrink
from engine.types import ShapeError
from pages.blocks.convolution.compute.convolved import convolve, transpose
from pages.blocks.convolution.compute.unshared import banded, connect, places

MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def drawn(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).standard_normal(shape)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("stride", [1, 2])
def test_a_mode_of_padding_is_numpy_s_and_y_the_loops(mode: str, stride: int) -> None:
    x, weight, bias = drawn(1, 2, 6, 5), drawn(3, 2, 3, 3), drawn(3)
    found = convolve(x, {"weight": weight, "bias": bias}, stride=stride, padding=2, mode=mode)  # type: ignore[arg-type]
    padded = np.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2)), mode=MODES[mode])  # type: ignore[call-overload]
    expected = reference.conv2d(padded, weight, bias, (stride, stride), (0, 0), (1, 1), 1)
    np.testing.assert_allclose(found.step.y, expected, atol=1e-12)
    if mode != "zeros":
        np.testing.assert_array_equal(found.arrays()["padded"], padded)


def test_the_kernels_times_the_columns_are_y() -> None:
    x, weight = drawn(1, 2, 6, 5), drawn(3, 2, 3, 3)
    found = convolve(x, {"weight": weight}, padding=1)
    np.testing.assert_allclose(weight.reshape(3, -1) @ found.columns, found.step.y.reshape(3, -1), atol=1e-12)
    assert not found.layer.bias
    assert list(found.arrays()) == ["x", "weight", "y"]


def test_groups_and_dilation_are_pytorch_s() -> None:
    x, weight = drawn(1, 4, 8, 8), drawn(6, 2, 3, 3)
    found = convolve(x, {"weight": weight}, dilation=2, groups=2)
    expected = functional.conv2d(torch.from_numpy(x), torch.from_numpy(weight), dilation=2, groups=2)
    np.testing.assert_allclose(found.step.y, expected.numpy(), atol=1e-12)


def test_groups_that_don_t_divide_are_refused_with_what_would_work() -> None:
    with pytest.raises(ShapeError, match="groups=1 always works"):
        convolve(drawn(1, 3, 5, 5), {"weight": drawn(4, 2, 3, 3)}, groups=2)


@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (3, 0, 2)])
def test_a_transposed_convolution_is_pytorch_s(stride: int, padding: int, dilation: int) -> None:
    x, weight = drawn(1, 2, 4, 3), drawn(2, 3, 3, 3)
    step = transpose(x, weight, stride=stride, padding=padding, dilation=dilation)
    expected = functional.conv_transpose2d(
        torch.from_numpy(x), torch.from_numpy(weight), stride=stride, padding=padding, dilation=dilation
    )
    np.testing.assert_allclose(step.y, expected.numpy(), atol=1e-12)


def test_a_smaller_copy_has_the_means_of_what_its_pixels_stand_for() -> None:
    image = drawn(3, 8, 12).astype(np.float32)
    means = image.reshape(3, 4, 2, 6, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(shrink(image, 6), means, atol=1e-6)
    assert shrink(image, 12) is image
    assert shrink(image[:, :1], 2).shape == (3, 1, 2)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 1), (2, 1)])
def test_every_place_s_kernel_lies_on_its_own_patch(stride: int, padding: int) -> None:
    x, (oh, ow) = drawn(1, 2, 6, 5), places((6, 5), (3, 3), stride, padding)
    params = {"weight": drawn(1, oh, ow, 2, 3, 3), "bias": drawn(1, oh, ow)}
    made = connect(x, params, stride=stride, padding=padding)
    patches = functional.unfold(torch.from_numpy(x), 3, stride=stride, padding=padding)
    kernels = torch.from_numpy(params["weight"]).reshape(oh * ow, -1)
    expected = torch.einsum("ncl,lc->nl", patches, kernels).reshape(1, 1, oh, ow).numpy() + params["bias"]
    np.testing.assert_allclose(made.step.y, expected, atol=1e-12)
    for i, j in np.ndindex(oh, ow):
        shown = made.mosaic[3 * i : 3 * i + 3, 3 * j : 3 * j + 3]
        np.testing.assert_array_equal(shown, params["weight"][0, i, j, 0])


def test_bands_of_places_have_a_kernel_each() -> None:
    first, second = drawn(3, 3), drawn(2, 3, 3)[0]
    weight = banded([first, second], (5, 2), 1)
    assert [bool((weight[0, i, :, 0] == first).all()) for i in range(5)] == [True, True, True, False, False]
    assert (weight[0, 3:, :, 0] == second).all()
