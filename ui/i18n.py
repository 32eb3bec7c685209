"""Two languages: labels by gettext, prose by one Markdown file per lesson and language, in the lesson's own room.

``_("Copy link")`` gives a label in the reader's language, ``_p("weights", "zeros")`` one whose word means something
else elsewhere, ``_n("{n} step", "{n} steps", n)`` one that counts; ``prose("forward-backward")`` a lesson's named
blocks. How these stand in its Markdown file, ui/prose.py says; how labels stand in theirs, ui/translations.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from ui import catalogue, state
from ui.prose import Block, Language
from ui.prose import blocks as read_blocks
from ui.translations import labels

NAMES: dict[Language, str] = {"en": "English", "zh": "简体中文"}

GAP = re.compile(r"\{\{\s*(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\s*\}\}")


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
    return labels(language()).gettext(message)


def _p(context: str, message: str) -> str:
    """A label whose word means something else in another place; the context says in which sense it is meant."""
    return labels(language()).pgettext(context, message)


def _n(one: str, many: str, n: int) -> str:
    """A label for this many things; the number itself is put into its gap by whoever asks, as everywhere."""
    return labels(language()).ngettext(one, many, n)


def joined(*sentences: str) -> str:
    """Sentences in a row, those that say nothing left out; after a full stop, Chinese leaves no space."""
    return ("" if language() == "zh" else " ").join(filter(None, sentences))


def prose(key: str) -> dict[str, str]:
    """Markdown of every named block of a lesson, headings included, in the reader's language."""
    return {name: block.markdown for name, block in blocks(key, language()).items()}


@cache
def blocks(key: str, to: Language) -> dict[str, Block]:
    """The named blocks of ``pages/<part>/<lesson>/<language>.md``, in order."""
    room = catalogue.HOME_ROOM if key == "home" else catalogue.lesson(key).room
    return read_blocks(room / f"{to}.md")


def fill(text: str, values: dict[str, object]) -> str:
    """Put a lesson's numbers into ``{{name}}`` gaps, and the word for so many into ``{{name|step|steps}}``.

    LaTeX's single braces are left alone. The browser's gaps are the same with single braces (shared/dom.js).

    Raises:
        KeyError: for a gap without a value.
    """

    def put(gap: re.Match[str]) -> str:
        value, (one, many) = str(values[gap[1]]), gap.groups()[1:]
        return value if one is None else one if value == "1" else many

    return GAP.sub(put, text)
