"""Pooling, in Chromium: winners, ties, draws and shares, there and back; what stays when the picture moves."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.data.digits import digit
from engine.layers import AvgPool2d, MaxPool2d
from engine.layers.pool_variants import LPPool2d, StochasticPool2d
from pages.blocks.pooling.compute import Pooled, moved, pool
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

NUMBER = re.compile(r"[−+]?\d+(?:\.\d+)?")
IMAGE = digit(504)[0][None].astype(float)
CHANCES = "x.18:0.4~x.19:0.3~x.26:0.1~x.27:0.2"


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/pooling{query}")
    expect(page.locator(".bench-root .say h2")).to_be_visible()
    expect(page.locator(".st-key-section-text-reading")).to_be_visible()
    still(page)


def numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in NUMBER.findall(text)]


def cells(page: Page, grid: str) -> np.ndarray:
    texts = page.locator(f'[data-grid="{grid}"] .cells .cell:not(.pad)').all_inner_texts()
    return np.array([numbers(text)[0] for text in texts])


def cell(page: Page, grid: str, at: str):  # type: ignore[no-untyped-def]
    return page.locator(f'[data-grid="{grid}"] .cell[data-at="{at}"]')


def total(page: Page) -> float:
    return numbers(page.locator(".shelf .total").last.inner_text())[-1]


def lit(page: Page, grid: str) -> set[str]:
    found = page.locator(f'[data-grid="{grid}"] .cell.on').evaluate_all("all => all.map(one => one.dataset.at)")
    return set(found)


def expect_link(page: Page, **wanted: str) -> None:
    page.wait_for_function(
        "wanted => Object.entries(wanted).every(([name, it]) => new URLSearchParams(location.search).get(name) === it)",
        arg=wanted,
    )


def type_into(page: Page, grid: str, at: str, text: str) -> None:
    cell(page, grid, at).click()
    page.locator("input.edit").fill(text)
    page.locator("input.edit").press("Enter")


def expect_pooled(page: Page, found: Pooled) -> None:
    for grid, array in (("X", found.step.x), ("Y", found.step.y), ("DY", found.back.dy), ("DX", found.back.dx)):
        np.testing.assert_allclose(cells(page, grid), array.ravel(), atol=0.0051, err_msg=grid)


def test_the_page_opens_on_both_ways_with_a_question(page: Page) -> None:
    open_lesson(page)
    assert page.locator(".say h2").inner_text().endswith("?")
    expect_pooled(page, pool(MaxPool2d(2), IMAGE))
    expect(page.locator('[data-grid="X"] .cell.winner')).to_have_count(16)
    expect(page.locator(".notes")).to_contain_text("75 %")
    shelf = page.locator(".shelf").bounding_box()
    assert shelf is not None
    assert shelf["y"] + shelf["height"] <= 900, "picture and arithmetic are seen without scrolling"


def test_pointing_writes_out_both_ways_with_no_word_to_the_server(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page)
    before = quiet(page, sent)
    with clock_standing(page):
        cell(page, "Y", "1,1").hover()
        expect(page.locator(".shelf-head")).to_contain_text("row 2, column 2")
        assert lit(page, "X") == {"2,2", "2,3", "3,2", "3,3"}
        assert lit(page, "DY") == {"1,1"}
        cell(page, "DX", "2,2").hover()
        expect(page.locator(".say h2")).to_have_text("Back to the winner")
        assert total(page) == 1
        assert lit(page, "DY") == {"1,1"}
        cell(page, "DX", "3,3").hover()
        expect(page.locator(".say h2")).to_have_text("Nothing for the losers")
        assert total(page) == 0
        assert len(sent) == before


def test_typing_a_number_makes_a_tie_and_the_first_wins(page: Page) -> None:
    open_lesson(page)
    type_into(page, "X", "2,3", "0.875")
    expect(page.locator('[data-grid="X"] .cell.changed')).to_have_count(1)
    cell(page, "Y", "1,1").hover()
    expect(page.locator(".say h2")).to_have_text("Who wins a tie?")
    expect(page.locator(".shelf-head")).to_contain_text("2 cells are equal")
    expect(cell(page, "X", "2,2")).to_have_class(re.compile("winner"))
    type_into(page, "X", "2,2", "0.8")
    expect(cell(page, "X", "2,3")).to_have_class(re.compile("winner"))
    expect_link(page, edits="x.19:0.875~x.18:0.8")
    cell(page, "DX", "2,3").hover()
    assert total(page) == 1


def test_what_is_no_number_is_asked_for_again(page: Page) -> None:
    open_lesson(page)
    cell(page, "X", "0,0").click()
    page.locator("input.edit").fill("abc")
    page.locator("input.edit").press("Enter")
    expect(page.locator("input.edit.wrong")).to_be_visible()
    page.locator("input.edit").press("Escape")
    expect_pooled(page, pool(MaxPool2d(2), IMAGE))


def test_a_typed_gradient_goes_to_the_winner(page: Page) -> None:
    open_lesson(page)
    type_into(page, "DY", "1,1", "-3")
    expect(cell(page, "DX", "2,2")).to_have_text("−3.00")
    expect_link(page, edits="d.5:-3")


def test_overlapping_windows_add_up_in_one_pixel(page: Page) -> None:
    open_lesson(page, "?source=digit-7&window=3&back=1&cell=16")
    expect(page.locator(".shelf-head b")).to_have_text("dx[0, 2, 2]")
    expect(page.locator(".shelf-head")).to_contain_text("4 windows read this cell; it was taken by 3")
    assert total(page) == 3
    assert lit(page, "DY") == {"0,0", "0,1", "1,0", "1,1"}


def test_a_cell_that_no_window_reads_is_told_so(page: Page) -> None:
    open_lesson(page, "?source=digit-7")
    cell(page, "DX", "6,6").hover()
    expect(page.locator(".say h2")).to_have_text("Never read at all")
    expect(page.locator(".shelf-head")).to_contain_text("no window reads this cell")


@pytest.mark.parametrize(
    ("query", "layer"),
    [("method=average", AvgPool2d(2)), ("method=norm", LPPool2d(2, 2)), ("method=norm&p=6", LPPool2d(6, 2))],
)
def test_shares_are_written_as_products_both_ways(page: Page, query: str, layer: AvgPool2d | LPPool2d) -> None:
    open_lesson(page, f"?{query}")
    found = pool(layer, IMAGE)
    expect_pooled(page, found)
    cell(page, "Y", "1,1").hover()
    products = [float(np.prod(numbers(text))) for text in page.locator(".shelf .chip").all_inner_texts()]
    assert len(products) == 4
    assert sum(products) == pytest.approx(found.step.y[0, 0, 1, 1], abs=0.03)
    cell(page, "DX", "2,3").hover()
    assert total(page) == pytest.approx(found.back.dx[0, 0, 2, 3], abs=0.0051)


def test_a_draw_shows_every_chance_and_drawing_again_another(page: Page) -> None:
    open_lesson(page, f"?method=stochastic&edits={CHANCES}&cell=5")
    texts = page.locator(".shelf .chip").all_inner_texts()
    assert [text.split(":")[0] for text in texts] == ["40%", "30%", "10%", "20%"]
    x = IMAGE.copy()
    x[0, 0, 2:4, 2:4] = [[0.4, 0.3], [0.1, 0.2]]
    found = pool(StochasticPool2d(2), x, train=True, rng=np.random.default_rng(0))
    expect_pooled(page, found)
    page.locator('.knob[data-name="draw"] button').click()
    expect_link(page, seed="1")
    again = pool(StochasticPool2d(2), x, train=True, rng=np.random.default_rng(1))
    still(page)
    expect_pooled(page, again)
    page.locator('[data-knob="phase.test"]').click()
    expect(page.locator(".say h2")).to_have_text("And when nothing may depend on chance?")
    cell(page, "Y", "1,1").hover()
    assert total(page) == pytest.approx(0.3, abs=0.0051)


def test_numbers_that_are_not_above_0_have_words_of_their_own(page: Page) -> None:
    open_lesson(page, f"?method=stochastic&phase=test&edits={CHANCES}&cell=5")
    said = page.locator(".say")
    cell(page, "DX", "2,2").hover()
    expect(said.locator("h2")).to_have_text("A share that itself depends on x")
    cell(page, "DX", "0,0").hover()
    expect(said.locator("h2")).to_have_text("What does a number without a chance hear?")
    assert IMAGE[0, 0, :2, :2].max() == 0
    expect(said).to_contain_text("0.25")
    page.locator('[data-knob="phase.train"]').click()
    expect(said.locator("h2")).to_have_text("What if chance decides?")
    cell(page, "Y", "0,0").hover()
    expect(said.locator("h2")).to_have_text("What if there is nothing to choose from?")


def test_a_strided_convolution_has_weights_and_their_gradient(page: Page) -> None:
    open_lesson(page, "?method=convolution&back=2")
    expect(page.locator(".shelf-head b")).to_contain_text("dW[")
    assert cells(page, "DW").tolist() == pytest.approx(
        [IMAGE[0, 0, a::2, b::2].sum() for a in (0, 1) for b in (0, 1)], abs=0.0051
    )
    type_into(page, "W", "0,0", "1")
    expect_link(page, edits="w.0:1")
    expect(cell(page, "Y", "0,1")).to_have_text("0.69")  # 1·0.13 + 0.25·(0.5 + 0.75 + 1)


def test_the_arrows_move_the_picture_and_what_changed_is_marked(page: Page) -> None:
    open_lesson(page, "?view=move")
    before, after = (pool(MaxPool2d(2), x).step.y for x in (IMAGE, moved(IMAGE, 1, 0)))
    np.testing.assert_allclose(cells(page, "max1"), after.ravel(), atol=0.0051)
    expect(page.locator('[data-grid="max1"] .cell.changed')).to_have_count(int((before != after).sum()))
    cell(page, "average1", "1,2").hover()
    expect(page.locator('[data-grid="average0"] > .cells > .frame').first).to_be_visible()
    page.locator('.knob[data-name="right"] button').click()
    expect_link(page, right="2")
    expect(page.locator(".notes")).to_contain_text("whole number of strides")
    np.testing.assert_allclose(cells(page, "max1"), moved(before, 1, 0).ravel(), atol=0.0051)
    expect(page.locator('.knob[data-name="right"] button')).to_be_focused()


def test_everything_is_reached_by_the_keyboard(page: Page) -> None:
    open_lesson(page)
    page.locator('[data-grid="X"] .cells').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("input.edit").fill("7")
    page.keyboard.press("Enter")
    expect_link(page, edits="x.8:7")
    page.locator('[data-grid="DX"] .cells').focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".shelf-head b")).to_contain_text("dx[")
    page.keyboard.press("Enter")
    expect(page.locator('[data-grid="DX"] .frame.locked')).to_be_visible()
    page.locator('[data-knob="window1"]').focus()
    page.keyboard.press("Enter")
    expect_link(page, window="3")


def test_a_reload_comes_back_to_the_same_cell_of_the_same_map(page: Page) -> None:
    open_lesson(page)
    cell(page, "DX", "5,3").click()
    expect_link(page, cell="43", back="1")
    page.reload()
    expect(page.locator(".shelf-head b")).to_have_text("dx[0, 5, 3]")
    assert parse_qs(urlparse(page.url).query) == {"cell": ["43"], "back": ["1"], "held": ["1"]}


def test_an_example_opens_from_its_list(page: Page) -> None:
    open_lesson(page)
    page.get_by_role("button", name="Worked examples").click()
    page.get_by_role("button", name=re.compile("^L2: 0.3 and 0.4")).click()
    expect(cell(page, "Y", "1,1")).to_have_text("0.50")
    expect(page.locator(".shelf")).to_contain_text("0.30 × 0.60")
    expect(page.locator(".shelf")).to_contain_text("0.40 × 0.80")


VIEWS = ["", "?view=move", "?method=stochastic", "?method=convolution", "?method=global&source=maps"]


@pytest.mark.parametrize("query", VIEWS)
def test_a_phone_scrolls_only_downwards(page: Page, query: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page, query)
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]
    for part in page.locator(".bench :is(.knob, .notes p, .shelf, .say p, .grid)").all():
        box = part.bounding_box()
        assert box is None or box["x"] + box["width"] <= 390


@pytest.mark.parametrize("query", ["", "?view=move", "?method=stochastic"])
def test_the_whole_lesson_speaks_chinese(page: Page, query: str) -> None:
    open_lesson(page, f"{query or '?'}&lang=zh".replace("?&", "?"))
    for part in (".say h2", ".say p", ".shelf-head", ".notes", ".st-key-section-text-reading", ".st-key-bench-row"):
        text = page.locator(part).first.inner_text()
        assert re.search("[\u4e00-\u9fff]", text), part
        assert not re.search(r"[a-z]{3,} [a-z]{3,}", text), text
