"""How far a page's elements reach: nothing may stand beyond the screen, be cut off, or lie under something else.

Typefaces differ from machine to machine. ``widen`` makes any of them run wider, so that a page which just fits here
doesn't pass for one that fits.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, TimeoutError

from tests.e2e.scripts import script
from tests.e2e.waiting import still

_SCRIPT = script("elements.js", "reach.js")
# An average letter is half an em wide: 12 % more, which is what DejaVu Sans runs wider than Noto Sans.
_WIDER = "*, *::before, *::after { letter-spacing: 0.06em !important; }"


def widen(page: Page, wider: bool = True) -> None:
    """Let every typeface of the page and of its components run wider; to be said again when new components came."""
    page.evaluate(_SCRIPT)
    page.evaluate("(css) => window.reach.widen(css)", _WIDER if wider else "")


def expect_whole(page: Page, where: object) -> None:
    """Everything is seen whole as soon as the page has laid itself out; else each element that isn't, by its name."""
    still(page)
    try:
        page.wait_for_function("!window.reach.faults().length")
    except TimeoutError:
        pytest.fail(f"{where}:\n" + "\n".join(page.evaluate("window.reach.faults()")))
