"""A copied link restores what was seen: every lesson, its settings, its typed numbers and where its cursor stood."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import WINDOW
from tests.e2e.links import LESSONS
from tests.e2e.seen import at_rest, difference
from ui import catalogue

pytestmark = pytest.mark.browser

WALKS = [(key, name) for key, walks in LESSONS.items() for name in walks]


@pytest.fixture(scope="module")
def stranger(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which nothing is kept of what was done, but for Streamlit's own files."""
    context = browser.new_context(viewport=WINDOW, locale="en-US")
    context.add_init_script("localStorage.clear()")
    yield context
    context.close()


def copied(page: Page) -> str:
    """The link that "Copy link" puts into the clipboard."""
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


def expect_to_open_as_seen(page: Page, stranger: BrowserContext, address: str) -> None:
    """The link, opened where nothing of this session is known, shows what this page shows."""
    wanted, fresh = at_rest(page), stranger.new_page()
    fresh.goto(address)
    found = difference(wanted, fresh)
    fresh.close()
    assert not found, f"{address}\n{found}"


def test_every_lesson_is_walked() -> None:
    assert set(LESSONS) == {lesson.key for lesson in catalogue.LESSONS}


@pytest.mark.parametrize(("key", "name"), WALKS)
def test_a_link_that_is_copied_at_once_opens_what_was_seen(
    page: Page, stranger: BrowserContext, key: str, name: str
) -> None:
    page.goto(f"/{key}")
    before = at_rest(page)
    for move in LESSONS[key][name]:
        move(page)
    address = copied(page)
    assert at_rest(page) != before, "the walk leads nowhere"
    expect_to_open_as_seen(page, stranger, address)
