"""Padding by mode, as PyTorch does it, and the named kernels."""

import numpy as np
import pytest

from engine.kernels import convolution
from engine.types import ShapeError
from pages.blocks.convolution.compute.filters import FILTERS, stack
from pages.blocks.convolution.compute.padding import PADDING_MODES, PaddingMode, most_padding, pad

torch = pytest.importorskip("torch")


@pytest.mark.parametrize("mode", PADDING_MODES)
def test_padding_is_pytorchs(mode: PaddingMode) -> None:
    x = np.random.default_rng(2).standard_normal((2, 3, 5, 4))
    name = "constant" if mode == "zeros" else mode
    theirs = torch.nn.functional.pad(torch.tensor(x), (3, 3, 2, 2), name).numpy()
    np.testing.assert_array_equal(pad(x, (2, 3), mode), theirs)


@pytest.mark.parametrize("mode", ["reflect", "circular"])
def test_an_image_that_is_too_small_to_take_from_is_refused_in_words(mode: PaddingMode) -> None:
    x = np.zeros((1, 1, 3, 3))
    most = most_padding(3, mode)
    assert most is not None
    pad(x, most, mode)
    with pytest.raises(ShapeError, match=f"at most {most}"):
        pad(x, most + 1, mode)


def test_another_mode_is_refused_with_the_modes_there_are() -> None:
    with pytest.raises(ValueError, match="replicate"):
        pad(np.zeros((1, 1, 3, 3)), 1, "mirror")  # type: ignore[arg-type]


def test_the_edge_kernels_answer_nothing_where_all_is_alike_and_the_blurs_change_nothing_there() -> None:
    flat = np.full((1, 1, 7, 7), 0.5)
    for name in ("edges", "horizontal", "vertical", "blur", "soft-blur", "blur-5", "sharpen", "identity"):
        y = convolution.conv2d(flat, stack([name], 1), None)
        np.testing.assert_allclose(y, 0.5 if FILTERS[name].sum() else 0, atol=1e-12)
