"""The link of a page: copied with its button, and opened where nothing of the session is known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.moves import walks_of
from tests.e2e.seen import at_rest, difference
from tests.e2e.visits import go_to
from tests.tabs import EMPTY, WINDOW
from ui import catalogue


@pytest.fixture(scope="module")
def stranger(browser: Browser, app_url: str) -> Iterator[Page]:
    """A tab in which nothing is kept of what was done, but for Streamlit's own files."""
    context = browser.new_context(base_url=app_url, viewport=WINDOW, locale="en-US")
    context.add_init_script("localStorage.clear(); sessionStorage.clear()")
    context.new_page().goto(EMPTY)  # keeps the tab's process, and in it Streamlit's script compiled
    yield context.new_page()
    context.close()


def opened(page: Page, key: str) -> list[str]:
    """What a lesson shows as it opens."""
    go_to(page, f"/{key}")
    page.locator(walks_of(catalogue.lesson(key)).MEASURED.hover).first.wait_for()
    return at_rest(page)


# The button gives what the address bar says when the server doesn't answer; here it does.
_COPIED = """async (patience) => {
  const until = performance.now() + patience;
  for (let text = ""; performance.now() < until; await new Promise(requestAnimationFrame)) {
    if ((text = await navigator.clipboard.readText())) return text;
  }
  throw new Error("the server wasn't heard when it was asked for the link");
}"""
ANSWERED_MS = 9_000  # less than its own patience, which doesn't grow with the throttling


def copied(page: Page) -> str:
    """The link that "Copy link" puts into the clipboard."""
    page.evaluate("navigator.clipboard.writeText('')")
    page.locator(".st-key-frame-buttons button").last.click()
    return str(page.evaluate(_COPIED, ANSWERED_MS))


def expect_to_open_as_seen(page: Page, stranger: Page, address: str) -> None:
    """The link, opened where nothing of this session is known, shows what this page shows."""
    wanted = at_rest(page)
    stranger.goto(address)
    found = difference(wanted, stranger)
    stranger.goto(EMPTY)
    assert not found, f"{address}\n{found}"
