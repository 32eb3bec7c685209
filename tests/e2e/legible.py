"""How large the type of a page is: nothing too small to be read, on a desk, on a phone, from the last row of a hall."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, TimeoutError

from tests.e2e.scripts import script
from tests.e2e.waiting import still

_SCRIPT = script("elements.js", "legible.js")
_CROWDING = script("crowding.js")
_FITTING = script("fitting.js")


def expect_legible(page: Page, least: int, where: object) -> None:
    """Once the page has laid itself out: no word is smaller than so many pixels, no number reaches its cell's rim."""
    still(page)
    _expect_none(page, _SCRIPT, f"window.legible.faults({least})", where)


def expect_readable(page: Page, least: int, where: object) -> None:
    """The same, and no words stand over others, and no box cuts what it holds."""
    still(page)
    page.evaluate(_SCRIPT)
    _expect_none(page, _CROWDING, f"[...window.legible.faults({least}), ...window.crowding.faults()]", where)


def expect_fitting(page: Page, where: object) -> None:
    """On a desk a picture and its shelf are seen at once; on a phone one slides downwards only."""
    _expect_none(page, _FITTING, "window.fitting.faults()", where)


def _expect_none(page: Page, script: str, faults: str, where: object) -> None:
    page.evaluate(script)
    try:
        page.wait_for_function(f"() => !({faults}).length", timeout=5_000)
    except TimeoutError:
        pytest.fail(f"{where}:\n" + "\n".join(page.evaluate(faults)))
