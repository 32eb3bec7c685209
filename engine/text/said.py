"""A network as it was said, before any shape is known: pieces in a row, and blocks whose paths are rows again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from engine.sentence import Sentence
from engine.text.known import kind_name
from engine.text.reading import Fault, Place
from engine.text.source import Source
from engine.types import Layer

NAME = re.compile(r"[A-Za-z_]\w{0,39}", re.ASCII)


@dataclass(frozen=True)
class Call:
    """Where the parts of a layer's call stand, so that one of them can be said otherwise.

    ``style`` says what may stand beside it: a line of its own, an item among others in a Sequential, or an attribute
    of a module, which is called elsewhere: there ``fed`` is what it is given.
    """

    source: Source
    place: Place
    name: Place
    values: Mapping[str, Place]
    style: Literal["line", "item", "attribute"] = "line"
    prefix: str = ""
    in_place: bool = False
    """Whether it writes into what it was given, as inplace=True does."""
    fed: Place | None = None
    fed_source: Source | None = None

    @property
    def closing(self) -> Place:
        """In front of the closing bracket."""
        return Place(self.place.last, self.place.end - 1, self.place.last, self.place.end - 1)


@dataclass(frozen=True)
class Piece:
    """A layer, or a block of ``kind`` whose ``rows`` are its paths. A fault may come with the layer that was meant."""

    path: tuple[str, ...]
    place: Place
    layer: Layer | None = None
    call: Call | None = None
    fault: Fault | None = None
    kind: Literal["", "Residual", "Parallel", "Highway"] = ""
    rows: tuple[tuple[str, tuple[Piece, ...]], ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)
    module: str = ""
    """What a pasted source's own state dict calls it."""
    wants: int | None = None
    """How many numbers the text says that there are, where it flattens by saying so: view(-1, 400)."""

    def under(self, name: str) -> Piece:
        """The same one inside something of this name."""
        return replace(self, path=(name, *self.path)) if name else self


@dataclass(frozen=True)
class Said:
    """All of a text: its pieces, and what was taken to be meant."""

    pieces: tuple[Piece, ...]
    notes: tuple[Sentence, ...] = ()


def automatic_names(layers: Sequence[Layer | None]) -> list[str]:
    """What layers in a row are called where nobody named them: conv1, relu1, conv2; the first Flatten is flatten."""
    made: dict[str, int] = {}
    names = []
    for layer in layers:
        kind = "layer" if layer is None else kind_name(layer)
        made[kind] = made.get(kind, 0) + 1
        names.append(kind if kind == "flatten" and made[kind] == 1 else f"{kind}{made[kind]}")
    return names


def names_of(pieces: Sequence[Piece], layers: Sequence[Layer | None]) -> list[str]:
    """A name of its own for each piece: the end of its path, as much of it as no other shares; else an automatic one.

    Paths that are numbers alone ("0", as in a Sequential) name nothing.
    """
    given = [_longer(piece.path) for piece in pieces]
    count = [_counted(names) for names in zip(*_padded(given), strict=True)] if pieces else []
    automatic = automatic_names(layers)
    chosen: list[str] = []
    for names in given:
        alone = (name for level, name in enumerate(names) if count[level][name] == 1 and name not in chosen)
        chosen.append(next(alone, ""))
    taken = set(chosen)
    for at, own in enumerate(automatic):
        chosen[at] = chosen[at] or _free(own, taken)
        taken.add(chosen[at])
    return chosen


def _longer(path: tuple[str, ...]) -> list[str]:
    """conv, block_conv, net_block_conv: names that say more and more of a path."""
    if not path or path[-1].isdigit():
        return []
    parts = [part if part.isascii() else "" for part in path]
    joined = ["_".join(parts[at:]) for at in range(len(parts) - 1, -1, -1)]
    return [name for name in joined if NAME.fullmatch(name)]


def _padded(given: Sequence[Sequence[str]]) -> list[list[str]]:
    most = max((len(names) for names in given), default=0)
    return [[*names, *[""] * (most - len(names))] for names in given]


def _counted(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where another has it."""
    numbered = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each not in taken)
