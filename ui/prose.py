"""A lesson's prose as it stands in a Markdown file: a head of ``name: value`` lines, then named blocks.

title: Pooling
goal: Let each window keep one number, …
builds on: convolution

## [why] Visible heading

Text of the block "why".
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, NamedTuple

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_HEAD = re.compile(r"(?P<name>title|goal|builds on): (?P<value>.+)")
_BLOCK = re.compile(r"^## \[([a-z0-9-]+)\][ \t]*(.*)$", re.MULTILINE)
# Markdown makes a space of a line's end; between two Chinese characters none belongs there, nor after a Chinese mark
# before a word or a number that begins no list.
_CHINESE_BREAK = re.compile(
    r"([\u3000-\u9fff\uff00-\uffef”])\n *(?=[\u3000-\u9fff\uff00-\uffef“])"
    r"|([。？！；，：、）])\n *(?=\{\{|[A-Za-z]|\d(?!\d*\. ))"
)


class Block(NamedTuple):
    """A named piece of a lesson's prose."""

    heading: str
    body: str

    @property
    def markdown(self) -> str:
        return f"## {self.heading}\n\n{self.body}" if self.heading else self.body


class ProseError(ValueError):
    """A prose file that isn't there, lacks its head, has a block twice, or text before its first block."""


def head(path: Path) -> dict[str, str]:
    """What the file says of its lesson before its first block: "title", "goal" and, if it builds on any, "builds on".

    Raises:
        ProseError: for a missing file, or one without title or goal.
    """
    found = dict(_head(_read(path)))
    missing = [name for name in ("title", "goal") if name not in found]
    if missing:
        raise ProseError(
            f"{path.name} in {path.parent.name}/ has no {' and no '.join(missing)} before its first block."
        )
    return found


def blocks(path: Path) -> dict[str, Block]:
    """The named blocks of a file, in order.

    Raises:
        ProseError: for a missing file, a name used twice, or text that no block holds.
    """
    return parse(_read(path), path.name)


def parse(text: str, source: str) -> dict[str, Block]:
    """Split a prose file's text into its named blocks."""
    before, *pieces = _BLOCK.split(text)
    if any(not _HEAD.fullmatch(line) for line in before.splitlines() if line.strip()):
        raise ProseError(f"{source}: text before the first `## [block-name] Heading` line would never be shown.")
    found: dict[str, Block] = {}
    for name, heading, body in zip(pieces[0::3], pieces[1::3], pieces[2::3], strict=True):
        if name in found:
            raise ProseError(f"{source}: the block [{name}] stands there twice.")
        found[name] = Block(heading.strip(), _CHINESE_BREAK.sub(r"\1\2", body.strip()))
    return found


def _head(text: str) -> list[tuple[str, str]]:
    lines = _BLOCK.split(text, maxsplit=1)[0].splitlines()
    return [(match["name"], match["value"].strip()) for match in map(_HEAD.fullmatch, lines) if match]


def _read(path: Path) -> str:
    if not path.is_file():
        raise ProseError(f"There is no {path.name} in {path.parent.name}/.")
    return path.read_text(encoding="utf-8")
