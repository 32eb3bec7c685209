"""A component that fails: plain words in its own place, the rest of the page works, the next good data draws again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ui.components.modules import module

pytestmark = pytest.mark.browser

BREAKS = """(() => {
  const right = Element.prototype.replaceChildren;
  Element.prototype.replaceChildren = function (...parts) {
    if (globalThis.breaks && this.classList.contains("shelf")) throw new RangeError("made to fail");
    return right.apply(this, parts);
  };
  globalThis.breaks = BROKEN;
})();"""
"""The shelf of every bench can't be written while ``breaks`` holds."""


@pytest.fixture
def tab(browser: Browser, app_url: str) -> Iterator[Page]:
    """A tab that may complain in its console."""
    context = browser.new_context(base_url=app_url, viewport={"width": 1440, "height": 900}, locale="en-US")
    yield context.new_page()
    context.close()


def opened(tab: Page, address: str, *, broken: bool) -> None:
    tab.add_init_script(BREAKS.replace("BROKEN", str(broken).lower()))
    tab.goto(address)
    expect(tab.locator(".st-key-section-exercises")).to_be_visible()


def expect_plain_words(tab: Page, words: str) -> None:
    expect(tab.locator(".failed p")).to_have_text(words)
    expect(tab.get_by_test_id("stException")).to_have_count(0)
    expect(tab.get_by_text("made to fail")).to_have_count(0)


def test_a_component_that_cannot_be_drawn_says_so_and_the_next_data_draw_it(tab: Page) -> None:
    opened(tab, "/convolution", broken=True)
    expect_plain_words(
        tab, "This picture could not be drawn. The rest of the page works, and so does the next change of a setting."
    )
    expect(tab.locator(".bench")).to_be_hidden()
    tab.evaluate("globalThis.breaks = false")
    tab.get_by_text("As a matrix product", exact=True).click()
    expect(tab.locator(".bench .cell").first).to_be_visible()
    expect(tab.locator(".failed")).to_have_count(0)
    expect(tab.locator(".keys-line")).to_have_count(1)


def test_the_words_are_in_the_readers_language_and_the_button_draws_again(tab: Page) -> None:
    opened(tab, "/convolution?lang=zh", broken=True)
    expect_plain_words(tab, "这张图没能画出来。页面其余部分照常可用；下次更改设置时会重新绘制。")
    again = tab.get_by_role("button", name="重新绘制")
    again.click()
    expect(tab.locator(".failed")).to_have_count(1)
    tab.evaluate("globalThis.breaks = false")
    again.click()
    expect(tab.locator(".bench .cell").first).to_be_visible()
    expect(tab.locator(".failed")).to_have_count(0)


def test_what_a_handler_or_a_timer_throws_is_said_above_the_picture_that_stays(tab: Page) -> None:
    opened(tab, "/convolution", broken=False)
    expect(tab.locator('[data-grid="Y"] .cell').first).to_be_visible()
    words = "Something in this picture went wrong: it may not show what is set. The rest of the page works."
    for act in (
        lambda: tab.locator('[data-grid="Y"] .cell').nth(20).hover(),
        lambda: tab.locator('.controls [data-control="play"]').click(),
    ):
        tab.evaluate("globalThis.breaks = true")
        act()
        expect_plain_words(tab, words)
        expect(tab.locator('[data-grid="Y"] .cell').first).to_be_visible()
        tab.evaluate("globalThis.breaks = false")
        tab.get_by_role("button", name="Draw it again").click()
        expect(tab.locator(".failed")).to_have_count(0)
        expect(tab.locator(".shelf .total")).to_be_visible()


CLEANED_UP_LATE = """async (guard) => {
  const address = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const url = address("export default ({ parentElement: { firstElementChild: part } }) => {" +
    " part.onclick = () => { throw new RangeError('made to fail'); };" +
    " return () => { part.dataset.cleaned = 'yes'; }; };");
  const { guarded } = await import(address(guard)), mount = guarded((await import(url)).default, url);
  const host = document.body.appendChild(document.createElement("div")), root = host.attachShadow({ mode: "open" });
  const part = root.appendChild(document.createElement("div")), component = { parentElement: root, data: null };
  const settled = () => new Promise((done) => setTimeout(done, 50));
  const late = mount(component);
  mount(component);
  late();
  await settled();
  const kept = part.dataset.cleaned === undefined;
  part.click();
  const said = root.querySelectorAll(".failed").length;
  host.remove();
  late();
  await settled();
  return { kept, said, cleaned: part.dataset.cleaned };
}"""


def test_a_component_that_is_cleaned_up_late_but_still_shown_stays_guarded_until_it_has_gone(tab: Page) -> None:
    opened(tab, "/convolution", broken=False)
    found = tab.evaluate(CLEANED_UP_LATE, module("shared/guard.js"))
    assert found == {"kept": True, "said": 1, "cleaned": "yes"}
