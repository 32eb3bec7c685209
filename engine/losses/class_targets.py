"""Class numbers as targets, one for each example or each place of a map: do they fit, and how much does each count?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.types import Array, ShapeError


def along_classes(values: Sequence[float] | None, z: Array) -> Array:
    """One number for each class, laid along axis 1 of z (N, C, …) in z's dtype: (C, 1, …). Ones for None."""
    flat = np.ones(z.shape[1], z.dtype) if values is None else np.asarray(values, z.dtype)
    return flat.reshape(-1, *(1,) * (z.ndim - 2))


def shares_of(target: Array, weight: Sequence[float] | None, ignore_index: int, z: Array) -> tuple[Array, Array]:
    """How much each target counts, w[t] and 0 for what is ignored, in target's shape; and targets safe to index with.

    An ignored target stands for no class: any will do, and 0 is one that there is.
    """
    counts = target != ignore_index
    safe = np.where(counts, target, 0)
    share: Array = along_classes(weight, z).reshape(-1)[safe] * counts
    return share, safe


def expect_class_numbers(what: str, z: Array, target: Array, ignore_index: int) -> None:
    """Raise unless z is (N, C, …) and target (N, …) whole numbers from 0 to C - 1, or ``ignore_index``."""
    if z.ndim < 2 or target.shape != (len(z), *z.shape[2:]):
        raise ShapeError(
            f"{what} was given logits of shape {z.shape} and targets of shape {target.shape}; it expects logits (N, C) "
            f"and targets (N,), one class number for each example, or (N, C, H, W) and (N, H, W), one for each place."
        )
    classes, counted = z.shape[1], target[target != ignore_index]
    if target.dtype.kind not in "iu" or (counted.size and not 0 <= counted.min() <= counted.max() < classes):
        raise ValueError(
            f"{what} was given targets {np.unique(counted)[:10]} of type {target.dtype}; it expects whole numbers from "
            f"0 to {classes - 1}, one for each of the {classes} classes, and {ignore_index} for what doesn't count."
        )


def expect_as_many(what: str, name: str, setting: Sequence[object] | None, z: Array) -> None:
    """Raise ShapeError unless a setting of one entry a class, where there is one, fits z (N, C, …)."""
    if setting is not None and len(setting) != z.shape[1]:
        raise ShapeError(
            f"{what} has a {name} for {len(setting)} classes and was given logits of shape {z.shape}; it expects "
            f"logits (N, {len(setting)}{', H, W' if z.ndim > 2 else ''})."
        )
