"""Two languages: labels by gettext, prose by one Markdown file per lesson and language, in the lesson's own room.

``_("Copy link")`` gives a label in the reader's language; ``prose("forward-backward")`` a lesson's named
blocks. In a Markdown file each block starts with a line ``## [block-name] Visible heading``.
"""

from __future__ import annotations

import gettext
import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from ui import state

Language = Literal["en", "zh"]

ROOT = Path(__file__).parent.parent
ASSETS = ROOT / "assets"
NAMES: dict[Language, str] = {"en": "English", "zh": "简体中文"}
DOMAIN = "stepcnn"

_BLOCK = re.compile(r"^## \[([a-z0-9-]+)\][ \t]*(.*)$", re.MULTILINE)
# Markdown makes a space of a line's end; between two Chinese characters none belongs there.
_CHINESE_BREAK = re.compile(r"([\u3000-\u9fff\uff00-\uffef”])\n *(?=[\u3000-\u9fff\uff00-\uffef“])")
GAP = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class Block(NamedTuple):
    """A named piece of a lesson's prose."""

    heading: str
    body: str

    @property
    def markdown(self) -> str:
        return f"#### {self.heading}\n\n{self.body}" if self.heading else self.body


class ProseError(ValueError):
    """A prose file that isn't there, has a block twice, or text before its first block."""


def language() -> Language:
    """The reader's language."""
    try:
        return "zh" if state.get("lang") == "zh" else "en"
    except KeyError:
        return "en"


def set_language(to: Language) -> None:
    state.set("lang", to)


def _(message: str) -> str:
    """A label in the reader's language."""
    return translations(language()).gettext(message)


@cache
def translations(to: Language) -> gettext.NullTranslations:
    """The compiled catalogue of a language; English is written in the code itself."""
    return gettext.translation(DOMAIN, ASSETS / "locale", languages=[to], fallback=to == "en")


def prose(key: str) -> dict[str, str]:
    """Markdown of every named block of a lesson, headings included, in the reader's language."""
    return {name: block.markdown for name, block in blocks(key, language()).items()}


@cache
def blocks(key: str, to: Language) -> dict[str, Block]:
    """The named blocks of ``pages/<part>/<lesson>/<language>.md``, in order.

    Raises:
        ProseError: for a missing file, a name used twice, or text that no block holds.
    """
    path = source(key, to)
    if not path.is_file():
        raise ProseError(f"There is no {NAMES[to]} text for {key!r}: {path.name} is missing in {path.parent.name}/.")
    return parse(path.read_text(encoding="utf-8"), path.name)


def source(key: str, to: Language) -> Path:
    """The file with a lesson's prose, in its room."""
    room = next(ROOT.glob(f"pages/*/{key.replace('-', '_')}/"), None)
    return room / f"{to}.md" if room else ASSETS / "text" / to / f"{key}.md"


def parse(text: str, source: str) -> dict[str, Block]:
    """Split a prose file into its named blocks."""
    before, *pieces = _BLOCK.split(text)
    if before.strip():
        raise ProseError(f"{source}: text before the first `## [block-name] Heading` line would never be shown.")
    found: dict[str, Block] = {}
    for name, heading, body in zip(pieces[0::3], pieces[1::3], pieces[2::3], strict=True):
        if name in found:
            raise ProseError(f"{source}: the block [{name}] stands there twice.")
        found[name] = Block(heading.strip(), _CHINESE_BREAK.sub(r"\1", body.strip()))
    return found


def fill(text: str, values: dict[str, object]) -> str:
    """Put a lesson's numbers into ``{{name}}`` gaps; LaTeX's single braces are left alone.

    Raises:
        KeyError: for a gap without a value.
    """
    return GAP.sub(lambda gap: str(values[gap.group(1)]), text)
