"""Two languages: labels by gettext, prose by one Markdown file per lesson and language, in the lesson's own room.

``_("Copy link")`` gives a label in the reader's language; ``prose("forward-backward")`` a lesson's named
blocks; how they stand in its Markdown file, ui/prose.py says.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from ui import catalogue, state
from ui.prose import Block, Language
from ui.prose import blocks as read_blocks

LOCALE = Path(__file__).parent.parent / "assets" / "locale"
NAMES: dict[Language, str] = {"en": "English", "zh": "简体中文"}
DOMAIN = "stepcnn"

GAP = re.compile(r"\{\{\s*(\w+)\s*\}\}")


_SPOKEN: ContextVar[Language | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(to: Language) -> Iterator[None]:
    """Within it, every label and text is in this language, whatever the reader's is."""
    token = _SPOKEN.set(to)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def language() -> Language:
    """The reader's language."""
    if (spoken := _SPOKEN.get()) is not None:
        return spoken
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
    return gettext.translation(DOMAIN, LOCALE, languages=[to], fallback=to == "en")


def prose(key: str) -> dict[str, str]:
    """Markdown of every named block of a lesson, headings included, in the reader's language."""
    return {name: block.markdown for name, block in blocks(key, language()).items()}


@cache
def blocks(key: str, to: Language) -> dict[str, Block]:
    """The named blocks of ``pages/<part>/<lesson>/<language>.md``, in order."""
    room = catalogue.HOME_ROOM if key == "home" else catalogue.lesson(key).room
    return read_blocks(room / f"{to}.md")


def fill(text: str, values: dict[str, object]) -> str:
    """Put a lesson's numbers into ``{{name}}`` gaps; LaTeX's single braces are left alone.

    Raises:
        KeyError: for a gap without a value.
    """
    return GAP.sub(lambda gap: str(values[gap.group(1)]), text)
