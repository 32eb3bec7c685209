"""Which examples to learn from and which to be judged by: indices, so that no example stands on both sides.

y (N,) are whole numbers from 0, one class for each example. Split first, then augment, oversample and fit statistics
on the training side alone: each of these, done before, would carry something of one side to the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from engine.data.examples import DataError, Examples
from engine.data.sampling import class_counts
from engine.guard import guard
from engine.types import Array


@dataclass(frozen=True)
class Split:
    """Indices in rising order, without a common one: ``train`` to learn from, ``validation`` to be judged by."""

    train: Array
    validation: Array


@dataclass(frozen=True)
class Parts:
    """Indices in rising order, each in one part: to learn from, to choose by, and to be judged by once, at the end."""

    train: Array
    validation: Array
    test: Array


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


def three_way(
    examples: Examples, rng: np.random.Generator, *, shares: tuple[float, float, float] = (0.7, 0.15, 0.15)
) -> Parts:
    """Training, validation and test, a class of n examples giving each of the last two max(1, round(share · n)).

    Examples that are alike bit by bit stay together, so that no picture is learned and asked at once. With such twins,
    the largest sets first, each goes where its class lacks most, and the shares are met as nearly as that allows.
    Raises DataError for shares that aren't three, and for a class too small to be in all of them.
    """
    if len(shares) != 3 or not all(0 < share < 1 for share in shares) or abs(sum(shares) - 1) > 1e-6:
        raise DataError(
            "The shares are {shares}; expected three between 0 and 1 that add up to 1, such as 0.7, 0.15 and 0.15.",
            shares=", ".join(str(share) for share in shares),
        )
    counts = class_counts(examples.y)
    twins = _twins(examples, rng)
    part_of = np.empty(len(examples.y), dtype=np.int64)
    for label in np.flatnonzero(counts):
        mine = [members for members in twins if _class_of(examples.y[members]) == label]
        if len(mine) < 3:
            raise DataError(
                "The class {name} has too few examples that differ: {count}. Each class needs three or more, one "
                "for training, one for validation and one for the test. More examples, or leaving the class out, would "
                "work.",
                name=examples.classes[label],
                count=len(mine),
            )
        _deal(mine, shares, part_of)
    return Parts(*(np.flatnonzero(part_of == part) for part in range(3)))


def _twins(examples: Examples, rng: np.random.Generator) -> list[Array]:
    """The examples' indices in random order, those that are alike bit by bit as one; the largest of these first."""
    sets: dict[bytes, list[int]] = {}
    for index in rng.permutation(len(examples.x)):
        sets.setdefault(blake2b(examples.x[index].tobytes()).digest(), []).append(int(index))
    return [np.array(members) for members in sorted(sets.values(), key=len, reverse=True)]


def _class_of(labels: Array) -> int:
    """The class of twins: the one that most of them are said to be."""
    return int(np.argmax(np.bincount(labels)))


def _deal(twins: list[Array], shares: tuple[float, float, float], part_of: Array) -> None:
    """Write each example's part; no part stays empty."""
    total = sum(map(len, twins))
    validation, test = (max(1, round(share * total)) for share in shares[1:])
    lacks = np.array([total - validation - test, validation, test])
    empty = np.ones(3, dtype=bool)
    for done, members in enumerate(twins):
        last_chance = len(twins) - done <= empty.sum()
        part = int(np.argmax(np.where(empty, lacks, lacks.min() - 1) if last_chance else lacks))
        part_of[members] = part
        lacks[part] -= len(members)
        empty[part] = False


def _fold(dealt: Array, number: int, folds: int) -> Split:
    mine = np.arange(len(dealt)) % folds == number
    return Split(np.sort(dealt[~mine]), np.sort(dealt[mine]))


guard(globals(), arrays=False)
