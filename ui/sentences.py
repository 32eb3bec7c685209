"""The engine's refusals in the reader's language."""

from __future__ import annotations

import re

from engine.autograd.tape import TROUBLES
from engine.sentence import Sentence
from ui.i18n import _


def said(sentence: Sentence) -> str:
    """A sentence in the reader's language, with the values in its gaps."""
    return _(sentence.template).format(**{name: _shown(value) for name, value in sentence.values.items()})


def _shown(value: object) -> object:
    if isinstance(value, Sentence):
        return said(value)
    if isinstance(value, str) and re.fullmatch(r"-?[\d.e+-]+", value):
        return value.replace("-", "−")
    return value


def troubles() -> dict[str, str]:
    """Why a formula has no value, by the names of the browser's tape; {0}, {1} are its numbers in their order."""
    return {name: _numbered(sentence.template) for name, sentence in TROUBLES.items()}


def _numbered(template: str) -> str:
    gaps = re.findall(r"{(\w+)}", template)
    return _(template).format(**{gap: f"{{{at}}}" for at, gap in enumerate(gaps)})
