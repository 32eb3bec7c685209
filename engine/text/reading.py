"""What comes of reading a text: values, never an exception. A line has its layer or its fault, a fault its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.analysis.receptive_field import Field
from engine.sentence import Sentence
from engine.trace import Layers
from engine.types import Layer, Shape

Kind = Literal["lines", "pattern", "printed", "pytorch"]
"""How a network was said: a layer a line, a pattern, what ``print(model)`` shows, or PyTorch source."""


@dataclass(frozen=True)
class Place:
    """A stretch of a text, from (line, column) up to (last, end); lines and columns count from 1, ``end`` is behind."""

    line: int
    column: int
    last: int
    end: int


@dataclass(frozen=True)
class Fix:
    """Other words for the lines ``line`` … ``last`` of the text that was read; an empty text takes them away."""

    line: int
    last: int
    text: str

    def applied(self, text: str) -> str:
        """The whole text with the fix in it."""
        lines = rows_of(text)
        put = [self.text] if self.text else []
        return "\n".join([*lines[: self.line - 1], *put, *lines[self.last :]])


@dataclass(frozen=True)
class Fault:
    """What is wrong, where, and what would work: the fix of the line itself first, then that of its cause."""

    place: Place
    sentence: Sentence
    fixes: tuple[Fix, ...] = ()


class Refused(Exception):
    """Carries a fault, and the layer that was meant if one knows it, to the reading that tells of them.

    It never leaves the chapter.
    """

    def __init__(self, fault: Fault, meant: Layer | None = None) -> None:
        super().__init__(str(fault.sentence))
        self.fault, self.meant = fault, meant


@dataclass(frozen=True)
class Line:
    """One layer of the network, as a line that says it, and what it makes of one example.

    Inside a block ``depth`` counts the blocks around it. ``as_if`` says that an earlier line, or this one, is counted
    as if it were mended. What can't be known is None.
    """

    place: Place
    text: str
    depth: int
    name: str
    layer: Layer | None
    fault: Fault | None = None
    output: Shape | None = None
    parameters: int | None = None
    multiply_adds: int | None = None
    field: Field | None = None
    as_if: bool = False


@dataclass(frozen=True)
class Reading:
    """A text as a network: its lines in order, everything that is wrong, and ``layers`` where nothing is.

    ``text`` is the network as lines, which read back to the same layers; where it was lines already, or something is
    wrong, it is what was given.
    ``modules`` are the layers' names and what a pasted source's own state dict calls them: {"conv1": "features.0"}.
    ``notes`` say what was taken to be meant where the text leaves something open.
    """

    kind: Kind
    text: str
    input_shape: Shape
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Sentence, ...] = ()
    layers: Layers | None = None
    modules: Mapping[str, str] = field(default_factory=dict)


def rows_of(text: str) -> list[str]:
    """A text's lines, as Python counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
