"""Three parts without leak: no example and no twin of one in two of them, each class in each by its share."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.examples import DataError, Examples
from engine.data.splits import Parts, three_way
from engine.sentence import Sentence


def examples(y: np.ndarray, pictures: np.ndarray | None = None) -> Examples:
    """One number each: their places, which all differ, or the number of the picture that each one shows."""
    x = np.arange(len(y)) if pictures is None else pictures
    return Examples(x.astype(np.float32)[:, None], y, ("cat", "dog", "owl"), "made", Sentence("Made here"))


def split(of: Examples, seed: int = 0, shares: tuple[float, float, float] = (0.7, 0.15, 0.15)) -> Parts:
    return three_way(of, np.random.default_rng(seed), shares=shares)


def sides(parts: Parts) -> list[np.ndarray]:
    return [parts.train, parts.validation, parts.test]


COUNTS = st.lists(st.integers(3, 40), min_size=1, max_size=3)


@given(COUNTS, st.integers(0, 99), st.sampled_from([(0.7, 0.15, 0.15), (0.5, 0.25, 0.25), (0.1, 0.1, 0.8)]))
def test_the_parts_are_disjoint_together_all_and_hold_each_class_by_its_share(
    counts: list[int], seed: int, shares: tuple[float, float, float]
) -> None:
    y = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    parts = sides(split(examples(y), seed, shares))
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(len(y)))
    for label, count in enumerate(counts):
        got = [int((y[part] == label).sum()) for part in parts]
        wanted = [max(1, round(share * count)) for share in shares[1:]]
        if sum(wanted) < count:
            assert got == [count - sum(wanted), *wanted]
        assert min(got) >= 1


@given(st.integers(0, 999))
def test_twins_stay_in_one_part_and_no_part_of_a_class_is_empty(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pictures = np.concatenate([[0, 1, 2, 100, 101, 102], rng.integers(0, 8, 30), rng.integers(100, 120, 30)])
    of = examples((pictures >= 100).astype(np.int64), pictures)
    parts = sides(split(of, seed))
    for one, other in combinations(parts, 2):
        assert not set(pictures[one]) & set(pictures[other])
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(len(pictures)))
    assert all(set(of.y[part]) == {0, 1} for part in parts)


def test_a_few_twins_leave_the_shares_as_they_should_be() -> None:
    pictures = np.repeat(np.arange(50), 2)
    parts = sides(split(examples(np.zeros(100, np.int64), pictures), shares=(0.6, 0.2, 0.2)))
    assert [len(part) for part in parts] == [60, 20, 20]


def test_a_picture_with_two_classes_still_stays_in_one_part() -> None:
    pictures = np.array([*range(20), *range(20, 40), 0, 0])
    y = np.repeat([0, 1, 1], [20, 20, 2])
    parts = sides(split(examples(y, pictures)))
    assert sum(0 in pictures[part] for part in parts) == 1


def test_the_same_seed_splits_alike() -> None:
    of = examples(np.arange(60) % 3)
    first, again, other = (split(of, seed).test for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("pictures", [[0, 1, 2, 3, 4], [0, 1, 2, 3, 3, 4, 4, 4]], ids=["two", "two that differ"])
def test_a_class_too_small_for_three_parts_is_named(pictures: list[int]) -> None:
    y = (np.array(pictures) > 2).astype(np.int64)
    with pytest.raises(
        DataError, match=r"class dog has too few examples that differ: 2\. Each class needs three or more"
    ):
        split(examples(y, np.array(pictures)))


@pytest.mark.parametrize("shares", [(0.7, 0.3, 0.0), (0.7, 0.2, 0.2), (1.2, -0.1, -0.1), (0.5, 0.5)])
def test_shares_that_are_not_three_parts_of_one_are_refused(shares: tuple[float, float, float]) -> None:
    with pytest.raises(DataError, match=r"expected three between 0 and 1 that add up to 1, such as 0\.7"):
        split(examples(np.arange(30) % 3), shares=shares)
