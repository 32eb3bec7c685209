"""Cross-entropy against quadratic cost, in Chromium: the twin is the engine, dragging answers there."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages.backprop.cross_entropy_quadratic.compute import COSTS, learn
from tests.e2e.timing import slow_redraw
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server
from tests.root import ROOT
from ui.components.modules import module

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

ENDS = "(node) => { const { top, bottom } = node.getBoundingClientRect(); return [top, bottom]; }"


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/cross-entropy-quadratic{query}")
    expect(page.locator(".cross-entropy-quadratic .shelf-head b")).to_be_visible()
    still(page)


def total(page: Page, cost: str) -> float:
    text = page.locator(f".gradient-line[data-cost='{cost}'] .total").inner_text()
    return float(text.removeprefix("= ").replace("−", "-"))


def test_the_browser_s_twin_is_the_engine(page: Page) -> None:
    open_lesson(page)
    url = (
        "data:text/javascript;base64,"
        + base64.b64encode(module(ROOT / "pages/backprop/cross_entropy_quadratic/browser/twin.js").encode()).decode()
    )
    starts = [
        {"w": 2.0, "b": 2.0, "x": 1.0, "y": 0, "lr": 0.15, "epochs": 300},
        {"w": -4.0, "b": 5.0, "x": -2.5, "y": 1, "lr": 3.0, "epochs": 50},
        {"w": 5.0, "b": 5.0, "x": 3.0, "y": 0, "lr": 0.01, "epochs": 1000},
    ]
    for start in starts:
        for cost in COSTS:
            found = page.evaluate(
                "async ([url, cost, start]) => (await import(url)).learn(cost, start)", [url, cost, start]
            )
            own = learn(cost, **start).arrays()  # type: ignore[arg-type]
            for name, values in found.items():
                np.testing.assert_allclose(values, own[name], rtol=1e-6, atol=1e-9, err_msg=f"{cost} {name}")


def test_it_opens_on_two_units_that_are_equally_wrong(page: Page) -> None:
    open_lesson(page)
    expect(page.locator(".say h2")).to_have_text("Equally wrong: which learns first?")
    assert total(page, "quadratic") == pytest.approx(0.0173)
    assert total(page, "cross_entropy") == pytest.approx(0.982)
    assert page.locator(".gradient-line[data-cost='quadratic'] .key").count() == 1
    assert page.locator(".gradient-line[data-cost='cross_entropy'] .key").count() == 0


def test_dragging_the_start_answers_at_once_and_rests_in_the_link(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page)
    before, start = quiet(page, sent), total(page, "quadratic")
    with clock_standing(page):
        grip = page.locator(".plane .handle").bounding_box()
        assert grip is not None
        x, y = grip["x"] + 10, grip["y"] + grip["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 60, y + 40, steps=4)
        assert total(page, "quadratic") > start
        assert len(sent) == before
    page.mouse.up()
    page.wait_for_function("new URLSearchParams(location.search).has('w')")
    w, b = (float(page.evaluate("n => new URLSearchParams(location.search).get(n)", name)) for name in "wb")
    assert total(page, "quadratic") == pytest.approx(
        learn("quadratic", w, b, x=1, y=0, lr=0.15, epochs=1).dw[0], abs=6e-5
    )


def test_the_hovered_epoch_s_gradients_are_written_out(page: Page) -> None:
    open_lesson(page)
    box = page.locator(".course .plot").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    epoch = int(re.findall(r"\d+", page.locator(".course .plot-card b").inner_text())[0])
    assert epoch > 50
    for cost in COSTS:
        own = learn(cost, 2, 2, x=1, y=0, lr=0.15, epochs=300)
        assert total(page, cost) == pytest.approx(own.dw[epoch], abs=6e-5)
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.wait_for_function(f"new URLSearchParams(location.search).get('epoch') === '{epoch}'")


def test_the_ring_and_the_epochs_move_with_the_keyboard(page: Page) -> None:
    open_lesson(page)
    page.locator(".plane .handle").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("new URLSearchParams(location.search).get('w') === '2.1'")
    page.locator(".has-keys").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("new URLSearchParams(location.search).get('epoch') === '3'")


def test_play_walks_to_the_last_epoch_and_with_reduced_motion_it_is_there_at_once(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_lesson(page)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".shelf-head span").first).to_contain_text("epoch 300")


def test_the_whole_picture_and_its_shelf_are_on_the_first_screen(page: Page) -> None:
    for show in ("answer", "cost", "gradient"):
        open_lesson(page, f"?show={show}")
        shelf = page.locator(".shelf").bounding_box()
        assert shelf is not None
        assert shelf["y"] + shelf["height"] <= 900
        assert page.locator(".pictures").evaluate("e => e.scrollHeight <= e.clientHeight + 1"), show


def test_on_a_phone_the_steps_stand_right_beneath_the_words_that_they_change(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page)
    parts = [
        page.locator(part).first.evaluate(ENDS) for part in (".say p", ".controls button", ".say .pills", ".pictures")
    ]
    words, steps, starts, picture = parts
    assert 0 <= steps[0] - words[1] <= 24
    assert starts[0] - steps[1] >= 8
    assert picture[0] - starts[1] >= 8


def test_each_answer_is_told_with_its_cost_s_name(page: Page) -> None:
    open_lesson(page, "?epoch=40")
    told = page.locator(".shelf-head b").inner_text()
    found = {cost: learn(cost, 2, 2, x=1, y=0, lr=0.15, epochs=300).a[40] for cost in COSTS}
    assert [float(one) for one in re.findall(r"a = ([\d.]+)", told)] == pytest.approx(
        [found["quadratic"], found["cross_entropy"]], abs=6e-4
    )
    assert re.findall(r"[a-z-]+(?= a =)", told) == ["quadratic", "cross-entropy"]


def test_the_chinese_page_has_chinese_words(page: Page) -> None:
    for query in ("", "&epoch=40", "&w=-1.5&b=-1"):
        open_lesson(page, f"?lang=zh{query}")
        for part in (".say h2", ".say p", ".shelf-head", ".row.upper"):
            text = page.locator(part).first.inner_text()
            assert re.search("[\u4e00-\u9fff]", text), (query, part)
            assert not re.search(r"[a-z]{3,} [a-z]{3,}", text), (query, text)


def test_what_a_drag_changes_is_written_within_a_few_frames(page: Page) -> None:
    open_lesson(page)
    board = page.locator(".cross-entropy-quadratic")
    assert slow_redraw(board, "host.board.state.w = 2 - i / 20; host.board.changed();") < 40
