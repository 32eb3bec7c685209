"""Numbers that a learner typed into arrays, as a short text for the link: ``x.12:0.5~d.3:-1``, the newest last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.types import Array


@dataclass(frozen=True)
class Edit:
    """Entry ``index`` of the flat array is ``value``."""

    array: str
    index: int
    value: float


@dataclass(frozen=True)
class Typed:
    """How a lesson writes its edits: ``letters`` gives each array that may be typed into its letter."""

    letters: Mapping[str, str]

    @property
    def pattern(self) -> str:
        """What a text of edits looks like, for a ``Short`` control."""
        one = rf"[{''.join(self.letters.values())}]\.\d{{1,4}}:-?\d{{1,4}}(\.\d{{1,4}})?"
        return f"{one}(~{one})*"

    def parse(self, text: str) -> tuple[Edit, ...]:
        """The edits of a text of ``pattern``."""
        names = {letter: name for name, letter in self.letters.items()}
        pieces = (piece.split(":") for piece in filter(None, text.split("~")))
        return tuple(Edit(names[place[0]], int(place[2:]), float(value)) for place, value in pieces)

    def write(self, edits: Sequence[Edit]) -> str:
        """The text of edits; of several of the same entry, the last."""
        last = {(edit.array, edit.index): edit for edit in edits}
        return "~".join(f"{self.letters[e.array]}.{e.index}:{_short(e.value)}" for e in last.values())


def _short(value: float) -> str:
    """At most four decimals, and none that say nothing."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def apply(edits: Sequence[Edit], name: str, array: Array) -> Array:
    """A copy of one array with its edits; an edit beyond its end is left out."""
    changed = np.array(array)
    for edit in edits:
        if edit.array == name and edit.index < changed.size:
            changed.flat[edit.index] = edit.value
    return changed
