"""Type that can be read in every view and scene: of 12 pixels or more on a desk and on a phone, of 18 in a hall, where
no words stand over others and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.legible import expect_legible, expect_uncrowded
from tests.e2e.waiting import answered, settled
from tests.tabs import Tabs, Watch
from ui import catalogue
from ui.figures import theme

pytestmark = pytest.mark.browser

DESKS = ((1440, 900), (390, 844))
HALLS = ((1280, 720), (1920, 1080), (1440, 900), (1024, 768))
VIEWS = "[class*='-view'] [data-testid=stButtonGroup] button"
SCENES = ".scenes .track .phase"
# What has most to say in the room of one picture.
CROWDED = ("/weight-initialization?depth=20&present=1",)
ADDRESSES = ["/", *(f"/{entry.key}" for entry in catalogue.LESSONS)]


def look(page: Page, least: int, windows: tuple[tuple[int, int], ...], where: str) -> None:
    for width, height in windows:
        page.set_viewport_size({"width": width, "height": height})
        expect_legible(page, least, (where, width))
    page.set_viewport_size({"width": DESKS[0][0], "height": DESKS[0][1]})


def look_at_every_view(page: Page, least: int, windows: tuple[tuple[int, int], ...], where: str) -> None:
    """The view that stands there in all windows, the others in the first two."""
    look(page, least, windows, where)
    for view in range(1, page.locator(VIEWS).count()):
        with answered(page):
            page.locator(VIEWS).nth(view).click()
        look(page, least, windows[:2], f"{where}, view {view}")
    if page.locator(VIEWS).count() > 1:
        with answered(page):
            page.locator(VIEWS).first.click()
    for scene in range(1, page.locator(SCENES).count()):
        page.locator(SCENES).nth(scene).click()
        look(page, least, windows[:2], f"{where}, scene {scene}")


def expect_uncrowded_in_halls(page: Page) -> None:
    for width, height in HALLS:
        page.set_viewport_size({"width": width, "height": height})
        expect_uncrowded(page, width)
    page.set_viewport_size({"width": DESKS[0][0], "height": DESKS[0][1]})


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".st-key-frame-buttons")).to_be_visible()
    settled(page)
    if address != "/":
        expect(page.locator(".board > *").first).to_be_visible()


@pytest.fixture(scope="module", params=ADDRESSES)
def visited(request: pytest.FixtureRequest, tabs: Tabs, app_url: str) -> Iterator[Page]:
    """Every page in turn, opened once: first it is looked at on a desk and on a phone, then in a hall."""
    with tabs.lent(Watch(app_url)) as tab:
        opened(tab, request.param)
        yield tab


def test_no_type_is_too_small_and_no_number_touches_its_cell(visited: Page) -> None:
    look_at_every_view(visited, theme.FINEST_PIXELS, DESKS, "on a desk")


def test_in_a_hall_no_words_stand_over_others_and_nothing_is_cut(visited: Page) -> None:
    if visited.locator(SCENES).count():
        visited.locator(SCENES).first.click()
    with answered(visited):
        visited.get_by_role("button", name="Lecture view", exact=True).click()
    expect_uncrowded_in_halls(visited)


def test_in_a_hall_no_type_is_too_small_and_no_number_touches_its_cell(visited: Page) -> None:
    look_at_every_view(visited, theme.PRESENTER_FINEST_PIXELS, HALLS, "in a hall")


@pytest.mark.parametrize("address", CROWDED)
def test_where_a_picture_has_most_to_say_no_words_stand_over_others(page: Page, address: str) -> None:
    opened(page, address)
    expect_uncrowded_in_halls(page)


def test_a_lens_shows_the_numbers_that_their_cells_have_no_room_for(page: Page) -> None:
    opened(page, "/convolution?view=sparse")
    lens = page.locator(".lens")
    expect(lens.locator(".lens-cell").first).to_be_visible()
    small = page.locator(".cells.numberless .cell")
    for place in (18, 20):
        small.nth(place).hover()
        expect(lens.locator(".lens-cell.meant")).to_have_text(small.nth(place).text_content() or "")
