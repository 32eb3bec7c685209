"""Pages that are opened one after the other in one visit, as by a person who goes from lesson to lesson."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.waiting import answered, settled

FRAME = ".st-key-frame-buttons"
# What a link inside the app does: the page stays, and with it the connection; only what it shows is another.
_FOLLOW = """(to) => { history.pushState({}, "", to); dispatchEvent(new PopStateEvent("popstate")); }"""


def go_to(page: Page, address: str) -> None:
    """Open a page of the app; where the app is open already, by way of the map, which leaves nothing of the last page.

    To load everything anew costs three times as much.
    """
    if not page.locator(FRAME).count():
        page.goto(address)
        expect(page.locator(FRAME)).to_be_visible()
        return settled(page)
    for to in dict.fromkeys(("/", address)):
        with answered(page):
            page.evaluate(_FOLLOW, to)
