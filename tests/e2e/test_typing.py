"""Numbers typed into a picture, in every lesson: leaving accepts them, Escape discards them, words change nothing."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.moves import Typed, walks_of
from tests.e2e.visits import go_to
from tests.e2e.waiting import answered
from ui import catalogue

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]


PLACES: list[tuple[str, Typed]] = [(entry.key, place) for entry in catalogue.LESSONS for place in walks_of(entry).TYPED]


def field(page: Page, place: Typed) -> Locator:
    """The open field of a place."""
    cell = page.locator(place.cell).first
    if place.own:
        cell.focus()
        return cell
    cell.click()
    return page.locator("input.edit")


def plain(text: str) -> str:
    return re.sub(r"[\s+]", "", text.replace("−", "-"))


def expect_there(page: Page, place: Typed, text: str) -> None:
    """The number stands in its cell and in the link."""
    cell = page.locator(place.cell).first
    if place.own:
        expect(cell).to_have_value(text)
    else:
        expect(cell).to_have_text(re.compile(rf"^\D*{re.escape(text).replace('-', '−')}0?$"))
    page.wait_for_function(
        "text => decodeURIComponent(location.search.replaceAll('+', ' ')).replaceAll(' ', '').includes(text)",
        arg=text.replace(" ", ""),
    )


@pytest.mark.parametrize(("key", "place"), PLACES, ids=lambda said: said if isinstance(said, str) else said.cell)
def test_leaving_a_field_accepts_what_was_typed_and_escape_discards_it(page: Page, key: str, place: Typed) -> None:
    go_to(page, f"/{key}{place.query}")
    first, second = place.texts
    field(page, place).fill(first)
    page.keyboard.press("Tab")
    expect_there(page, place, first)
    field(page, place).fill(second)
    page.locator("h1").click()
    expect_there(page, place, second)
    field(page, place).fill(first)
    page.keyboard.press("Escape")
    page.locator("h1").click()
    field(page, place).fill(place.nonsense)
    page.keyboard.press("Tab")
    if "formula" in place.cell:
        expect(page.locator(".kept")).to_be_visible()
        assert plain(second) in plain(unquote(page.url))
        return
    expect(page.locator(".typing-note")).to_contain_text(place.nonsense)
    expect(page.locator(".typing-note")).to_contain_text(second.replace("-", "−"))
    page.keyboard.press("Shift")
    expect(page.locator(".typing-note")).to_have_count(0)
    expect_there(page, place, second)


def test_a_tap_elsewhere_accepts_too(browser: Browser, app_url: str) -> None:
    context = browser.new_context(base_url=app_url, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    go_to(page, "/neuron")
    _, place = PLACES[0]
    page.locator(place.cell).first.tap()
    page.locator("input.edit").fill("-2.5")
    page.locator("h1").tap()
    expect_there(page, place, "-2.5")
    context.close()


def test_the_button_that_one_leaves_for_is_pressed_as_well(page: Page) -> None:
    go_to(page, "/graph")
    place = next(place for _, place in PLACES if place.cell.startswith(".node"))
    field(page, place).fill("2.5")
    page.locator('.controls [data-control="next"]').click()
    expect_there(page, place, "2.5")
    expect(page.locator(".count")).to_contain_text("1 /")


def test_other_numbers_that_come_meanwhile_leave_the_field_and_what_is_in_it(page: Page) -> None:
    go_to(page, "/neuron")
    _, place = PLACES[0]
    field(page, place).fill("-2.2")
    before = page.locator(place.cell).first.element_handle()
    page.set_viewport_size({"width": 1200, "height": 900})
    page.wait_for_function("cell => !cell.isConnected", arg=before)
    expect(page.locator("input.edit")).to_have_value("-2.2")
    expect(page.locator("input.edit")).to_be_focused()
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    expect_there(page, place, "-2.25")


def test_an_answer_to_be_found_is_judged_when_its_field_is_left(page: Page) -> None:
    go_to(page, "/by-hand?quiz=1&at=net_h1")
    guess = page.locator(".guess")
    guess.fill("12")
    page.locator("h1").click()
    expect(page.locator(".said")).to_contain_text("12")
    guess.fill("some")
    page.keyboard.press("Tab")
    expect(page.locator(".said")).to_contain_text("2/3")
    guess.fill("5")
    page.keyboard.press("Escape")
    expect(guess).to_have_value("")
    expect(page.locator(".said")).to_be_empty()


# Where a formula is typed, and an address under which another one is drawn there.
FORMULAS = [("graph", ".formula-row input", "f=x*y"), ("gradient-check", ".formula-input", "of=own&f=x**4")]


@pytest.mark.parametrize(("key", "formula", "query"), FORMULAS)
def test_what_can_t_be_read_stays_where_one_comes_back_to_it_and_not_at_another_address(
    page: Page, key: str, formula: str, query: str
) -> None:
    go_to(page, f"/{key}?{query}")
    typed = page.locator(formula).first
    typed.fill("sin(")
    typed.press("Enter")
    expect(typed).to_have_attribute("aria-invalid", "true")
    with answered(page):
        page.get_by_role("button", name="Lecture view", exact=True).click()
    expect(typed).to_have_attribute("aria-invalid", "true")
    with answered(page):
        page.go_back()
    expect(typed).to_have_attribute("aria-invalid", "false")


def test_who_leaves_for_another_page_with_a_field_open_gets_there(page: Page) -> None:
    go_to(page, "/neuron")
    field(page, PLACES[0][1]).fill("3")
    go_to(page, "/graph")
    expect(page.locator(".formula-row")).to_be_visible()
