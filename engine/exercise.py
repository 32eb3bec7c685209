"""A question with a number, a shape or a choice for an answer, which the engine itself has worked out; how its numbers
are written; and the mistakes that are known by what they give."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations

from engine.sentence import Sentence
from engine.types import Array
from engine.written import bracketed, significant

Answer = float | tuple[int, ...] | str

SIGN = Sentence("The size is right, the sign isn't.")
ROUNDED = Sentence("That is rounded; the exact number is asked for.")
ORDER = Sentence("These are the right numbers, in another order.")


@dataclass(frozen=True)
class Mistake:
    """A way to go wrong that many have gone: what one gets by it, and what is said then."""

    gives: Answer
    says: Sentence


@dataclass(frozen=True)
class Problem:
    """A question made from a seed.

    Attributes:
        answer: what the engine computed, from the numbers that are shown: a number, a shape, or one of ``choices``.
        worked: what the written-out solution arrives at by hand; it must agree with ``answer``.
        values: the question's numbers by name, to be put into its text.
        choices: the names to choose from, when the answer is one of them.
        decimals: how many the answer is asked to; without it, the answer is a short number and asked for exactly.
        mistakes: known ways to go wrong, the likelier first. One that can't be told from the right answer, or from
            a mistake before it, is left out.
    """

    answer: Answer
    worked: Answer
    values: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    decimals: int | None = None
    mistakes: tuple[Mistake, ...] = ()

    def __post_init__(self) -> None:
        told: list[Mistake] = []
        for mistake in self.mistakes:
            if all(self._apart(mistake.gives, other) for other in (self.answer, *(each.gives for each in told))):
                told.append(mistake)
        object.__setattr__(self, "mistakes", tuple(told))

    @property
    def tolerance(self) -> float:
        """How far a number may be from the answer: one unit of the last decimal, for numbers rounded on the way."""
        if self.decimals is not None:
            return 10.0**-self.decimals * (1 + 1e-9)
        return 1e-9 * max(1.0, abs(self.answer)) if isinstance(self.answer, float | int) else 0.0

    def grade(self, given: Answer) -> bool:
        """Whether an answer is right."""
        if isinstance(self.answer, float | int) and isinstance(given, float | int):
            return math.isfinite(given) and abs(given - self.answer) <= self.tolerance
        return given == self.answer

    def mistaken(self, given: Answer) -> Sentence | None:
        """How one arrives at this wrong answer, where that is known."""
        if self.grade(given):
            return None
        known = (mistake.says for mistake in (*self.mistakes, *self._slips()) if self._same(given, mistake.gives))
        return next(known, None)

    def _slips(self) -> Iterator[Mistake]:
        """Mistakes that any question knows."""
        if isinstance(self.answer, float | int):
            yield Mistake(self.answer, ROUNDED)
            yield Mistake(-self.answer, SIGN)
        elif isinstance(self.answer, tuple):
            yield from (Mistake(order, ORDER) for order in permutations(self.answer))

    def _same(self, given: Answer, known: Answer) -> bool:
        """Whether someone who got ``known`` may have typed ``given``."""
        if isinstance(given, float | int) and isinstance(known, float | int):
            if self.decimals is not None:
                return abs(given - known) <= self.tolerance
            rounded = (float(f"{known:.{digits}g}") for digits in range(2, 7))
            return any(math.isclose(given, value, abs_tol=1e-12) for value in (known, *rounded))
        return given == known

    def _apart(self, known: Answer, other: Answer) -> bool:
        """Whether no typed answer could stand for both."""
        if isinstance(known, float | int) and isinstance(other, float | int):
            if self.decimals is not None:
                return math.isfinite(known) and abs(known - other) > 2 * self.tolerance
            return math.isfinite(known) and not self._same(known, other) and not self._same(other, known)
        return known != other


def number(value: float) -> str:
    """A number as it is written by hand: −0.5, 3."""
    return significant(value)


def factor(value: float) -> str:
    """A number in the middle of a product or a sum: one below 0 has brackets."""
    return bracketed(number(value))


def listed(values: Array) -> str:
    """Numbers in a row: −1, 0.5, 3."""
    return ", ".join(number(value) for value in values)


def matrix(rows: Array) -> str:
    """A small matrix as a displayed formula."""
    lines = (" & ".join(number(value).replace("−", "-") for value in row) for row in rows)
    return "$$\\begin{bmatrix} " + " \\\\ ".join(lines) + " \\end{bmatrix}$$"
