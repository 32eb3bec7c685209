"""Lines inside the brackets of a block, put together: Residual, Parallel, Highway, Sequential and WeightNorm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from engine.layers import (
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    GroupNorm,
    InstanceNorm2d,
    Linear,
    LocallyConnected2d,
    PReLU,
    WeightNorm,
)
from engine.sentence import Sentence
from engine.text.reading import Fault, Place, Refused
from engine.text.said import Piece

_WEIGHED = (Conv2d, ConvTranspose2d, Linear, LocallyConnected2d, PReLU)
_SCALED = (BatchNorm1d, BatchNorm2d, GroupNorm, InstanceNorm2d)
"""What has a weight, always or with ``affine``: what WeightNorm can hold."""

_INSIDE = {"Shortcut": "Residual", "Transform": "Highway", "Gate": "Highway"}


@dataclass
class Held:
    """What stands in one pair of a block's brackets: pieces in order, and the rows of named inner brackets."""

    word: str
    name: str
    place: Place
    pieces: list[Piece] = field(default_factory=list)
    rows: dict[str, tuple[Piece, ...]] = field(default_factory=dict)
    branches: list[tuple[str, tuple[Piece, ...]]] = field(default_factory=list)
    settings: dict[str, float] = field(default_factory=dict)

    def take(self, piece: Piece) -> None:
        """Another piece of this row; in a Parallel, a branch of one layer."""
        if self.word == "Parallel":
            name = piece.path[-1] if piece.path else f"branch{len(self.branches) + 1}"
            self.branches.append((name, (replace(piece, path=()),)))
        else:
            self.pieces.append(piece)

    def close(self, inner: Held) -> None:
        """Take what a pair of brackets inside of these held. Raises Refused where it doesn't belong here."""
        outer = _INSIDE.get(inner.word)
        if outer is not None:
            if self.word != outer:
                told = Sentence("{word} stands inside of {outer} only", word=inner.word, outer=outer)
                raise Refused(Fault(inner.place, told))
            if inner.word in self.rows:
                raise Refused(Fault(inner.place, Sentence("{word} stands here twice", word=inner.word)))
            self.rows[inner.word] = tuple(inner.pieces)
        elif inner.word == "Sequential" and self.word == "Parallel":
            self.branches.append((inner.name or f"branch{len(self.branches) + 1}", tuple(inner.pieces)))
        elif inner.word == "Sequential":
            self.pieces += [piece.under(inner.name) for piece in inner.pieces]
        else:
            self.take(block(inner))


def block(held: Held) -> Piece:
    """The piece that a block's lines make. Raises Refused where one that it needs isn't there."""
    path = (held.name,) if held.name else ()
    match held.word:
        case "Residual":
            if not held.pieces:
                raise _empty(held, "Residual(Conv2d(8, 8, 3, padding=1))")
            rows: Sequence[tuple[str, tuple[Piece, ...]]] = (
                ("body", tuple(held.pieces)),
                ("shortcut", held.rows.get("Shortcut", ())),
            )
            return Piece(path, held.place, kind="Residual", rows=tuple(rows))
        case "Parallel":
            if not held.branches:
                raise _empty(held, "Parallel(Conv2d(8, 4, 1), Conv2d(8, 4, 3, padding=1))")
            names = [name for name, _ in held.branches]
            if len(set(names)) < len(names) or "widths" in names:
                told = Sentence("Each branch needs a name of its own, and none may be called {name}", name="widths")
                raise Refused(Fault(held.place, told))
            return Piece(path, held.place, kind="Parallel", rows=tuple(held.branches))
        case "Highway":
            if held.pieces or not {"Transform", "Gate"} <= held.rows.keys():
                raise _empty(held, "Highway(Transform(Linear(8, 8), ReLU()), Gate(Linear(8, 8), Sigmoid()))")
            rows = (("transform", held.rows["Transform"]), ("gate", held.rows["Gate"]))
            return Piece(path, held.place, kind="Highway", rows=rows, settings=held.settings)
        case _:
            inner = held.pieces[0] if len(held.pieces) == 1 else None
            layer = inner.layer if inner is not None else None
            scaled = isinstance(layer, _SCALED) and layer.affine
            if inner is None or layer is None or not (scaled or isinstance(layer, _WEIGHED)):
                raise _empty(held, "WeightNorm(Conv2d(1, 8, 3))")
            return Piece(path, held.place, WeightNorm(layer), inner.call, inner.fault)


def _empty(held: Held, example: str) -> Refused:
    told = Sentence("{word} doesn't hold what it needs; for example {example}", word=held.word, example=example)
    return Refused(Fault(held.place, told))
