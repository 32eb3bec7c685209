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
    page.evaluate(_SCRIPT)
    try:
        page.wait_for_function("(least) => !window.legible.faults(least).length", arg=least, timeout=5_000)
    except TimeoutError:
        pytest.fail(f"{where}:\n" + "\n".join(page.evaluate("(least) => window.legible.faults(least)", least)))


def expect_uncrowded(page: Page, where: object) -> None:
    """Once the page has laid itself out: no words stand over others, and no box cuts what it holds."""
    still(page)
    page.evaluate(_CROWDING)
    try:
        page.wait_for_function("() => !window.crowding.faults().length", timeout=5_000)
    except TimeoutError:
        pytest.fail(f"{where}:\n" + "\n".join(page.evaluate("() => window.crowding.faults()")))


def expect_fitting(page: Page, where: object) -> None:
    """On a desk a picture and its shelf are seen at once; on a phone one slides downwards only."""
    page.evaluate(_FITTING)
    try:
        page.wait_for_function("() => !window.fitting.faults().length", timeout=5_000)
    except TimeoutError:
        pytest.fail(f"{where}:\n" + "\n".join(page.evaluate("() => window.fitting.faults()")))
