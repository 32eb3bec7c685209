"""A question with a number, a shape or a choice for an answer, which the engine itself has worked out; how its numbers
are written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.types import Array

Answer = float | tuple[int, ...] | str


@dataclass(frozen=True)
class Problem:
    """A question made from a seed.

    Attributes:
        answer: what the engine computed: a number, a shape, or one of ``choices``.
        worked: what the written-out solution arrives at by hand; it must agree with ``answer``.
        values: the question's numbers by name, to be put into its text.
        choices: the names to choose from, when the answer is one of them.
        tolerance: how far a number may be from ``answer`` and still be right (absolute).
    """

    answer: Answer
    worked: Answer
    values: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    tolerance: float = 0.0

    def grade(self, given: Answer) -> bool:
        """Whether an answer is right."""
        if isinstance(self.answer, float | int) and isinstance(given, float | int):
            return math.isfinite(given) and abs(given - self.answer) <= self.tolerance + 1e-12
        return given == self.answer


def number(value: float) -> str:
    """A number as it is written by hand: −0.5, 3."""
    return f"{value:g}".replace("-", "−")


def matrix(rows: Array) -> str:
    """A small matrix as a displayed formula."""
    lines = (" & ".join(number(value).replace("−", "-") for value in row) for row in rows)
    return "$$\\begin{bmatrix} " + " \\\\ ".join(lines) + " \\end{bmatrix}$$"
