"""Type that can be read in every view and scene: of 12 pixels or more on a desk and on a phone, of 18 in a hall. No
words stand over others, and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.legible import expect_fitting, expect_legible, expect_readable
from tests.e2e.scripts import script
from tests.e2e.views import states
from tests.e2e.visits import FRAME, go_to
from tests.e2e.waiting import answered, still
from tests.tabs import WINDOW, Tabs, Watch
from ui import catalogue
from ui.figures import theme

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

DESKS = ((1440, 900), (390, 844))
HALLS = ((1440, 900), (1024, 768), (1920, 1080), (1280, 720))
# Where a picture and its arithmetic are seen at once; in a small one the page scrolls.
LARGE = (1920, 1080)
# What has most to say in the room of one picture.
CROWDED = ("/weight-initialization?depth=20&present=1",)
PAINTED = script("painted.js")
ADDRESSES = ["/", *(f"/{entry.key}" for entry in catalogue.LESSONS)]


def opened(page: Page, address: str) -> None:
    if not page.locator(FRAME).count():
        go_to(page, "/")
    # What is painted is heard of from before it is painted.
    page.evaluate(PAINTED)
    go_to(page, address)
    if address != "/":
        expect(page.locator(".board > *").first).to_be_visible()


@pytest.fixture(scope="module", params=ADDRESSES)
def visited(request: pytest.FixtureRequest, tabs: Tabs, app_url: str) -> Iterator[Page]:
    """Every page in turn, opened once: first it is looked at on a desk and on a phone, then in a hall."""
    with tabs.lent(Watch(app_url), visit=__file__) as tab:
        opened(tab, request.param)
        yield tab


def test_no_type_is_too_small_and_no_number_touches_its_cell_and_a_picture_fits_on_its_screen(visited: Page) -> None:
    for state in states(visited):
        for width, height in DESKS:
            visited.set_viewport_size({"width": width, "height": height})
            expect_readable(visited, theme.FINEST_PIXELS, (state, width))
            expect_fitting(visited, (state, width))
        visited.set_viewport_size(WINDOW)


def test_in_a_hall_all_type_is_read_from_the_last_row_and_no_words_stand_over_others(visited: Page) -> None:
    with answered(visited):
        visited.get_by_role("button", name="Lecture view", exact=True).click()
    for number, state in enumerate(states(visited)):
        if not number:
            visited.set_viewport_size({"width": LARGE[0], "height": LARGE[1]})
            expect_fitting(visited, (state, "a large hall"))
        # The view that stands there in all halls, the others in the last two, each from where the one before it ended:
        # a page that is made larger or smaller is drawn anew.
        expect_readable_in((HALLS[:1:-1] if number % 2 else HALLS[2:]) if number else HALLS, visited, state)
    visited.set_viewport_size(WINDOW)


def expect_readable_in(halls: Sequence[tuple[int, int]], page: Page, state: str) -> None:
    for width, height in halls:
        page.set_viewport_size({"width": width, "height": height})
        expect_readable(page, theme.PRESENTER_FINEST_PIXELS, (state, width))


@pytest.mark.parametrize("address", CROWDED)
def test_where_a_picture_has_most_to_say_no_words_stand_over_others(page: Page, address: str) -> None:
    opened(page, address)
    expect_readable_in(HALLS, page, address)


# Much stands above their pictures that comes later than the frame, or with them.
@pytest.mark.parametrize("address", ["/forward-backward?present=1", "/activations?present=1"])
def test_a_picture_that_opens_in_a_hall_takes_what_the_window_leaves_below_all_that_stands_above_it(
    page: Page, address: str
) -> None:
    page.set_viewport_size({"width": LARGE[0], "height": LARGE[1]})
    opened(page, address)
    still(page)
    expect_fitting(page, address)


def test_in_a_large_hall_the_cells_of_a_convolution_are_large_enough_for_their_numbers(page: Page) -> None:
    page.set_viewport_size({"width": LARGE[0], "height": LARGE[1]})
    opened(page, "/convolution?present=1")
    still(page)
    expect(page.locator(".board .cells")).to_have_count(3)
    expect(page.locator(".board .cells.numberless")).to_have_count(0)


@pytest.mark.parametrize(("hall", "least"), [("", theme.FINEST_PIXELS), ("&present=1", theme.PRESENTER_FINEST_PIXELS)])
@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_painted_where_a_digit_is_chosen_can_be_read(page: Page, hall: str, least: int, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    opened(page, f"/forward-backward?{hall}")
    page.locator(".st-key-picture-input").get_by_test_id("stPopover").get_by_role("button").click()
    chooser = page.locator(".st-key-picture-chooser")
    chooser.get_by_text("From the data set", exact=True).click()
    page.locator(".sheet [data-filter=misread]").click()
    expect_painted(page, ".sheet canvas", least, hall)
    chooser.get_by_text("Draw", exact=True).click()
    expect_painted(page, ".seen", least, hall)


def expect_painted(page: Page, canvas: str, least: int, where: str) -> None:
    """Words stand on a canvas, and large enough."""
    page.wait_for_function("(node) => node.painted", arg=page.locator(canvas).element_handle())
    expect_legible(page, least, where)


def test_a_lens_shows_the_numbers_that_their_cells_have_no_room_for(page: Page) -> None:
    opened(page, "/convolution?view=sparse")
    lens = page.locator(".lens")
    expect(lens.locator(".lens-cell").first).to_be_visible()
    small = page.locator(".cells.numberless .cell")
    for place in (18, 20):
        small.nth(place).hover()
        expect(lens.locator(".lens-cell.meant")).to_have_text(small.nth(place).text_content() or "")
