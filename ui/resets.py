"""What another choice takes along: numbers that were typed into another picture, a cursor on another grid.

RESETS = (Reset(("source", "digit"), controls=("cell",), arrays=("x",)),)
frame.picture(BENCH, drawn, edits=EDITS, resets=RESETS)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ui import state
from ui.edits import Edits


@dataclass(frozen=True)
class Reset:
    """When the learner changes one of the controls ``when``, ``controls`` are as they were at first, and the numbers
    that were typed into ``arrays`` are forgotten. With ``through``, only a change from or to one of its values counts;
    with ``where``, a control and its value, only while it has that value.

    What a link or an example brings along with such a change stays.
    """

    when: tuple[str, ...]
    controls: tuple[str, ...] = ()
    arrays: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    where: tuple[str, str] | None = None

    def due(self, before: dict[str, object]) -> bool:
        """Whether one of the changes, told by the values before them, is meant."""
        if self.where and state.get(self.where[0]) != self.where[1]:
            return False
        return any(
            not self.through or {before[name], state.get(name)} & set(self.through)
            for name in self.when
            if name in before
        )


def apply(resets: Sequence[Reset], edits: Edits | None) -> None:
    """Do what the changes since the last time ask for."""
    before = state.changed(*dict.fromkeys(name for reset in resets for name in reset.when))
    for reset in resets:
        if reset.due(before):
            for name in reset.controls:
                state.set(name, state.default(name))
            if reset.arrays and edits is not None:
                edits.forget(reset.arrays)
