"""What a network learns from: examples, what each one is, and where all of them come from.

x (N, ...)    N examples of one shape: (1, 28, 28) for grey pictures, (2,) for points in the plane
y (N,)        the class of each, a place in ``classes``
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.sentence import Sentence
from engine.types import Array, Shape


class DataError(ValueError):
    """Data that can't be used: says what was found, what was expected, and what would work."""

    def __init__(self, template: str, **values: Any) -> None:
        self.message = Sentence(template, **values)
        super().__init__(str(self.message))


@dataclass(frozen=True)
class Examples:
    """``x`` (N, ...) float32, pictures (N, C, H, W) in [0, 1]; ``y`` (N,) int64, places in ``classes``.

    ``name`` is short and the same in every language; ``origin`` says where the examples come from.
    """

    x: Array
    y: Array
    classes: tuple[str, ...]
    name: str
    origin: Sentence

    def __post_init__(self) -> None:
        if self.x.ndim < 2 or self.x.dtype != np.float32 or self.y.shape != self.x.shape[:1]:
            raise DataError(
                "Examples are an array (N, ...) of float32 with N classes beside it; these have shape {x} of {type}, "
                "and classes of shape {y}.",
                x=str(self.x.shape),
                type=str(self.x.dtype),
                y=str(self.y.shape),
            )
        if self.y.dtype != np.int64 or (len(self.y) and not 0 <= self.y.min() <= self.y.max() < len(self.classes)):
            raise DataError(
                "A class is a whole number (int64) from 0 to {last}, its place among the names; these are of {type}, "
                "from {least} to {most}.",
                last=len(self.classes) - 1,
                type=str(self.y.dtype),
                least=str(self.y.min(initial=0)),
                most=str(self.y.max(initial=0)),
            )

    @property
    def shape(self) -> Shape:
        """The shape of one example, as a network's input takes it."""
        return self.x.shape[1:]


def numbered(classes: int) -> tuple[str, ...]:
    """Names of classes that have none: "0", "1", "2", ..."""
    return tuple(str(number) for number in range(classes))
