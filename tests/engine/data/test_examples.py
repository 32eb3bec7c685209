"""Whatever there is to learn from comes in one form, and what doesn't fit it is refused."""

import numpy as np
import pytest

from engine.data.examples import DataError, Examples, numbered
from engine.data.sets import NAMES, known_set
from engine.sentence import Sentence

SHAPES = {"digits-8": (1, 8, 8), "mnist-14": (1, 14, 14), "mnist-28": (1, 28, 28), "shapes-32": (3, 32, 32)}


@pytest.mark.parametrize("name", NAMES)
def test_every_known_set_says_its_shape_its_classes_and_where_it_is_from(name: str) -> None:
    found = known_set(name, n=60)
    assert found.name == name
    assert found.shape == SHAPES.get(name, (2,))
    assert np.array_equal(np.unique(found.y), np.arange(len(found.classes)))
    assert str(found.origin)


@pytest.mark.parametrize("name", ["shapes-32", "moons"])
def test_a_drawn_set_is_the_same_for_a_seed_and_as_large_as_wanted(name: str) -> None:
    first, again, other = (known_set(name, n=7, seed=seed).x for seed in (1, 1, 2))
    assert len(first) == 7
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_an_unknown_set_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DataError, match=r"no set 'mnist'; there are digits-8, mnist-14"):
        known_set("mnist")


@pytest.mark.parametrize(
    ("x", "y", "complaint"),
    [
        (np.zeros((3, 2)), np.zeros(3, np.int64), r"\(3, 2\) of float64"),
        (np.zeros((3, 2), np.float32), np.zeros(2, np.int64), r"classes of shape \(2,\)"),
        (np.zeros(3, np.float32), np.zeros(3, np.int64), r"shape \(3,\) of float32"),
        (np.zeros((3, 2), np.float32), np.array([0, 1, 2]), "from 0 to 1, .* from 0 to 2"),
        (np.zeros((3, 2), np.float32), np.array([0, 1, -1]), "from 0 to 1, .* from -1 to 1"),
        (np.zeros((3, 2), np.float32), np.zeros(3), "of float64"),
    ],
)
def test_what_is_no_set_of_examples_is_refused(x: np.ndarray, y: np.ndarray, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        Examples(x, y, numbered(2), "made", Sentence("Made here"))
