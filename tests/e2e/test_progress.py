"""Progress in the reader's own browser: kept over a reload, shown on the map, cleared for good, and never trusted."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocket, expect

from pages.blocks.softmax.exercises import share_of_a_class
from tests.e2e.files import buttons, pressed, read_back
from tests.e2e.waiting import settled
from tests.tabs import WINDOW, Watch
from ui import catalogue, progress
from ui.exercises import Exercise, written

pytestmark = pytest.mark.browser

KEY = "stepcnn.progress"
LESSON = "softmax"
EXERCISE = Exercise(share_of_a_class)
OTHER = "slope-of-a-score"
ALL = len(progress.exercises_of(LESSON))
RECORD = {"lesson": LESSON, "exercise": EXERCISE.key, "seed": 0, "tries": 2, "solved": True}


@pytest.fixture
def fresh(browser: Browser, app_url: str) -> Iterator[BrowserContext]:
    """A browser that has kept nothing."""
    context = browser.new_context(base_url=app_url, viewport=WINDOW, locale="en-US")
    yield context
    context.close()


@pytest.fixture
def tab(fresh: BrowserContext, app_url: str) -> Iterator[Page]:
    """A tab of that browser; the test fails when it complained."""
    watch = Watch(app_url)
    page = fresh.new_page()
    page.on("console", watch.console)
    page.on("pageerror", watch.error)
    yield page
    assert not watch.complaints


def opened(page: Page, address: str) -> None:
    page.goto(address)
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until a page has been drawn to its end: on the map and in each lesson something of progress stands there."""
    expect(page.locator(".st-key-progress")).to_be_visible()
    settled(page)


def stored(page: Page) -> list[dict[str, object]]:
    return list(json.loads(page.evaluate("(key) => localStorage.getItem(key)", KEY) or "[]"))


def store(page: Page, text: str) -> None:
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])


def answer(page: Page, exercise: str, text: str) -> None:
    place = page.locator(f".st-key-exercise-{exercise}")
    place.get_by_role("textbox").fill(text)
    place.get_by_role("button", name="Check", exact=True).click()


def on_the_map(page: Page) -> Locator:
    """The lesson's link, which carries the language when it isn't English."""
    return page.locator(f'.st-key-home-map a:is([href$="{LESSON}"], [href*="{LESSON}?"])').first


def test_what_was_solved_is_solved_after_a_reload_and_on_the_map_until_it_is_cleared(tab: Page) -> None:
    opened(tab, f"/{LESSON}")
    solved, other = (tab.locator(f".st-key-exercise-{key}") for key in (EXERCISE.key, OTHER))
    answer(tab, EXERCISE.key, written(EXERCISE.problem(0).answer))
    expect(solved.get_by_test_id("stAlert")).to_contain_text("Right")
    answer(tab, OTHER, "123")
    expect(other.get_by_test_id("stAlert")).to_contain_text("123 isn't it")
    expect(solved.get_by_test_id("stAlert")).to_contain_text("Right")

    tab.reload()
    drawn(tab)
    expect(solved.get_by_text("✓ Solved")).to_be_visible()
    expect(tab.get_by_text(f"1 of {ALL} solved")).to_be_visible()
    assert [record["tries"] for record in stored(tab)] == [1, 1]

    tab.get_by_role("button", name="Your progress").click()
    expect(buttons(tab).filter(has_text="Progress, JSON")).to_be_visible()
    files = dict(pressed(tab, buttons(tab).filter(has_text=f"Progress, {kind}")) for kind in ("JSON", "Markdown"))
    for name, data in files.items():
        read_back(name, data)
    tab.keyboard.press("Escape")

    after = catalogue.after(LESSON)
    assert after is not None
    tab.locator(".st-key-frame-next a:visible").click()
    expect(tab.locator("h1", has_text=after.title["en"])).to_be_visible()
    opened(tab, "/?lang=zh")
    expect(on_the_map(tab)).to_contain_text(f"已解出 1 / {ALL}")

    opened(tab, "/")
    expect(on_the_map(tab)).to_contain_text(f"1 of {ALL} solved")
    tab.get_by_role("button", name="Your progress").click()
    tab.get_by_role("button", name="Clear progress").click()
    expect(on_the_map(tab)).to_contain_text("solved")
    tab.get_by_role("button", name="Yes, clear it").click()
    expect(on_the_map(tab)).not_to_contain_text("solved")
    tab.wait_for_function("(key) => localStorage.getItem(key) === null", arg=KEY)
    tab.reload()
    drawn(tab)
    expect(on_the_map(tab)).not_to_contain_text("solved")

    tab.get_by_role("button", name="Your progress").click()
    file = {"name": "a.json", "mimeType": "application/json", "buffer": files["stepcnn-progress.json"]}
    tab.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]
    expect(on_the_map(tab)).to_contain_text(f"1 of {ALL} solved")
    tab.wait_for_function("(key) => localStorage.getItem(key) !== null", arg=KEY)
    assert len(stored(tab)) == 2


BROKEN = (
    "{",
    "null",
    '{"a": 1}',
    '[1, null, "x", []]',
    json.dumps([{**RECORD, "exercise": "<script>alert(1)</script>"}, {**RECORD, "seed": 10**9}]),
    " " * 600_000,
)


def test_what_is_stored_and_broken_is_ignored(tab: Page) -> None:
    opened(tab, "/")
    for text in BROKEN:
        store(tab, text)
        tab.reload()
        drawn(tab)
        expect(tab.get_by_test_id("stAlert")).to_have_count(0)
        expect(on_the_map(tab)).not_to_contain_text("solved")
    store(tab, json.dumps([{**RECORD, "lesson": "gone"}, RECORD]))
    tab.reload()
    expect(on_the_map(tab)).to_contain_text(f"1 of {ALL} solved")


def test_where_the_browser_closes_its_storage_exercises_go_on(tab: Page) -> None:
    tab.add_init_script(
        "for (const name of ['getItem', 'setItem', 'removeItem'])"
        " Storage.prototype[name] = () => { throw new Error('closed'); };"
    )
    opened(tab, f"/{LESSON}")
    answer(tab, EXERCISE.key, written(EXERCISE.problem(0).answer))
    expect(tab.get_by_text(f"1 of {ALL} solved")).to_be_visible()


def test_only_a_browser_that_knows_more_asks_for_another_run_and_only_once(tab: Page) -> None:
    asked: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: asked.append(len(frame)))

    tab.on("websocket", listen)
    opened(tab, "/")
    tab.wait_for_load_state("networkidle")
    nothing_to_tell = len(asked)

    store(tab, json.dumps([RECORD]))
    asked.clear()
    tab.reload()
    expect(on_the_map(tab)).to_contain_text("solved")
    settled(tab)
    tab.wait_for_load_state("networkidle")
    assert len(asked) == nothing_to_tell + 1

    asked.clear()
    tab.get_by_role("button", name="简体中文").click()
    expect(on_the_map(tab)).to_contain_text("已解出")
    settled(tab)
    assert len(asked) == 1, "the click itself, and nothing more"


def test_clearing_in_one_tab_clears_the_others(fresh: BrowserContext, tab: Page) -> None:
    opened(tab, "/")
    store(tab, json.dumps([RECORD]))
    tab.reload()
    expect(on_the_map(tab)).to_contain_text("solved")
    second = fresh.new_page()
    opened(second, "/")
    expect(on_the_map(second)).to_contain_text("solved")
    second.get_by_role("button", name="Your progress").click()
    second.get_by_role("button", name="Clear progress").click()
    second.get_by_role("button", name="Yes, clear it").click()
    expect(on_the_map(tab)).not_to_contain_text("solved")
