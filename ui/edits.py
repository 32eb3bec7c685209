"""Numbers that the learner typed into arrays, as a text for the link: ``w.4:2~x.12:0.5``, the newest last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.types import Array
from ui import numbers


@dataclass(frozen=True)
class Typed:
    """Entry ``index`` of the flat array is ``value``."""

    array: str
    index: int
    value: float


@dataclass(frozen=True)
class TypedNumbers:
    """How the typed numbers of a lesson are written: ``letters`` gives each array's name its letter."""

    letters: Mapping[str, str]

    @property
    def pattern(self) -> str:
        """What a text of typed numbers looks like, for a ``Short`` control."""
        one = rf"[{''.join(self.letters.values())}]\.\d{{1,4}}:{numbers.TYPED}"
        return rf"{one}(~{one})*"

    def parse(self, text: str) -> tuple[Typed, ...]:
        """The numbers of a text of ``pattern``."""
        names = {letter: name for name, letter in self.letters.items()}
        found = []
        for piece in filter(None, text.split("~")):
            place, value = piece.split(":")
            letter, index = place.split(".")
            found.append(Typed(names[letter], int(index), float(value)))
        return tuple(found)

    def write(self, typed: Sequence[Typed]) -> str:
        """The text of typed numbers; of several for the same entry, the last."""
        last = {(one.array, one.index): one for one in typed}
        return "~".join(f"{self.letters[one.array]}.{one.index}:{numbers.typed(one.value)}" for one in last.values())


def apply(typed: Sequence[Typed], arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays with the typed numbers, always new; one for an absent array, or beyond its end, is left out."""
    changed = {name: np.array(array) for name, array in arrays.items()}
    for one in typed:
        if one.array in changed and one.index < changed[one.array].size:
            changed[one.array].flat[one.index] = one.value
    return changed
