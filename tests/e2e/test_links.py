"""A copied link restores what was seen: every lesson, its settings, its typed numbers and where its cursor stood."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.lessons import LESSONS as DRAWN
from tests.e2e.conftest import ROOT, WINDOW
from tests.e2e.links import LESSONS
from tests.e2e.seen import at_rest, difference
from tests.e2e.waiting import answered
from ui import catalogue

pytestmark = pytest.mark.browser

EXEMPLARY = [one.key for one in catalogue.LESSONS if "worked_examples(" in (ROOT / one.path).read_text()]
WALKS = [(key, name) for key, walks in LESSONS.items() for name in walks]


@pytest.fixture(scope="module")
def stranger(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which nothing is kept of what was done, but for Streamlit's own files."""
    context = browser.new_context(viewport=WINDOW, locale="en-US")
    context.add_init_script("localStorage.clear()")
    yield context
    context.close()


def opened(page: Page, key: str) -> list[str]:
    """What a lesson shows as it opens."""
    page.goto(f"/{key}")
    page.locator(DRAWN[key].hover).first.wait_for()
    return at_rest(page)


# The button gives what the address bar says when the server doesn't answer; here it does.
_COPIED = """async (patience) => {
  const until = performance.now() + patience;
  for (let text = ""; performance.now() < until; await new Promise(requestAnimationFrame)) {
    if ((text = await navigator.clipboard.readText())) return text;
  }
  throw new Error("the server wasn't heard when it was asked for the link");
}"""
ANSWERED_MS = 9_000


_WRITTEN = """(address) => {
  const said = (search) => JSON.stringify([...new URLSearchParams(search)].sort());
  return said(location.search) === said(new URL(address).search);
}"""


def copied(page: Page) -> str:
    """The link that "Copy link" puts into the clipboard."""
    page.evaluate("navigator.clipboard.writeText('')")
    page.locator(".st-key-frame-buttons button").last.click()
    return str(page.evaluate(_COPIED, ANSWERED_MS))


def expect_to_open_as_seen(page: Page, stranger: BrowserContext, address: str) -> None:
    """The link, opened where nothing of this session is known, shows what this page shows."""
    wanted, fresh = at_rest(page), stranger.new_page()
    fresh.goto(address)
    found = difference(wanted, fresh)
    fresh.close()
    assert not found, f"{address}\n{found}"


def test_every_lesson_is_walked() -> None:
    assert set(LESSONS) == {lesson.key for lesson in catalogue.LESSONS}


@pytest.mark.slow
@pytest.mark.parametrize(("key", "name"), WALKS)
def test_a_link_that_is_copied_at_once_opens_what_was_seen(
    page: Page, stranger: BrowserContext, key: str, name: str
) -> None:
    before = opened(page, key)
    for move in LESSONS[key][name]:
        move(page)
    address = copied(page)
    assert at_rest(page) != before, "the walk leads nowhere"
    expect_to_open_as_seen(page, stranger, address)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("key", EXEMPLARY)
def test_a_worked_example_shows_what_its_link_shows_also_when_it_is_chosen_again(
    page: Page, stranger: BrowserContext, key: str
) -> None:
    opened(page, key)
    count = _chosen(page, 0)
    for number in range(count):
        _chosen(page, number)
        address = copied(page)
        # The address is written after the picture, which may be drawn after the link was answered.
        page.wait_for_function(_WRITTEN, arg=address)
        shown = at_rest(page)
        page.locator(".grid.result .cells").last.focus()
        for name in ("ArrowUp", "ArrowRight", "Enter"):
            page.keyboard.press(name)
        assert at_rest(page) != shown
        _chosen(page, number)
        assert not difference(shown, page), f"example {number}, chosen again, doesn't move the picture back"
        # That a link restores every control is tried with each of them by itself; here with the first and the last.
        if number in (0, count - 1):
            expect_to_open_as_seen(page, stranger, address)


def _chosen(page: Page, number: int) -> int:
    """Choose a worked example; how many there are."""
    opener, examples = page.get_by_role("button", name="Worked examples"), page.locator(".st-key-examples button")
    if opener.get_attribute("aria-expanded") == "false":
        with answered(page):
            opener.click()
    with answered(page):
        examples.nth(number).click()
    return examples.count()
