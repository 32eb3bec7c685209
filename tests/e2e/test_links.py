"""A copied link restores what was seen: every lesson, its settings, its typed numbers and where its cursor stood; and
Back leads to where the reader began."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.copying import copied, expect_to_open_as_seen, opened, stranger
from tests.e2e.moves import Walks, walks_of
from tests.e2e.seen import at_rest, difference
from ui import catalogue

__all__ = ["stranger"]

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

# A walk doesn't make more places than it makes moves.
MOST_BACK = 30
LESSONS: dict[str, Walks] = {entry.key: walks_of(entry).WALKS for entry in catalogue.LESSONS}
WALKS = [(key, name) for key, walks in LESSONS.items() for name in walks]


def expect_back_to_lead_to(before: list[str], page: Page, key: str) -> None:
    """However far a walk led, the lesson's own address shows what it showed when it was opened."""
    for _ in range(MOST_BACK):
        if "?" not in page.url:
            break
        page.go_back()
        at_rest(page)
    assert page.url.endswith(f"/{key}")
    assert not difference(before, page)


# The picture tells where it rests, and in the same moment a button of the whole page is pressed.
TELLS_AND_PRESSED = """() => {
  document.dispatchEvent(new CustomEvent("stepcnn-tell", { detail: [] }));
  document.querySelector(".st-key-frame-presenter button").click();
}"""
# One lesson for each way in which pictures tell.
TELLING = (
    *(
        ("softmax", "slopes"),
        ("cross-entropy-quadratic", "dragged"),
        ("vanishing", "spectrum"),
        ("convolution", "linear"),
    ),
    *(("forward-backward", "weights"), ("activations", "compare"), ("feature-maps", "shapes")),
)


@pytest.mark.parametrize(("key", "name"), TELLING)
def test_a_button_of_the_page_that_is_pressed_while_a_picture_tells_is_not_dead(
    page: Page, key: str, name: str
) -> None:
    opened(page, key)
    for move in LESSONS[key][name]:
        move(page)
    page.evaluate(TELLS_AND_PRESSED)
    expect(page.get_by_role("button", name="Leave lecture view")).to_have_count(1)
    expect(page.get_by_role("button", name="Lecture view", exact=True)).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize(("key", "name"), WALKS)
def test_a_link_that_is_copied_at_once_opens_what_was_seen_and_back_leads_to_the_beginning(
    page: Page, stranger: Page, key: str, name: str
) -> None:
    before = opened(page, key)
    for move in LESSONS[key][name]:
        move(page)
    address = copied(page)
    assert at_rest(page) != before, "the walk leads nowhere"
    expect_to_open_as_seen(page, stranger, address)
    expect_back_to_lead_to(before, page, key)
