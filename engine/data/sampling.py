"""When some classes have far more examples than others: which examples to show, and what a mistake should cost.

Samplers give indices, so that pictures are copied only when they are asked for. y is (N,) of whole numbers from 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import lcm

import numpy as np

from engine.guard import guard
from engine.types import Array


def class_counts(y: Array, classes: int | None = None) -> Array:
    """How many examples each class has, (classes,). Raises ValueError for labels that are no classes."""
    y = np.asarray(y)
    if y.ndim != 1 or not y.size or not np.issubdtype(y.dtype, np.integer) or y.min() < 0:
        raise ValueError(f"y has shape {y.shape} and type {y.dtype}; expected (N,) whole numbers, 0 or more, N ≥ 1.")
    if classes is not None and y.max() >= classes:
        raise ValueError(f"y has the label {y.max()}, but there are {classes} classes, 0 to {classes - 1}.")
    return np.bincount(y, minlength=classes or 0)


def over_sample(y: Array, rng: np.random.Generator) -> Array:
    """Indices in random order: small classes repeat until each has as many as the largest.

    Every example is there; repeats go round, so none comes more than once more often than another of its class.
    """
    most = class_counts(y).max()
    return rng.permutation(np.concatenate([_round(members, most, rng) for members in _members(y)]))


def under_sample(y: Array, rng: np.random.Generator) -> Array:
    """Indices in random order: of each class as many as the smallest has, drawn without repeats.

    Drawn anew for every epoch, all examples get their turn; drawn once, most of the large classes is thrown away.
    """
    members = _members(y)
    least = min(len(of_class) for of_class in members)
    return rng.permutation(np.concatenate([rng.permutation(of_class)[:least] for of_class in members]))


def class_balanced_batches(y: Array, batch_size: int, rng: np.random.Generator) -> Iterator[Array]:
    """Batches of indices without end: for each place first a class is drawn, each alike, then one of its examples."""
    if batch_size < 1:
        raise ValueError(f"batch_size={batch_size}: expected at least 1.")
    members = _members(y)
    sizes = np.array([len(of_class) for of_class in members])
    flat, starts = np.concatenate(members), np.cumsum(sizes) - sizes

    def batches() -> Iterator[Array]:
        while True:
            drawn = rng.integers(len(members), size=batch_size)
            yield flat[starts[drawn] + rng.integers(sizes[drawn])]

    return batches()


def label_shuffling(y: Array, rng: np.random.Generator) -> Array:
    """One epoch's indices in which every class comes equally often, from the list of examples alone.

    1. Sort by class; M = the largest count.  2. For each class shuffle 0 ... M-1.  3. Take each number modulo the
    class's count: its place in the class.  4. Join all lists and shuffle.
    Yang, "Several tips and tricks for ImageNet CNN training", technical report, 2016.
    """
    most = class_counts(y).max()
    lists = [members[rng.permutation(most) % len(members)] for members in _members(y)]
    return rng.permutation(np.concatenate(lists))


def cost_matrix_from_counts(counts: Sequence[int] | Array, *, whole: bool = False) -> Array:
    """C[i, j] = n_j / n_i, C[i, i] = 0: taking a rare class for a frequent one costs more than the other way.

    counts (K,) -> C (K, K), rows true class, columns predicted. With ``whole`` all is multiplied by the counts' least
    common multiple, which makes every cost a whole number of at least 1.
    Raises ValueError for classes without examples.
    """
    n = np.asarray(counts)
    if n.ndim != 1 or len(n) < 2 or not np.issubdtype(n.dtype, np.integer) or n.min() < 1:
        raise ValueError(f"counts={counts}: expected the numbers of examples of two classes or more, each at least 1.")
    cost: Array = n[None, :] / n[:, None]
    if whole:
        multiple = lcm(*(int(count) for count in n))
        cost = (n[None, :] * (multiple // n[:, None])).astype(np.float64)
    np.fill_diagonal(cost, 0)
    return cost


def cost_matrix_from_confusion(confusion: Sequence[Sequence[int]] | Array) -> Array:
    """C[i, j] = 100 · M[i, j] · e_i / Σ_k e_k, C[i, i] = 0, with e_i = 1 - M[i, i] / Σ_j M[i, j].

    confusion M (K, K): M[i, j] examples of class i were taken for class j. What happened often costs much, and the
    more so in classes of which a large share went wrong: e_i is that share. A matrix without mistakes costs nothing.
    Raises ValueError for a matrix that counts nothing.
    """
    m = np.asarray(confusion)
    if m.ndim != 2 or m.shape[0] != m.shape[1] or not np.issubdtype(m.dtype, np.integer) or m.min() < 0:
        raise ValueError(f"confusion has shape {m.shape}: expected as many rows as columns, whole numbers, 0 or more.")
    totals = m.sum(axis=1)
    if not totals.all():
        raise ValueError(
            f"Class {int(np.argmin(totals))} has no examples in this confusion matrix, so no share of them."
        )
    wrong = 1 - np.diag(m) / totals
    cost: Array = 100 * m * (wrong / wrong.sum())[:, None] if wrong.any() else np.zeros(m.shape)
    np.fill_diagonal(cost, 0)
    return cost


def _members(y: Array) -> list[Array]:
    """The indices of each class that has any, in rising order."""
    return [np.flatnonzero(y == label) for label in np.flatnonzero(class_counts(y))]


def _round(members: Array, count: int, rng: np.random.Generator) -> Array:
    """``count`` of these in turns: each once before any comes again; in which order is drawn anew."""
    return members[rng.permutation(len(members))[np.arange(count) % len(members)]]


guard(globals(), arrays=False)
