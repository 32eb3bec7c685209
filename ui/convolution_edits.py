"""Numbers that the learner typed into a convolution: ``w.4:2~b.0:-1~x.12:0.5``, the newest last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.types import Array

PATTERN = r"[wbx]\.\d{1,4}:-?\d{1,4}(\.\d{1,4})?(~[wbx]\.\d{1,4}:-?\d{1,4}(\.\d{1,4})?)*"
LETTERS = {"weight": "w", "bias": "b", "x": "x"}
NAMES = {letter: name for name, letter in LETTERS.items()}


@dataclass(frozen=True)
class Edit:
    """Entry ``index`` of the flat array is ``value``."""

    array: str
    index: int
    value: float


def parse(text: str) -> tuple[Edit, ...]:
    """The edits of a text of ``PATTERN``."""
    found = []
    for piece in filter(None, text.split("~")):
        place, value = piece.split(":")
        letter, index = place.split(".")
        found.append(Edit(NAMES[letter], int(index), float(value)))
    return tuple(found)


def write(edits: Sequence[Edit]) -> str:
    """The text of edits; of several of the same entry, the last."""
    last = {(edit.array, edit.index): edit for edit in edits}
    return "~".join(f"{LETTERS[edit.array]}.{edit.index}:{_short(edit.value)}" for edit in last.values())


def _short(value: float) -> str:
    """At most four decimals, and none that say nothing."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def apply(edits: Sequence[Edit], arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays with their edits, always new; an edit beyond its array's end is left out."""
    changed = {name: np.array(array) for name, array in arrays.items()}
    for edit in edits:
        if edit.array in changed and edit.index < changed[edit.array].size:
            changed[edit.array].flat[edit.index] = edit.value
    return changed
