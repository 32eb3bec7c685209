"""Numbers typed into a picture, in every lesson: leaving accepts them, Escape discards them, words change nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Typed:
    """A place to type: where it is, two texts that it takes, and what of each is to be read there and in the link.

    ``cell`` opens a field when it is clicked; where it is a field itself, ``own`` says so.
    """

    key: str
    cell: str
    texts: tuple[str, str]
    own: bool = False
    nonsense: str = "a lot"

    @property
    def address(self) -> str:
        return f"/{self.key}"


PLACES = [
    Typed("neuron", ".vote-row .cell.editable >> nth=1", ("-2.5", "1.25")),
    Typed("convolution", '[data-grid="W"] .cell >> nth=4', ("2.5", "-1.5")),
    Typed("convolution", ".shelf .chip.editable", ("0.25", "-1.75")),
    Typed("pooling", ".grid:not(.result) .editable .cell >> nth=3", ("7.5", "-1.5")),
    Typed("activations?f=elu", '.number-cell[data-name="alpha"]', ("0.75", "1.25")),
    Typed("softmax", ".with-lane .cell.editable >> nth=1", ("2.25", "-1.75")),
    Typed("receptive-field", 'input[data-focus="1.kernel"]', ("5", "4"), own=True, nonsense="99"),
    Typed("graph", ".node .value >> nth=0", ("2.5", "-1.5")),
    Typed("graph", ".formula-input", ("x*y", "x+y*z"), own=True, nonsense="x +* (y"),
    Typed("by-hand", '.cell.editable[data-name="w5"]', ("0.75", "-0.25")),
    Typed("by-hand", ".rate", ("0.25", "0.75")),
    Typed("cross-entropy-quadratic", '.typed[data-name="w"]', ("1.25", "-0.75")),
    Typed("forward-backward", ".editable .cell:not(.pad) >> nth=20", ("0.75", "-1.5")),
    Typed("convolution-backward", '[data-grid="dY"] .cell:not(.pad) >> nth=2', ("2.5", "-1.5")),
    Typed("gradient-check?of=own", '.typed[data-name="x"]', ("1.25", "-0.75")),
    Typed("gradient-check?of=own", ".formula-input", ("x**3", "x**2+x"), own=True, nonsense="x +* ("),
    Typed("gradient-check?of=weight", '.typed[data-name="digit"]', ("25", "31")),
    Typed("batch-norm", '[data-grid="x"] .cell >> nth=2', ("4.5", "-1.5")),
    Typed("vanishing?view=jacobian", ".two .cell.editable >> nth=1", ("0.75", "-1.25")),
]
"""Every kind of field in a picture, and every lesson that has one."""


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".st-key-frame-buttons")).to_be_visible()


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


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.key}-{place.cell}")
def test_leaving_a_field_accepts_what_was_typed_and_escape_discards_it(page: Page, place: Typed) -> None:
    opened(page, place.address)
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
    opened(page, "/neuron")
    place = PLACES[0]
    page.locator(place.cell).first.tap()
    page.locator("input.edit").fill("-2.5")
    page.locator("h1").tap()
    expect_there(page, place, "-2.5")
    context.close()


def test_the_button_that_one_leaves_for_is_pressed_as_well(page: Page) -> None:
    opened(page, "/graph")
    place = next(place for place in PLACES if place.cell.startswith(".node"))
    field(page, place).fill("2.5")
    page.locator('.controls [data-control="next"]').click()
    expect_there(page, place, "2.5")
    expect(page.locator(".count")).to_contain_text("1 /")


def test_other_numbers_that_come_meanwhile_leave_the_field_and_what_is_in_it(page: Page) -> None:
    opened(page, "/neuron")
    place = PLACES[0]
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
    opened(page, "/by-hand?quiz=1&at=net_h1")
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
