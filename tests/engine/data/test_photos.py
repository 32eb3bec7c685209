"""The two photographs: real, shared, and the right way up."""

import numpy as np
import pytest

from engine.data.photos import PHOTOS, photo


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photograph_is_real_and_shared(name: str) -> None:
    image = photo(name)
    assert (image.shape, image.dtype) == ((3, 427, 640), np.float32)
    assert 0 <= image.min() < 0.1 < 0.9 < image.max() <= 1
    assert photo(name) is image
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0, 0] = 1


def test_a_photograph_keeps_its_colours_and_its_upright_side() -> None:
    from sklearn.datasets import load_sample_image

    pixels = load_sample_image("flower.jpg")
    np.testing.assert_allclose(photo("flower")[:, 200, 300], pixels[200, 300] / 255, rtol=1e-6)


def test_another_photograph_is_answered_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="china, flower"):
        photo("../secret")
