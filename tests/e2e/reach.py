"""How far a page's elements reach: nothing may stand beyond the screen, be cut off, or lie under something else.

Typefaces differ from machine to machine. ``widen`` makes any of them run wider, so that a page which just fits here
doesn't pass for one that fits.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

_SCRIPT = f"() => {{ {Path(__file__).with_name('reach.js').read_text()} }}"
# An average letter is half an em wide: 12 % more, which is what DejaVu Sans runs wider than Noto Sans.
_WIDER = "*, *::before, *::after { letter-spacing: 0.06em !important; }"


def widen(page: Page, wider: bool = True) -> None:
    """Let every typeface of the page and of its components run wider; to be said again when new components came."""
    page.evaluate(_SCRIPT)
    page.evaluate("(css) => window.reach.widen(css)", _WIDER if wider else "")


def faults(page: Page) -> list[str]:
    """Each element that isn't seen whole, by its name."""
    page.evaluate(_SCRIPT)
    return list(page.evaluate("window.reach.faults()"))
