"""What every loss promises, and the checks of shapes that they share."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from engine.types import Array, Cache, ShapeError


class Loss(Protocol):
    """A frozen spec of how wrong an answer is: one number, the mean over the batch, and its gradient.

    PyTorch's losses also offer ``reduction="sum"`` and ``"none"``; the mean is what training uses, and all there is
    here.
    """

    def forward(self, z: Array, target: Array, /) -> tuple[float, Cache]:
        """The loss, and what the backward pass needs. Changes none of its arguments."""
        ...

    def backward(self, cache: Cache, /) -> Array:
        """dL/dz, of z's shape and dtype."""
        ...


def expect_classes(what: str, z: Array, target: Array) -> None:
    """Raise unless z is (N, C) and target (N,) whole numbers from 0 to C - 1."""
    if z.ndim != 2 or target.shape != z.shape[:1]:
        raise ShapeError(
            f"{what} was given logits of shape {z.shape} and targets of shape {target.shape}; "
            f"it expects logits (N, C) and targets (N,), one class number for each example."
        )
    classes = z.shape[1]
    if target.dtype.kind not in "iu" or (target.size and not 0 <= target.min() <= target.max() < classes):
        raise ValueError(
            f"{what} was given targets {np.unique(target)[:10]} of type {target.dtype}; "
            f"it expects whole numbers from 0 to {classes - 1}, one for each of the {classes} classes."
        )


def expect_same_shape(what: str, x: Array, target: Array) -> None:
    """Raise ShapeError unless every number of x has its own target."""
    if x.shape != target.shape:
        raise ShapeError(
            f"{what} was given an input of shape {x.shape} and a target of shape {target.shape}; it expects the same "
            f"shape for both, one target for each number. target.reshape({x.shape}) works where the sizes agree."
        )


def expect_setting(what: str, works: bool, setting: str, expected: str) -> None:
    """Raise ValueError that names the setting and what would work."""
    if not works:
        raise ValueError(f"{what}: {setting}; expected {expected}.")
