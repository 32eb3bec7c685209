"""Worked examples: each shows what its link shows, also when it is chosen again after the picture was used."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.e2e.copying import copied, expect_to_open_as_seen, opened, stranger
from tests.e2e.seen import at_rest, difference
from tests.e2e.waiting import answered
from ui import catalogue

__all__ = ["stranger"]

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

EXEMPLARY = [one.key for one in catalogue.LESSONS if "examples(EXAMPLES" in (one.room / "page.py").read_text()]
_WRITTEN = """(address) => {
  const said = (search) => JSON.stringify([...new URLSearchParams(search)].sort());
  return said(location.search) === said(new URL(address).search);
}"""


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("key", EXEMPLARY)
def test_a_worked_example_shows_what_its_link_shows_also_when_it_is_chosen_again(
    page: Page, stranger: Page, key: str
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
