"""What travels for one answer, in Chromium: the numbers, and not the script that draws them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.e2e.waiting import settled

pytestmark = pytest.mark.browser


def test_an_answer_brings_numbers_and_no_script(page: Page) -> None:
    sizes: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: sizes.append(len(frame)))

    page.on("websocket", listen)
    page.goto("/convolution")
    expect(page.locator(".bench-root .say h2")).to_be_visible()
    expect(page.locator(".st-key-section-exercises")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert max(sizes) > 80_000, "the script came once"
    sizes.clear()
    page.locator('[data-knob="stride1"]').click()
    expect(page.locator('[data-grid="Y"] .cell')).to_have_count(16)
    assert 5_000 < sum(sizes) < 40_000


def test_the_element_that_brings_a_script_takes_no_room(page: Page) -> None:
    page.goto("/convolution")
    expect(page.locator(".bench-root .say h2")).to_be_visible()
    scripts = page.locator('[class*="st-key-script-"]')
    assert scripts.count() == 2, "the picture's and the copy button's"
    assert [script.bounding_box() for script in scripts.all()] == [None, None]


def test_before_its_script_has_come_nothing_of_a_component_is_seen(page: Page) -> None:
    never = "{ ready: new Promise(() => {}), bring() {} }"
    page.add_init_script(f"globalThis.$stepcnnParts = new Proxy({{}}, {{ get: () => ({never}) }})")
    page.goto("/convolution")
    buttons = page.locator("[data-testid=stBidiComponentIsolated] button")
    expect(buttons.first).to_be_attached()
    settled(page)
    assert not any(button.is_visible() for button in buttons.all())
