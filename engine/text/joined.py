"""Values that were added or laid side by side, as blocks in a row.

Each value knows the last one that all ways to it pass through, its gate. From a value back over the gates to the input
is the network's row; between a sum and its gate lie the two paths of a Residual, between a join and its gate the
branches of a Parallel. Paths that cross (one value read by both, and by what follows) would need the same
weights twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from engine.layers import (
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Dropout2d,
    Flatten,
    GroupNorm,
    Identity,
    InstanceNorm2d,
    LayerNorm,
    Linear,
    LocallyConnected2d,
    PReLU,
    WeightNorm,
)
from engine.sentence import Sentence
from engine.text.limits import Limits
from engine.text.reading import Fault, Place, Refused
from engine.text.said import Piece

_ONCE = (
    *(BatchNorm1d, BatchNorm2d, Conv2d, ConvTranspose2d, Dropout, Dropout2d, GroupNorm, InstanceNorm2d, LayerNorm),
    *(Linear, LocallyConnected2d, PReLU, WeightNorm),
)
"""What can't stand in two places: it has weights of its own, or draws."""


@dataclass(eq=False)
class Value:
    """Something that forward computes. ``gate`` is None for the input alone."""

    kind: Literal["input", "layer", "sum", "join"]
    gate: Value | None
    place: Place
    piece: Piece | None = None
    parents: tuple[Value, ...] = ()
    path: tuple[str, ...] = ()
    overwritten: bool = False
    """Whether something wrote into it: who reads it afterwards gets other numbers."""
    depth: int = field(init=False)

    def __post_init__(self) -> None:
        self.depth = 0 if self.gate is None else self.gate.depth + 1


def overwrite(value: Value) -> None:
    """Take note that something writes into this value, and into what it only shows in another shape."""
    value.overwritten = True
    if value.piece is not None and isinstance(value.piece.layer, Flatten | Identity | Dropout | Dropout2d):
        assert value.gate is not None
        overwrite(value.gate)


def gate_of(values: tuple[Value, ...]) -> Value:
    """The last value that all ways to all of these pass through."""
    found = values[0]
    for value in values[1:]:
        other = value
        while found is not other:
            if found.depth >= other.depth:
                assert found.gate is not None
                found = found.gate
            else:
                assert other.gate is not None
                other = other.gate
    return found


class Joiner:
    """Writes values as pieces, each value that has weights once."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.written: set[int] = set()
        self.count = 0

    def row(self, value: Value, stop: Value, depth: int = 0) -> tuple[Piece, ...]:
        """The pieces between ``stop`` and ``value``. Raises Refused where they can't be written as blocks in a row."""
        if depth > self.limits.blocks:
            told = Sentence("Blocks stand inside blocks more than {most} deep", most=self.limits.blocks)
            raise Refused(Fault(value.place, told))
        pieces = []
        while value is not stop:
            pieces.append(self._piece(value, depth))
            assert value.gate is not None
            value = value.gate
        return tuple(reversed(pieces))

    def _piece(self, value: Value, depth: int) -> Piece:
        self.count += 1
        if self.count > self.limits.layers:
            told = Sentence("There are more than {most} layers; that many are built here", most=self.limits.layers)
            raise Refused(Fault(value.place, told))
        if value.piece is not None:
            if id(value) in self.written and isinstance(value.piece.layer, _ONCE):
                told = Sentence("Paths cross here: this layer would have to stand in two of them")
                raise Refused(Fault(value.place, told))
            self.written.add(id(value))
            return value.piece
        gate = value.gate
        assert gate is not None
        rows = [self.row(parent, gate, depth + 1) for parent in value.parents]
        if value.kind == "join":
            names = self._branches(rows)
            return Piece(value.path, value.place, kind="Parallel", rows=tuple(zip(names, rows, strict=True)))
        body, shortcut = rows if len(rows[0]) >= len(rows[1]) else rows[::-1]
        if not body:
            told = Sentence("A value is added to itself here; a Residual adds what layers made of it")
            raise Refused(Fault(value.place, told))
        own = (_inside(body, "body"), _inside(shortcut, "shortcut"))
        return Piece(value.path, value.place, kind="Residual", rows=(("body", own[0]), ("shortcut", own[1])))

    def _branches(self, rows: list[tuple[Piece, ...]]) -> list[str]:
        """A name for each branch: of the module that all of it stands in, where there is one and it says so."""
        names: list[str] = []
        for number, row in enumerate(rows, start=1):
            first = _common(row)
            name = first if first and first not in names and first != "widths" else f"branch{number}"
            rows[number - 1] = _inside(row, first) if name == first else row
            names.append(name)
        return names


def _common(row: tuple[Piece, ...]) -> str:
    """The module that all pieces of a row stand in, each further inside; "" where there is none."""
    found = {piece.path[-2] if len(piece.path) > 1 else "" for piece in row}
    name = found.pop() if len(found) == 1 else ""
    return name if name.isidentifier() and name.isascii() else ""


def _inside(row: tuple[Piece, ...], name: str) -> tuple[Piece, ...]:
    """The pieces by the names that they have inside of a module of this name."""
    if _common(row) != name:
        return row
    return tuple(replace(piece, path=piece.path[-1:]) for piece in row)
