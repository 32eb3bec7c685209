"""What every loss promises, and the checks of shapes that they share."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import numpy as np

from engine.types import Array, Cache, ShapeError

Reduction = Literal["mean", "sum", "none"]
"""What becomes of the costs of the single answers: their mean, their sum, or they stay as they are."""

Value = Any
"""What ``forward`` gives: a float, or an Array with ``reduction="none"``. A setting decides it; no type can say so."""


class Loss(Protocol):
    """A frozen spec of how wrong an answer is: one number, the mean over the batch, and its gradient.

    The losses that PyTorch has take its ``reduction`` too: "mean", "sum", or "none", an array of single costs.
    ``fit`` and the gradient check need one number.
    """

    def forward(self, z: Array, target: Array, /) -> tuple[float, Cache]:
        """The loss, and what the backward pass needs. Changes none of its arguments."""
        ...

    def backward(self, cache: Cache, /) -> Array:
        """dL/dz, of z's shape and dtype."""
        ...


def reduced(cost: Array, reduction: Reduction, count: float) -> Value:
    """Σ cost / count for "mean", Σ cost for "sum", cost itself for "none"."""
    if reduction == "none":
        return cost
    return float(cost.sum() / (count if reduction == "mean" else 1))


def upstream(what: str, reduction: Reduction, dy: float | Array | None, cost: Array, count: float) -> Array:
    """dL/dcost: dy / count for each cost behind "mean", dy behind "sum" (1 where None), dy's own number behind "none".

    ``cost`` stands for its shape and dtype only. Raises ShapeError where dy hasn't the shape of what ``forward`` gave.
    """
    given, expected = np.shape(1 if dy is None else dy), cost.shape if reduction == "none" else ()
    if given != expected or (dy is None and reduction == "none"):
        raise ShapeError(
            f"{what} with reduction={reduction!r} was given "
            + (f"a dy of shape {given}" if dy is not None else "no dy")
            + f"; what forward gives has shape {expected}, and dy, the gradient that comes back to it, has the same. "
            + ("reduction='mean' gives one number, which needs none." if expected else "Leaving dy out means 1.")
        )
    dcost = np.asarray(1 if dy is None else dy, cost.dtype)
    return dcost / cost.dtype.type(count) if reduction == "mean" else dcost


def expect_reduction(what: str, reduction: str) -> None:
    """Raise ValueError unless this is one of PyTorch's three."""
    works = reduction in ("mean", "sum", "none")
    expect_setting(what, works, f"reduction={reduction!r}", "'mean', 'sum' or 'none'")


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
