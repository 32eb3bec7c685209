"""Splits and folds: every example on one side, each class in its share, the same for a seed."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.data.splits import stratified_folds, stratified_split

LABELS = st.lists(st.integers(0, 3), min_size=6, max_size=60).map(np.array)


@given(LABELS, st.floats(0.1, 0.9), st.integers(0, 99))
def test_a_split_puts_every_example_on_one_side_and_takes_its_share_of_each_class(
    y: np.ndarray, share: float, seed: int
) -> None:
    counts = np.bincount(y)
    expected = [round(share * n) for n in counts]
    assume(0 < sum(expected) < len(y))
    split = stratified_split(y, np.random.default_rng(seed), share=share)
    np.testing.assert_array_equal(np.sort(np.concatenate([split.train, split.validation])), np.arange(len(y)))
    assert np.bincount(y[split.validation], minlength=len(counts)).tolist() == expected
    assert (np.diff(split.train) > 0).all()
    assert (np.diff(split.validation) > 0).all()


@given(LABELS, st.integers(2, 6), st.integers(0, 99))
def test_folds_judge_every_example_once_and_deal_each_class_out_evenly(y: np.ndarray, folds: int, seed: int) -> None:
    splits = list(stratified_folds(y, np.random.default_rng(seed), folds=folds))
    assert len(splits) == folds
    np.testing.assert_array_equal(np.sort(np.concatenate([s.validation for s in splits])), np.arange(len(y)))
    for split in splits:
        np.testing.assert_array_equal(np.sort(np.concatenate([split.train, split.validation])), np.arange(len(y)))
    shares = np.array([np.bincount(y[s.validation], minlength=4) for s in splits])
    assert (shares.max(axis=0) - shares.min(axis=0) <= 1).all()


def test_the_same_seed_splits_alike() -> None:
    y = np.arange(40) % 4
    first, again, other = (stratified_split(y, np.random.default_rng(seed)).validation for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5, 1.5, 0.01])
def test_a_split_that_leaves_a_side_empty_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match=rf"12 examples and share={share}.*such as 0\.2"):
        stratified_split(np.arange(12) % 3, np.random.default_rng(0), share=share)


@pytest.mark.parametrize("folds", [1, 13])
def test_folds_that_cannot_be_are_refused(folds: int) -> None:
    with pytest.raises(ValueError, match=rf"folds={folds} of 12 examples; expected 2 to 12"):
        stratified_folds(np.arange(12) % 3, np.random.default_rng(0), folds=folds)
