"""Whoever can't see well, or can't see, reaches everything: axe-core finds no fault with any page, in any of its views
and scenes, light or dark, in either language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.chromium import absent
from tests.e2e.chinese import expect_chinese, expect_headings_broken_well
from tests.e2e.test_frame import ADDRESSES
from tests.e2e.views import states
from tests.e2e.visits import go_to
from tests.e2e.waiting import answered, settled, still
from tests.root import ROOT
from tests.tabs import PHONE, WINDOW, Tabs, Watch

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

AXE = ROOT / ".venv/types/node_modules/axe-core/axe.min.js"
INSTALL = "npm install --no-save --prefix .venv/types axe-core@4.14.1"


@dataclass(frozen=True)
class Excuse:
    """What isn't the project's own to mend: a rule, where it is broken, and why nothing can be done here."""

    rule: str
    selector: str
    why: str


EXCUSED: tuple[Excuse, ...] = ()


@cache
def script() -> str:
    """axe-core, and what asks it."""
    if not AXE.is_file():
        absent(f"axe-core isn't there: {INSTALL}")
    return AXE.read_text() + Path(__file__).with_name("axe.js").read_text()


def faults(page: Page, mode: str, whole: bool = True) -> list[str]:
    """What axe-core finds in one of the two colour schemes, in the whole page or about its picture only.

    The dark scheme is only asked about colours.
    """
    page.emulate_media(color_scheme=mode)  # type: ignore[arg-type]
    # What is only so while someone points at it isn't at rest.
    page.mouse.move(0, 450)
    still(page)
    asked = ["color-contrast"] if mode == "dark" else None
    excused = [asdict(one) for one in EXCUSED]
    answer = page.evaluate("(how) => window.axeFaults(...how)", [excused, asked, whole])
    return [" · ".join(fault) for fault in answer["found"]]


def drawn(page: Page) -> None:
    """Every component has drawn itself once: before, nothing of it is seen."""
    still(page)
    page.wait_for_function(
        """() => [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
          .every((one) => one.dataset.drawn || one.shadowRoot.querySelector("i:only-child"))"""
    )


@pytest.fixture(scope="module", params=ADDRESSES)
def visited(request: pytest.FixtureRequest, tabs: Tabs, app_url: str) -> Iterator[Page]:
    """Every page in turn, opened once for all that is asked about it."""
    with tabs.lent(Watch(app_url), visit=__file__) as tab:
        go_to(tab, request.param)
        drawn(tab)
        if not tab.evaluate("'axe' in window"):
            tab.add_script_tag(content=script())
        yield tab


def test_axe_finds_no_fault_with_any_view_or_scene_in_light_or_dark(visited: Page) -> None:
    # Each begins in the scheme in which the one before it ended: to change it costs more than to ask axe.
    found = {
        (state, mode): faults(visited, mode, whole=not number)
        for number, state in enumerate(states(visited))
        for mode in (("dark", "light") if number % 2 else ("light", "dark"))
    }
    assert not any(found.values()), "\n".join(f"{at}: {one}" for at, all in found.items() for one in all)


def test_the_chinese_page_is_without_fault_and_speaks_chinese_in_every_view_and_scene(visited: Page) -> None:
    with answered(visited):
        visited.get_by_role("button", name="简体中文", exact=True).click()
    drawn(visited)
    assert not (found := faults(visited, "light")), "\n".join(found)
    for state in states(visited):
        still(visited)
        expect_chinese(visited, state)
        for window in (PHONE, WINDOW):
            visited.set_viewport_size(window)
            settled(visited)
            expect_headings_broken_well(visited, state)
