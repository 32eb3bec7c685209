"""Imbalanced classes: which examples the samplers show, and what mistakes cost."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import sampling
from engine.data.sampling import (
    class_balanced_batches,
    class_counts,
    cost_matrix_from_confusion,
    cost_matrix_from_counts,
    label_shuffling,
    over_sample,
    under_sample,
)
from engine.types import Array

Y = np.repeat([0, 1, 2], [50, 7, 12])

labels = st.lists(st.integers(0, 4), min_size=1, max_size=60).map(lambda found: np.array(found))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(labels)
def test_over_sampling_shows_every_example_and_every_class_alike(y: Array) -> None:
    shown = over_sample(y, rng())
    present = class_counts(y)[class_counts(y) > 0]
    assert set(shown) == set(range(len(y)))
    assert (np.bincount(y[shown])[class_counts(y) > 0] == present.max()).all()
    for label in np.unique(y):
        times = np.bincount(shown, minlength=len(y))[y == label]
        assert times.max() - times.min() <= 1


@given(labels)
def test_under_sampling_shows_as_many_of_each_class_and_none_twice(y: Array) -> None:
    shown = under_sample(y, rng())
    present = class_counts(y)[class_counts(y) > 0]
    assert len(set(shown)) == len(shown)
    assert (np.bincount(y[shown])[class_counts(y) > 0] == present.min()).all()


@given(labels)
def test_label_shuffling_shows_every_class_alike_and_every_example(y: Array) -> None:
    shown = label_shuffling(y, rng())
    present = class_counts(y)[class_counts(y) > 0]
    assert (np.bincount(y[shown])[class_counts(y) > 0] == present.max()).all()
    assert set(shown) == set(range(len(y)))


@pytest.mark.parametrize("sample", [over_sample, under_sample, label_shuffling])
def test_the_order_is_random_and_comes_from_the_seed(sample) -> None:  # type: ignore[no-untyped-def]
    first, again, other = sample(Y, rng(1)), sample(Y, rng(1)), sample(Y, rng(2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert (np.diff(Y[first]) != 0).sum() > 10, "classes come mixed"


def test_label_shuffling_step_by_step() -> None:
    """Class 1 has 3 examples and the largest class 5: a shuffle of 0 ... 4, modulo 3, shows two of them twice."""
    y = np.repeat([0, 1], [5, 3])
    times = np.bincount(label_shuffling(y, rng()), minlength=8)
    assert times[:5].tolist() == [1] * 5
    assert times[5:].tolist() == [2, 2, 1], "0 mod 3 and 3 mod 3, 1 and 4, and 2 alone"


def test_balanced_batches_draw_every_class_alike() -> None:
    """2,000 batches of 30: a class's share is 1/3 ± 5·√(2/9 / 60,000) = ±0.0097 (one miss in 1.7 million)."""
    drawn = np.concatenate(list(islice(class_balanced_batches(Y, 30, rng()), 2000)))
    shares = np.bincount(Y[drawn]) / len(drawn)
    np.testing.assert_allclose(shares, 1 / 3, atol=0.0097)
    assert set(drawn) == set(range(len(Y)))


def test_a_class_without_examples_is_never_drawn() -> None:
    y = np.array([0, 0, 4])
    batch = next(class_balanced_batches(y, 100, rng()))
    assert set(y[batch]) == {0, 4}


def test_costs_from_counts() -> None:
    """Curriculum E, imbalance: 3:2:1."""
    np.testing.assert_allclose(cost_matrix_from_counts([3, 2, 1]), [[0, 2 / 3, 1 / 3], [3 / 2, 0, 1 / 2], [3, 2, 0]])
    assert cost_matrix_from_counts([3, 2, 1], whole=True).tolist() == [[0, 4, 2], [9, 0, 3], [18, 12, 0]]


@given(st.lists(st.integers(1, 40), min_size=2, max_size=6))
def test_costs_times_the_common_multiple_are_whole_and_at_least_1(counts: list[int]) -> None:
    plain, whole = cost_matrix_from_counts(counts), cost_matrix_from_counts(counts, whole=True)
    off = ~np.eye(len(counts), dtype=bool)
    assert (whole[off] >= 1).all()
    assert (whole == np.rint(whole)).all()
    np.testing.assert_allclose(whole, plain * np.lcm.reduce(counts), rtol=1e-12)


def test_costs_from_a_confusion_matrix() -> None:
    """Curriculum E, imbalance.

    By hand: of class a 4 in 8 go wrong, of b 6 in 9, of c 5 in 26; shares of 1/2 + 2/3 + 5/26 = 1.35897: 36.79,
    49.06, 14.15 in 100. The printed matrix comes from rates rounded on the way, 50 + 67 + 19 = 136: 36.76, 49.26,
    13.97, and from products rounded once more (36.76 downwards). So each entry agrees to within 1.
    """
    confusion = [[4, 1, 3], [2, 3, 4], [3, 2, 21]]
    printed = np.array([[0, 36, 110], [99, 0, 197], [42, 28, 0]])
    found = cost_matrix_from_confusion(confusion)
    assert np.abs(found - printed).max() < 1
    share = np.array([4 / 8, 6 / 9, 5 / 26]) / (4 / 8 + 6 / 9 + 5 / 26)
    by_hand = 100 * np.array([[0, 1, 3], [2, 0, 4], [3, 2, 0]]) * share[:, None]
    np.testing.assert_allclose(found, by_hand, rtol=1e-12)
    rounded = np.array([50, 67, 19]) / 136 * 100
    on_the_way = np.array([[0, 1, 3], [2, 0, 4], [3, 2, 0]]) * rounded[:, None]
    off = printed != 36
    assert np.rint(on_the_way)[off].tolist() == printed[off].tolist()
    assert np.floor(on_the_way[0, 1]) == 36


def test_a_matrix_without_mistakes_costs_nothing() -> None:
    assert not cost_matrix_from_confusion([[4, 0], [0, 9]]).any()


@pytest.mark.parametrize(
    ("counts", "complaint"), [([3, 0], "at least 1"), ([3], "two classes"), ([1.5, 2], "numbers of examples")]
)
def test_counts_that_make_no_sense_are_refused(counts: list[int], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        cost_matrix_from_counts(counts)


@pytest.mark.parametrize(
    ("confusion", "complaint"),
    [([[1, 2]], "as many rows"), ([[1, -1], [0, 1]], "0 or more"), ([[1, 0], [0, 0]], "Class 1 has no examples")],
)
def test_confusion_matrices_that_make_no_sense_are_refused(confusion: list[list[int]], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        cost_matrix_from_confusion(confusion)


@pytest.mark.parametrize("y", [np.array([]), np.array([[1]]), np.array([0.5]), np.array([-1])], ids=str)
def test_labels_that_are_none_are_refused(y: Array) -> None:
    with pytest.raises(ValueError, match="whole numbers, 0 or more"):
        over_sample(y, rng())


def test_a_label_beyond_the_classes_is_named() -> None:
    assert class_counts(np.array([1, 1]), 3).tolist() == [0, 2, 0]
    with pytest.raises(ValueError, match="label 3, but there are 3 classes"):
        class_counts(np.array([3]), 3)
    with pytest.raises(ValueError, match="batch_size=0"):
        sampling.class_balanced_batches(Y, 0, rng())
