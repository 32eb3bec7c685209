"""Numbers that the learner typed into arrays, as a text for the link: ``w.4:2~x.12:0.5``, the newest last.

EDITS = Edits({"weight": "w", "x": "x"}, most=600, example="w.4:2~x.12:0.5")
CONTROLS = (…, EDITS.control)                   # "edits" in the link
EDITS.put({"weight": weight, "x": x})           # the arrays with these numbers in them
frame.picture(BENCH, drawn, acts=EDITS.acts)    # typing, "undo" and "restore"
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from engine.types import Array
from ui import numbers, state
from ui.controls import Short
from ui.i18n import _


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


@dataclass(frozen=True)
class Edits(TypedNumbers):
    """The control ``name`` of a lesson whose numbers can be typed over: at most so many characters in the link.

    ``alias`` says which array a picture's array is, where it shows one under another name.
    """

    most: int
    example: str
    name: str = "edits"
    alias: Mapping[str, str] | None = None

    @property
    def control(self) -> Short:
        """For the lesson's controls."""
        return Short(self.name, self.pattern, self.most, example=self.example)

    @property
    def typed(self) -> tuple[Typed, ...]:
        """What the learner typed, the newest last."""
        return self.parse(str(state.get(self.name)))

    def put(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        """The arrays with the typed numbers in them."""
        return apply(self.typed, arrays)

    def forget(self, arrays: Collection[str]) -> None:
        """The numbers of these arrays are no longer the learner's: they belonged to another picture, or kernel."""
        state.set(self.name, self.write([one for one in self.typed if one.array not in arrays]))

    @property
    def acts(self) -> dict[str, Callable[[Any], None]]:
        """What the picture tells of typed numbers: a list of edits, and the buttons that take them back."""
        return {
            "edit": self.take,
            "undo": lambda _told: state.set(self.name, self.write(self.typed[:-1])),
            "restore": lambda _told: state.set(self.name, ""),
        }

    def take(self, told: Any) -> None:
        """Keep what was typed, if there is still room for it in the link; what can't be read is left out."""
        for edit in told if isinstance(told, list) else ():
            with suppress(KeyError, TypeError, ValueError):
                self._keep(Typed(str(edit["array"]), int(edit["index"]), float(edit["value"])))

    def _keep(self, one: Typed) -> None:
        array = (self.alias or {}).get(one.array, one.array)
        if array not in self.letters:
            return
        try:
            state.set(self.name, self.write([*self.typed, Typed(array, one.index, one.value)]))
        except ValueError:
            st.toast(_("So many changed numbers don't fit into the link: undo some first."))
