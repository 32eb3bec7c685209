"""Which examples to learn from and which to be judged by: indices, so that no example stands on both sides.

y (N,) are whole numbers from 0, one class for each example. Split first, then augment, oversample and fit statistics
on the training side alone: each of these, done before, would carry something of one side to the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.data.sampling import class_counts
from engine.guard import guard
from engine.types import Array


@dataclass(frozen=True)
class Split:
    """Indices in rising order, without a common one: ``train`` to learn from, ``validation`` to be judged by."""

    train: Array
    validation: Array


def stratified_split(y: Array, rng: np.random.Generator, *, share: float = 0.2) -> Split:
    """A random ``share`` of each class, rounded, for validation; the rest for training.

    Raises ValueError unless 0 < share < 1 and both sides get an example.
    """
    y = np.asarray(y)
    counts = class_counts(y)
    parts = [rng.permutation(np.flatnonzero(y == label))[: round(share * n)] for label, n in enumerate(counts) if n]
    validation = np.sort(np.concatenate(parts))
    if not 0 < share < 1 or not 0 < len(validation) < len(y):
        raise ValueError(
            f"stratified_split was given {len(y)} examples and share={share}, which leaves a side empty; expected a "
            f"share between 0 and 1, such as 0.2, and classes large enough for it."
        )
    return Split(np.setdiff1d(np.arange(len(y)), validation), validation)


def stratified_folds(y: Array, rng: np.random.Generator, *, folds: int = 5) -> Iterator[Split]:
    """Cross-validation: each example is in the validation part of one Split, and in the training part of all others.

    Each class is dealt out to the folds in turn, so that any two have the same number of it, or one more. Raises
    ValueError for fewer than 2 folds, or more than there are examples.
    """
    y = np.asarray(y)
    counts = class_counts(y)
    if not 2 <= folds <= len(y):
        raise ValueError(f"stratified_folds was given folds={folds} of {len(y)} examples; expected 2 to {len(y)}.")
    dealt = np.concatenate([rng.permutation(np.flatnonzero(y == label)) for label in range(len(counts))])
    return (_fold(dealt, number, folds) for number in range(folds))


def _fold(dealt: Array, number: int, folds: int) -> Split:
    mine = np.arange(len(dealt)) % folds == number
    return Split(np.sort(dealt[~mine]), np.sort(dealt[mine]))


guard(globals(), arrays=False)
