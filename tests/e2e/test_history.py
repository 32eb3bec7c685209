"""Back, forward and reload in Chromium: an address brings back its state, and nothing that was done is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_frame import load, opened, settled
from tests.e2e.waiting import ended, quiet, words_to_server

pytestmark = pytest.mark.browser
TRAINING = "/watch-it-train"


def query(page: Page) -> str:
    return page.url.partition("?")[2]


def view(page: Page, name: str) -> None:
    """Choose a view of the convolution lesson, and rest: what comes at once would be the same place."""
    page.get_by_role("radio", name=name).click()
    expect(page.get_by_role("radio", name=name)).to_be_checked()
    settled(page)
    page.wait_for_timeout(1100)


def expect_view(page: Page, name: str, kicker: str) -> None:
    expect(page.get_by_role("radio", name=name)).to_be_checked()
    expect(page.locator(".bench-root .kicker")).to_have_text(kicker)


def places(page: Page) -> int:
    return int(page.evaluate("history.length"))


def test_back_and_forward_bring_back_the_state_of_each_address(page: Page) -> None:
    opened(page, "/")
    page.locator(".st-key-home-enter a").click()
    expect(page).to_have_url(re.compile("/forward-backward$"))
    opened(page, "/convolution")
    view(page, "As a matrix product")
    view(page, "Transposed")
    page.go_back()
    expect_view(page, "As a matrix product", "im2col")
    assert query(page) == "view=matrix"
    page.go_back()
    expect(page.get_by_role("radio", name="Slide")).to_be_checked()
    assert query(page) == ""
    page.go_forward()
    expect_view(page, "As a matrix product", "im2col")
    page.go_forward()
    expect_view(page, "Transposed", "transposed convolution")
    assert query(page) == "view=transposed"


def test_a_number_that_was_typed_comes_back_with_the_picture_that_it_was_typed_into(page: Page) -> None:
    opened(page, "/convolution?edits=w.4%3A5&digit=504")
    expect(page.locator(".bench-root .cell").filter(has_text=re.compile(r"^5(\.0+)?$")).first).to_be_visible()
    view(page, "Transposed")
    assert "edits" not in query(page)
    page.go_back()
    expect(page).to_have_url(re.compile(r"edits=w\.4"))
    expect(page.locator(".bench-root .cell").filter(has_text=re.compile(r"^5(\.0+)?$")).first).to_be_visible()


ADDRESSES = """async (acts) => {
  window.loaded.keepAddresses();
  const before = history.length;
  for (const act of acts) {
    if (act === "touch") window.dispatchEvent(new Event("pointerdown"));
    else if (act === "rest") now += 1500;
    else history.pushState({}, "", act);
  }
  return [history.length - before, location.pathname + location.search];
}"""


@pytest.mark.parametrize(
    ("acts", "made", "shown"),
    [
        (["touch", "?a=1", "?a=2", "?a=3"], 1, "/app/static/?a=3"),
        (["touch", "?a=1", "rest", "?a=2"], 2, "/app/static/?a=2"),
        (["?a=1", "rest", "?a=2"], 0, "/app/static/?a=2"),
        (["touch", "/app/other", "?a=1"], 1, "/app/other?a=1"),
        (["touch", "/app/other", "touch", "?a=1"], 2, "/app/other?a=1"),
    ],
    ids=["quick changes", "after a rest", "by itself", "another page writes its address", "and then a change"],
)
def test_a_place_begins_with_the_reader_s_first_change_after_a_rest(
    page: Page, acts: list[str], made: int, shown: str
) -> None:
    page.route("**/app/static/", lambda route: route.fulfill(body="<html></html>", content_type="text/html"))
    # What a test asks the page counts as a press of its reader.
    page.add_init_script("Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: false } })")
    page.goto("/app/static/")
    page.evaluate("window.now = 1e6; performance.now = () => window.now")
    load(page, "tab/address.js")
    assert page.evaluate(ADDRESSES, acts) == [made, shown]


def test_the_press_that_led_to_this_page_before_the_script_came_is_no_change_of_it(page: Page) -> None:
    page.route("**/app/static/", lambda route: route.fulfill(body="<html></html>", content_type="text/html"))
    page.add_init_script("Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: true } })")
    page.goto("/app/static/")
    page.evaluate("window.now = 1e6; performance.now = () => window.now")
    page.evaluate("history.pushState({}, '', '/app/other')")
    load(page, "tab/address.js")
    assert page.evaluate(ADDRESSES, ["?a=1"]) == [0, "/app/other?a=1"]
    assert page.evaluate(ADDRESSES, ["rest", "touch", "?a=2"]) == [1, "/app/other?a=2"]


def test_opening_a_page_makes_one_place_even_if_it_writes_its_address_anew(page: Page) -> None:
    opened(page, "/?lang=zh")
    before = places(page)
    page.locator(".st-key-home-enter a").click()
    expect(page).to_have_url(re.compile("/forward-backward.*lang=zh"))
    settled(page)
    assert places(page) == before + 1
    page.go_back()
    expect(page.locator(".st-key-home-enter")).to_be_visible()
    assert query(page) == "lang=zh"


# What the server says arrives so many milliseconds late, in order.
LATE = """
const { addEventListener } = WebSocket.prototype;
WebSocket.prototype.addEventListener = function (type, listener, ...rest) {
  const late = type === "message" ? (event) => setTimeout(() => listener(event), window.late ?? 0) : listener;
  addEventListener.call(this, type, late, ...rest);
};
"""


def test_a_page_comes_back_while_answers_are_still_on_their_way(page: Page) -> None:
    page.add_init_script(LATE)
    opened(page, "/")
    page.locator(".st-key-home-enter a").click()
    expect(page.locator(".forward-backward .grid.result .cell").first).to_be_visible()
    quiet(page, words_to_server(page))
    page.evaluate("window.late = 2000")
    with ended(page):
        page.get_by_role("button", name="Lecture view").click()
    page.get_by_test_id("stHeaderLogo").click()
    expect(page.locator(".st-key-home-enter")).to_be_visible()


def test_the_language_is_part_of_what_back_brings_back(page: Page) -> None:
    opened(page, "/neuron")
    page.get_by_role("button", name="简体中文").click()
    expect(page).to_have_url(re.compile("lang=zh"))
    page.go_back()
    expect(page.get_by_role("button", name="简体中文")).to_be_visible()
    assert query(page) == ""


# A run.


@pytest.fixture
def run(page: Page) -> Page:
    """A run of its own settings that has taken a few steps."""
    opened(page, f"{TRAINING}?seed=7&lr=0.1")
    for count in range(1, 4):
        page.locator(".watch-it-train .step").click()
        expect_step(page, count)
    return page


def expect_step(page: Page, count: int) -> None:
    expect(page.locator(".watch-it-train")).to_have_attribute("data-step", str(count))


def test_back_from_the_lesson_that_a_network_was_opened_in_finds_the_run_and_its_settings(run: Page) -> None:
    address = run.url
    run.locator(".watch-it-train .open").click()
    expect(run).to_have_url(re.compile("/forward-backward.*weights=mine"))
    settled(run)
    run.go_back()
    expect_step(run, 3)
    assert run.url == address
    expect(run.get_by_test_id("stAlert")).to_have_count(0)
    run.go_forward()
    expect(run).to_have_url(re.compile("/forward-backward.*weights=mine"))
    expect(run.locator(".forward-backward .grid.result .cell").first).to_be_visible()
    expect(run.get_by_test_id("stAlert")).to_have_count(0)


def test_a_run_survives_leaving_by_the_navigation_and_coming_back(run: Page) -> None:
    run.get_by_test_id("stHeaderLogo").click()
    expect(run.locator(".st-key-home-enter")).to_be_visible()
    run.go_back()
    expect_step(run, 3)


def test_a_reload_takes_the_run_and_the_network_up_again(run: Page) -> None:
    run.reload()
    expect_step(run, 3)
    run.locator(".watch-it-train .open").click()
    expect(run).to_have_url(re.compile("/forward-backward.*weights=mine"))
    settled(run)
    run.reload()
    expect(run.locator(".forward-backward .grid.result .cell").first).to_be_visible()
    expect(run.get_by_role("radio", name=re.compile("yours", re.IGNORECASE))).to_be_checked()
    expect(run.get_by_test_id("stAlert")).to_have_count(0)


def test_a_second_reload_takes_it_up_as_well(run: Page) -> None:
    run.reload()
    expect_step(run, 3)
    run.reload()
    expect_step(run, 3)


def test_a_reset_can_be_taken_back_from_the_same_button(run: Page) -> None:
    run.locator(".watch-it-train .reset").click()
    expect_step(run, 0)
    run.get_by_role("button", name="Bring back the run that was reset, at step 3").click()
    expect_step(run, 3)


def test_where_storage_is_closed_a_reload_begins_anew_without_complaint(browser: Browser, app_url: str) -> None:
    context = browser.new_context(base_url=app_url)
    tab = context.new_page()
    tab.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('closed'); } })"
    )
    opened(tab, TRAINING)
    tab.locator(".watch-it-train .step").click()
    expect_step(tab, 1)
    tab.reload()
    expect_step(tab, 0)
    expect(tab.get_by_test_id("stAlert")).to_have_count(0)
    context.close()
