"""A picture's keys, in every lesson: they act while it has the focus and nowhere else, and it says which they are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.moves import walks_of
from tests.e2e.visits import go_to
from tests.e2e.waiting import settled
from ui import catalogue

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

PRESSED = ("ArrowRight", "ArrowLeft", " ", "e", "Home", "End", "Escape", "PageDown")
HELD = ("Control", "Alt", "Meta")
KEYS: dict[str, str | None] = {entry.key: walks_of(entry).KEYS for entry in catalogue.LESSONS}

WRITTEN = """() => [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')].flatMap(({ shadowRoot }) => {
  const host = shadowRoot?.querySelector(".has-keys");
  if (!host) return [];
  const said = [...host.querySelectorAll(".shelf, .kicker, .count, .controls, .transport .play, .step.on")];
  return [host.dataset.step ?? "", ...said.map((part) => part.innerText + part.innerHTML)];
})"""
"""What the pictures with keys say: where one stands, and whether something plays."""


STAYS = """async () => {
  const roots = [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')].map((host) => host.shadowRoot);
  const find = () => roots.map((root) => root?.querySelector("button.play")).find(Boolean);
  const frame = () => new Promise(requestAnimationFrame);
  find()?.click();
  await frame();
  await frame();
  const pauses = find(), says = pauses?.ariaLabel;
  for (const end = performance.now() + 1500; performance.now() < end; await frame()) {
    if (find() !== pauses) return find().ariaLabel !== says;
  }
  return true;
}"""
"""Whether the button under the finger stays the same one while it plays, as long as it says the same."""


def written(page: Page) -> list[str]:
    said: list[str] = page.evaluate(WRITTEN)
    return said


def opened(page: Page, key: str) -> None:
    go_to(page, f"/{key}{KEYS[key] or ''}")
    expect(page.locator(".st-key-section-exercises")).to_be_visible()
    settled(page)
    if KEYS[key] is not None:
        expect(page.locator(".keys-line kbd").first).to_be_visible()


def expect_deaf(page: Page, before: list[str]) -> None:
    """No key does anything in a picture. Each is looked at by itself: forth and back would leave no trace."""
    for key in PRESSED:
        page.keyboard.press(key)
        assert written(page) == before, key


@pytest.mark.parametrize("key", list(KEYS))
def test_keys_act_in_the_picture_that_has_the_focus_and_nowhere_else(page: Page, key: str) -> None:
    opened(page, key)
    before = written(page)
    page.evaluate("document.activeElement?.blur()")
    expect_deaf(page, before)
    elsewhere = page.locator(".st-key-section-exercises").locator("input:visible, button:visible")
    for place in (elsewhere.first, elsewhere.and_(page.locator("button")).first):
        place.focus()
        expect_deaf(page, before)
    if KEYS[key] is None:
        assert not before
        return

    page.locator(".has-keys .say :is(h2, h3)").first.click()
    expect(page.locator(".has-keys.keys-on")).to_have_count(1)
    expect(page.locator(".keys-line.on")).to_have_count(1)
    for held in HELD:
        for pressed in PRESSED[:4]:
            page.keyboard.press(f"{held}+{pressed}")
            assert written(page) == before, f"{held}+{pressed}"
    keys = page.locator(".keys-line.on kbd").all_inner_texts()
    for name, pressed in (("→", "ArrowRight"), ("Space", " ")):
        if name in keys:
            page.keyboard.press(pressed)
            page.wait_for_function(f"before => String(({WRITTEN})()) !== before", arg=",".join(before))
            before = written(page)
    page.keyboard.press("Space")
    assert page.evaluate(STAYS), "the button that pauses is another one at each step: a slow finger never presses it"


def test_a_training_run_is_wiped_by_home_in_its_picture_only(page: Page) -> None:
    opened(page, "watch-it-train")
    run = page.locator(".watch-it-train")
    page.locator(".watch-it-train .say h2").click()
    # A run of this visit goes on where it was left.
    page.keyboard.press("Home")
    expect(run).to_have_attribute("data-step", "0")
    for step in ("1", "2"):
        page.keyboard.press("ArrowRight")
        expect(run).to_have_attribute("data-step", step)
    page.get_by_role("button", name="Copy link").focus()
    for key in ("Home", "e", "ArrowRight"):
        page.keyboard.press(key)
    page.locator(".watch-it-train .say h2").click()
    page.keyboard.press("ArrowRight")
    expect(run).to_have_attribute("data-step", "3")
    page.keyboard.press("Home")
    expect(run).to_have_attribute("data-step", "0")


def test_a_button_that_is_drawn_anew_leaves_the_keys_with_its_picture(page: Page) -> None:
    opened(page, "softmax")
    page.locator(".onward .next").click()
    expect(page.locator(".count")).to_have_text("2 / 5")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".count")).to_have_text("3 / 5")


def test_the_line_names_the_keys_of_what_has_the_focus_in_the_readers_language(page: Page) -> None:
    opened(page, "convolution")
    page.locator('[data-grid="Y"] .cells').focus()
    expect(page.locator(".keys-line")).to_contain_text("from cell to cell")
    page.locator('.controls [data-control="next"]').focus()
    expect(page.locator(".keys-line")).not_to_contain_text("Space")
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator(".keys-line")).to_contain_text("点一下图即可使用按键")
