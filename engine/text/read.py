"""A text as a network. What kind of text it is shows itself; whatever it is, what comes of it is a ``Reading``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.autograd.expression import ParseError
from engine.sentence import Sentence
from engine.text.limits import Limits
from engine.text.lines import read_lines
from engine.text.measure import Measured, start
from engine.text.pytorch import read_pytorch
from engine.text.reading import Fault, Kind, Place, Reading, Refused
from engine.text.said import Piece, Said
from engine.text.source import as_typed
from engine.text.write import lines_of
from engine.types import Shape, expect_counts
from engine.zoo.pattern import PATTERN, pattern_layers

REPEATS: Mapping[str, int] = {"N": 2, "M": 2, "K": 1}
"""What a pattern's letters stand for where nothing else is said."""
CHANNELS, HIDDEN = 16, 64
"""The first convolution's maps, and a linear layer's units, in a pattern."""

_PATTERN = re.compile(r"\s*INPUT\b", re.IGNORECASE)
_ARROW = re.compile("->|→|➔")
_PRINTED = re.compile(r"^[ \t]*\(\w+\):[ \t]*\w+\(", re.MULTILINE)
_SOURCE = re.compile(
    r"^(?:class|def|from|import|@)\b|^(?:\w+[ \t]*=[ \t]*)?(?:torch\.)?nn\.Sequential\(",
    re.MULTILINE,
)


def read(
    text: str,
    input_shape: Shape,
    *,
    classes: int = 10,
    repeats: Mapping[str, int] = REPEATS,
    limits: Limits = Limits(),
) -> Reading:
    """The network that a text says, for examples of ``input_shape`` (without N).

    ``classes`` and ``repeats`` are what a pattern leaves open. Whatever the text is, nothing of it is executed, and
    what is wrong with it is told in the reading. Raises ValueError for an input shape that is none.
    """
    expect_counts("read", classes=classes, **{f"axis {at}": size for at, size in enumerate(input_shape)})
    if len(input_shape) not in (1, 2, 3):
        raise ValueError(f"read: input_shape={input_shape}; expected (channels, height, width) or (numbers,).")
    shape = tuple(input_shape)
    kind: Kind = "lines"
    try:
        lines = as_typed(text, limits)
        kind = kind_of("\n".join(lines))
        said = _said(kind, lines, shape, classes, repeats, limits)
    except Refused as refusal:
        return Reading(kind, text, shape, (), (refusal.fault,))
    return _measured(kind, text, lines, said, shape, limits)


def kind_of(text: str) -> Kind:
    """How a network is said in this text."""
    if _PATTERN.match(text) or (_ARROW.search(text) and "(" not in text):
        return "pattern"
    if _SOURCE.search(text):
        return "pytorch"
    return "printed" if _PRINTED.search(text) else "lines"


def _said(
    kind: Kind, lines: tuple[str, ...], shape: Shape, classes: int, repeats: Mapping[str, int], limits: Limits
) -> Said:
    if kind == "pattern":
        return _pattern(lines, shape, classes, repeats)
    if kind == "pytorch":
        return read_pytorch(lines, limits)
    return read_lines(lines, limits, printed=kind == "printed")


def _pattern(lines: tuple[str, ...], shape: Shape, classes: int, repeats: Mapping[str, int]) -> Said:
    """A pattern's layers, each said to stand where the pattern does."""
    text = "\n".join(lines)
    whole = Place(1, 1, len(lines), len(lines[-1]) + 1)
    try:
        layers = pattern_layers(text, shape, classes, repeats=repeats, channels=CHANNELS, hidden=HIDDEN)
    except ParseError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        end = min(column + 1, len(lines[line - 1]) + 1)
        raise Refused(Fault(Place(line, column, line, end), error.message)) from None
    except ValueError:
        told = Sentence(
            "A pattern is read for pictures, (channels, height, width); here an example is {given}", given=str(shape)
        )
        raise Refused(Fault(whole, told)) from None
    note = Sentence(
        "Taken where the pattern says nothing: CONV is 3×3 with a padding of 1 and {channels} maps, twice as many "
        "behind each POOL; POOL is a maximum of 2×2; FC has {hidden} units, the last one {classes}; what bears a ? "
        "is there; {letters}",
        channels=CHANNELS,
        hidden=HIDDEN,
        classes=classes,
        letters=", ".join(
            f"{letter} = {count}" for letter, count in repeats.items() if re.search(rf"\b{letter}\b", text)
        )
        or "–",
    )
    return Said(tuple(Piece((name,), whole, layer) for name, layer in layers), (note,))


def _measured(kind: Kind, text: str, lines: tuple[str, ...], said: Said, shape: Shape, limits: Limits) -> Reading:
    """The reading of pieces: measured one after the other, and written out where the text was no lines."""
    faults: list[Fault] = []
    count = _count(said.pieces)
    if not count:
        told = Sentence("There is no layer yet; for example {example}", example="Conv2d(1, 8, 3, padding=1)")
        faults.append(Fault(Place(1, 1, 1, 1), told))
    elif count > limits.layers:
        told = Sentence("There are {count} layers; at most {most} are built here", count=count, most=limits.layers)
        return Reading(kind, text, shape, (), (Fault(said.pieces[-1].place, told),), said.notes)
    measured = Measured(limits, lines)
    layers, _ = measured.row(said.pieces, start(shape))
    faults += measured.faults
    written = text if kind == "lines" or faults or layers is None else lines_of(layers)
    return Reading(
        kind,
        written,
        shape,
        tuple(measured.lines),
        tuple(faults),
        said.notes,
        None if faults else layers,
        measured.modules,
    )


def _count(pieces: tuple[Piece, ...]) -> int:
    return sum(1 + sum(_count(row) for _, row in piece.rows) for piece in pieces)


__all__ = ["CHANNELS", "HIDDEN", "PATTERN", "REPEATS", "kind_of", "read"]
