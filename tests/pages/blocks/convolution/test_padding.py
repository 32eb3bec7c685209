"""Padding by mode, as PyTorch does it."""

import numpy as np
import pytest

from engine.types import ShapeError
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
