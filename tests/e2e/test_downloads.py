"""Every download of every lesson, pressed in a browser: the file arrives, opens, and shows what was on the screen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Download, Locator, Page, expect

from tests.browser import serving
from tests.e2e.files import buttons, pressed, read_back
from tests.e2e.visits import go_to
from tests.e2e.waiting import SLOWER, settled
from ui import catalogue

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

# The numbers of a run depend on how long it has run, not on the link alone.
RUNNING = ("watch-it-train",)
# Ways to change something that most pictures have one of, from the likeliest to change the numbers.
KINDS = (
    '[role="slider"]',
    "select",
    'input[type="number"]',
    'button[aria-pressed="false"]',
    '[role="radio"][aria-checked="false"]',
    "button",
)
TRIES_A_KIND = 4


def opened(page: Page, address: str) -> None:
    go_to(page, address)
    complete(page)


def complete(page: Page) -> None:
    expect(buttons(page).nth(3)).to_be_visible()
    settled(page)


def all_of(page: Page) -> dict[str, bytes]:
    """Press every download of the page and read what arrives; the files by their names."""
    found = dict(pressed(page, buttons(page).nth(at)) for at in range(buttons(page).count()))
    for name, data in found.items():
        read_back(name, data)
    return found


def ways(page: Page) -> Iterator[Locator]:
    """What a reader may change in the lesson's picture, or in the row above it."""
    inside = page.get_by_test_id("stMain")
    for kind in KINDS:
        all_there = inside.locator(f'{kind}:visible:not([class*="st-key-section"] *):not(.st-key-frame-bar *)')
        for at in range(min(all_there.count(), TRIES_A_KIND)):
            yield all_there.nth(at)


def use(page: Page, control: Locator) -> None:
    """Give a control another value, as with mouse and keyboard."""
    kind = control.evaluate("(e) => e.getAttribute('role') ?? e.tagName.toLowerCase()")
    if kind == "slider":
        control.focus()
        page.keyboard.press("ArrowUp")
    elif kind == "select":
        control.select_option(index=control.evaluate("(e) => (e.selectedIndex + 1) % e.options.length"))
    elif kind == "input":
        control.fill(str(int(control.input_value() or 0) + 1))
        control.press("Tab")
    else:
        control.click()


def changed(page: Page, before: bytes) -> bytes:
    """Change the lesson until its numbers differ; the numbers that arrive then."""
    numbers = buttons(page).filter(has_text="NPZ").first
    tried = []
    for control in ways(page):
        address = page.url
        tried.append(control.evaluate("(e) => e.outerHTML.slice(0, 80)"))
        try:
            use(page, control)
            page.wait_for_function(
                "(address) => location.href !== address", arg=address, timeout=1500 * max(1.0, SLOWER)
            )
        except Exception:
            continue
        settled(page)
        _name, now = pressed(page, numbers)
        if now != before:
            return now
    raise AssertionError(f"nothing on the page changed its numbers: {tried}")


def expect_whole_in_chinese(page: Page, entry: catalogue.Lesson) -> None:
    """The lesson speaks Chinese and complains of nothing."""
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator("h1").first).to_have_text(entry.title["zh"])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("entry", catalogue.LESSONS, ids=lambda entry: entry.key)
def test_every_download_arrives_and_is_what_is_shown(page: Page, entry: catalogue.Lesson) -> None:
    opened(page, f"/{entry.key}")
    if entry.key in RUNNING:
        page.get_by_role("button", name="One step").click()
    found = all_of(page)
    assert {f"{entry.key}.{suffix}" for suffix in ("svg", "png", "csv", "npz")} <= set(found)
    if entry.key in RUNNING:
        opened(page, f"/{entry.key}?lang=zh")
        expect_whole_in_chinese(page, entry)
        return
    now = changed(page, found[f"{entry.key}.npz"])
    # Another reader who follows the link, in Chinese, takes the same numbers home.
    page.goto(page.url + ("&" if "?" in page.url else "?") + "lang=zh")
    complete(page)
    expect_whole_in_chinese(page, entry)
    theirs = all_of(page)
    assert set(theirs) == set(found)
    with np.load(io.BytesIO(now)) as mine, np.load(io.BytesIO(theirs[f"{entry.key}.npz"])) as other:
        assert mine.files == other.files
        for name in mine.files:
            np.testing.assert_array_equal(mine[name], other[name])


def test_downloads_that_are_pressed_at_once_all_arrive_whole(page: Page) -> None:
    opened(page, "/convolution")
    arrived: list[Download] = []
    page.on("download", lambda download: arrived.append(download))
    count = buttons(page).count()
    for at in range(count):
        buttons(page).nth(at).click()
    while len(arrived) < count:
        page.wait_for_event("download")
    assert len({download.suggested_filename for download in arrived}) == count
    for download in arrived:
        read_back(download.suggested_filename, Path(download.path()).read_bytes())


@pytest.mark.parametrize(("to", "words"), [("en", "couldn't be made"), ("zh", "没能生成")])
def test_a_file_that_cannot_be_made_is_told_in_plain_words(failing: Page, to: str, words: str) -> None:
    failing.goto(f"/?lang={to}")
    failing.get_by_role("button", name="A file").click()
    told = failing.get_by_test_id("stDownloadButtonError")
    expect(told).to_be_visible()
    shown, height = told.evaluate("(e) => [getComputedStyle(e, '::after').content, e.getBoundingClientRect().height]")
    assert words in shown
    assert height > 12, "the words take room"
    expect(failing.get_by_role("button", name="A file")).to_be_enabled()


@pytest.fixture(scope="module")
def failing(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A tab of a server whose only download can't be made."""
    log = tmp_path_factory.mktemp("failing") / "log.txt"
    with serving(log, "tests/e2e/failing_download.py") as base:
        context = browser.new_context(base_url=base)
        yield context.new_page()
        context.close()
        assert "planted" in log.read_text(), "the server's log says why"
