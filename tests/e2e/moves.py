"""What is done to every lesson in a browser; each says it for itself in its own ``walks.py``.

WALKS     what is done before its link is copied, by name
TYPED     every kind of field in its picture; () where there is none
KEYS      the query of the address at which its picture has keys of its own; None where only its maps and cells have
MEASURED  what is timed (``benchmarks/lessons.py``)

A walk begins at the lesson's own address and ends where the link is copied at once. In it every setting of the row is
changed (``knobs``), and by name what is pressed, typed, chosen, dragged and pointed at, until the picture stands
nowhere as it opens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from playwright.sync_api import Locator, Page, expect

from tests.e2e.seen import at_rest
from tests.e2e.waiting import answered
from tests.root import ROOT
from ui.catalogue import Lesson

Move = Callable[[Page], None]
Walk = tuple[Move, ...]
Walks = Mapping[str, Walk]


@dataclass(frozen=True)
class Typed:
    """A place to type: where it is, two texts that it takes, and one that it doesn't take.

    ``cell`` opens a field when it is clicked; where it is a field itself, ``own`` says so.
    """

    cell: str
    texts: tuple[str, str]
    own: bool = False
    nonsense: str = "a lot"
    query: str = ""


def press(selector: str) -> Move:
    """A click."""
    return lambda page: _one(page, selector).click()


def point(selector: str) -> Move:
    """The pointer goes there, without a click."""
    return lambda page: _one(page, selector).hover()


def keys(selector: str, *names: str) -> Move:
    """Keys, on what has the focus then."""

    def move(page: Page) -> None:
        _one(page, selector).focus()
        for name in names:
            page.keyboard.press(name)

    return move


def types(selector: str, text: str) -> Move:
    """A number typed into the field that a click opens, or that is there."""

    def move(page: Page) -> None:
        place = _one(page, selector)
        if place.evaluate("element => element.matches('input')"):
            place.fill(text)
            place.press("Enter")
            return
        place.click()
        field = page.locator("input.edit")
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_count(0)

    return move


def chooses(selector: str, option: str) -> Move:
    """Another entry of a list of Streamlit's."""

    def move(page: Page) -> None:
        _one(page, f"{selector} input").click()
        page.get_by_role("option", name=option, exact=True).click()

    return move


def chooses_in(selector: str, value: str) -> Move:
    """Another entry of a list of the picture's own."""

    def move(page: Page) -> None:
        _one(page, selector).select_option(value)

    return move


def rests(page: Page) -> None:
    """What was done is answered before the next thing is done."""
    at_rest(page)


def knobs(page: Page) -> None:
    """Every setting in the row above the picture, one after the other, as far as each is still there."""
    names = page.locator(".knob[data-name]").evaluate_all("all => all.map((one) => one.dataset.name)")
    for name in names:
        if _turned(page.locator(f'.knob[data-name="{name}"]').first):
            at_rest(page)


def _turned(knob: Locator) -> bool:
    """Whether a setting could be changed: what chooses a number, one of several names, or an entry of a list."""
    if not knob.count():
        return False
    more, pills, entries = knob.locator(".turn").last, knob.locator(".choices .pill"), knob.locator("select")
    if more.count() and more.is_enabled():
        more.click()
    elif pills.count():
        pills.last.click()
    elif entries.count():
        values = entries.locator("option").evaluate_all("all => all.map((one) => one.value)")
        entries.select_option(values[(values.index(entries.input_value()) + 1) % len(values)])
    else:
        return False
    return True


def _one(page: Page, selector: str) -> Locator:
    found = page.locator(selector)
    return found if ">> nth" in selector else found.first


def scene(number: int) -> Move:
    """A scene, by the track's own button."""
    return press(f".track .phase >> nth={number}")


def view(lesson: str, number: int) -> Move:
    """A view, by the chooser above the picture."""

    def move(page: Page) -> None:
        with answered(page):
            _one(page, f".st-key-{lesson}-view button >> nth={number}").click()

    return move


def cell(grid: str, at: str) -> str:
    """A cell of a grid."""
    return f'[data-grid="{grid}"] .cell[data-at="{at}"]'


def walks_of(entry: Lesson) -> ModuleType:
    """A lesson's own walks."""
    return import_module(".".join(("tests", *entry.room.relative_to(ROOT).parts, "walks")))
