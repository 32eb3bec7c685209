"""The same page where colours are the reader's own, on paper, and inside another page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.moves import cell
from tests.e2e.test_frame import opened
from tests.e2e.waiting import still

pytestmark = pytest.mark.browser

LESSONS = ("convolution", "softmax", "forward-backward", "vanishing", "receptive-field", "watch-it-train")
LOOKS = (
    "all => all.map(one => getComputedStyle(one)).map(({ backgroundColor, color }) => `${backgroundColor} ${color}`)"
)
HEIGHT = "one => one.querySelector('[data-drawn]').shadowRoot.querySelector('.board').offsetHeight"
END = "one => one.getBoundingClientRect().bottom"
BUTTONS = ".controls button, [data-testid=stButton] button, [data-testid=stDownloadButton] button"
BOARD = '[class*="-board"]:is([class*="st-key-"]):not([class*="st-key-script-"]):has([data-drawn])'


def test_in_forced_colours_numbers_keep_theirs_and_what_is_chosen_or_focused_is_seen(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    opened(page, "/convolution")
    page.locator(cell("X", "0,0")).wait_for()
    assert len(set(page.locator('[data-grid="X"] .cell').evaluate_all(LOOKS))) > 5
    (chosen,) = set(page.locator('.speeds [aria-pressed="true"]').evaluate_all(LOOKS))
    assert chosen not in page.locator('.speeds [aria-pressed="false"]').evaluate_all(LOOKS)
    page.locator('[data-grid="Y"] .cells').focus()
    page.keyboard.press("ArrowRight")
    for seen in (page.locator('[data-grid="Y"] .cells'), page.locator('[data-grid="X"] .frame:not([hidden])').first):
        width = seen.evaluate(
            "one => Math.max(...['outlineWidth', 'borderWidth'].map(name => parseFloat(getComputedStyle(one)[name])))"
        )
        assert width >= 2


@pytest.mark.parametrize("key", LESSONS)
def test_on_paper_the_picture_stands_whole_then_the_words_and_nothing_to_press(page: Page, key: str) -> None:
    opened(page, f"/{key}")
    picture, words = page.locator(BOARD).first, page.locator('[class*="st-key-section-text"]').first
    picture.wait_for()
    still(page)
    before = picture.evaluate(HEIGHT)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1440, "height": 650})  # a sheet isn't as high as the window
    assert picture.evaluate(HEIGHT) == pytest.approx(before, abs=1)
    assert picture.evaluate(END) <= words.evaluate("one => one.getBoundingClientRect().top") + 1
    for gone in ("[data-testid=stHeader]", ".st-key-frame-buttons", ".st-key-frame-next"):
        expect(page.locator(gone).first).to_be_hidden()
    for button in page.locator(BUTTONS).all():
        expect(button).to_be_hidden()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_inside_another_page_a_lesson_leads_nowhere(page: Page) -> None:
    opened(page, "/softmax?embed=true")
    page.locator(BOARD).first.wait_for()
    for way in ("[data-testid=stTopNavSection]", "[data-testid=stPageLink]", ".st-key-frame-next", ".sc-before"):
        expect(page.locator(way)).to_have_count(0)
    opened(page, "/softmax")
    expect(page.locator("[data-testid=stTopNavSection]").first).to_be_visible()
    expect(page.locator("[data-testid=stPageLink]").first).to_be_visible()
