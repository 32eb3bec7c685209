"""On a phone the arithmetic stays at the foot of the screen while its picture is looked at, and never hides what it
explains; what walks stands beside the words that it changes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.visits import go_to
from tests.e2e.waiting import still
from ui import catalogue

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

# Their arithmetic stands under its picture.
STANDING = {"gradient-check", "receptive-field", "feature-maps"}
# Of the picture above the arithmetic, in px: a line of words and a few cells.
LEAST = 100
_PLACES = """() => {
  const root = [...document.querySelectorAll("*")].map((one) => one.shadowRoot?.querySelector(".board")).find(Boolean);
  const shelf = root?.querySelector(".shelf"), picture = root?.querySelector(".pictures, .picture, .graph-room");
  if (!shelf || !picture || !shelf.offsetHeight) return null;
  const over = shelf.getBoundingClientRect(), under = picture.getBoundingClientRect();
  return {
    stays: getComputedStyle(shelf).position === "sticky",
    top: over.top, bottom: over.bottom, from: under.top, to: under.bottom,
  };
}"""
_FRAMES = """() => new Promise((done) => {
  let left = 4;
  const frame = () => (left-- ? requestAnimationFrame(frame) : done());
  frame();
})"""
_SCROLL = "(y) => { document.querySelector('[data-testid=stMain]').scrollTop = y; }"


@pytest.mark.parametrize("key", [entry.key for entry in catalogue.LESSONS])
def test_the_arithmetic_stays_beside_its_picture_and_hides_none_of_its_beginning(page: Page, key: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    go_to(page, f"/{key}")
    expect(page.locator(".board[data-drawn], .board .say h2").first).to_be_visible()
    still(page)
    first = page.evaluate(_PLACES)
    if not first:
        pytest.skip("no shelf on its first view")
    stayed = False
    for y in range(0, int(first["to"]) + 1, 60):
        page.evaluate(_SCROLL, y)
        # An observer tells with the frame after the next.
        page.evaluate(_FRAMES)
        now = page.evaluate(_PLACES)
        if now["top"] < min(now["to"], 844) - 1:
            assert now["top"] - max(now["from"], 0) >= LEAST or now["to"] < LEAST + now["bottom"] - now["top"], (y, now)
        if now["stays"] and now["to"] > 844 + 1:
            stayed = True
            assert now["bottom"] == pytest.approx(844, abs=2), (y, now)
    assert stayed or key in STANDING or first["to"] - first["from"] < 500, "nowhere beside its picture"


WALKING = ("batch-norm", "convolution-backward", "cross-entropy-quadratic", "forward-backward", "vanishing")


@pytest.mark.parametrize("key", WALKING)
def test_what_walks_stands_on_one_screen_with_the_words_that_it_changes(page: Page, key: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    go_to(page, f"/{key}")
    expect(page.locator(".say h2").first).to_be_visible()
    still(page)
    places = [page.locator(name).first.bounding_box() for name in (".say h2", ".say p", ".controls")]
    top, bottom = min(box["y"] for box in places if box), max(box["y"] + box["height"] for box in places if box)
    # Less than what a browser's own bars leave of such a screen.
    assert all(places)
    assert bottom - top < 500, places
