"""Convolution, backward, in Chromium: every gradient's arithmetic is the engine's, and the pictures are linked."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import reference
from pages.backprop.convolution_backward.compute import spread_out
from pages.backprop.convolution_backward.controls import DY, POOLED, W, X, network_steps
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server

pytestmark = pytest.mark.browser

NUMBER = re.compile(r"[−+]?\d+(?:\.\d+)?")


def open_lesson(page: Page, query: str = "") -> None:
    page.goto(f"/convolution-backward{query}")
    expect(page.locator(".bench-root .shelf .total").first).to_be_visible()
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


def summed(page: Page) -> float:
    """What the chips of the shelf's first line add up to."""
    return sum(
        float(np.prod(numbers(text))) for text in page.locator(".shelf .line").first.locator(".chip").all_inner_texts()
    )


def lit(page: Page, grid: str) -> set[str]:
    return set(page.locator(f'[data-grid="{grid}"] .cell.on').evaluate_all("all => all.map(one => one.dataset.at)"))


def expect_link(page: Page, **wanted: str) -> None:
    page.wait_for_function(
        "wanted => Object.entries(wanted).every(([name, it]) => new URLSearchParams(location.search).get(name) === it)",
        arg=wanted,
    )


def loops(stride: int = 1, side: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return reference.conv2d_backward(X, W, DY[:, :, :side, :side], (stride, stride))


def test_the_page_opens_on_a_picture_with_a_question(page: Page) -> None:
    open_lesson(page)
    assert page.locator(".say h2").inner_text().endswith("?")
    assert cells(page, "Y").tolist() == loops()[0].ravel().tolist()
    assert cells(page, "W").tolist() == W.ravel()[::-1].tolist()  # turned by 180°
    shelf = page.locator(".shelf").bounding_box()
    assert shelf is not None
    assert shelf["y"] + shelf["height"] <= 900, "picture and arithmetic are seen without scrolling"


def test_every_pixels_products_are_written_out_with_no_word_to_the_server(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page)
    dx, before = loops()[0][0, 0], quiet(page, sent)
    with clock_standing(page):
        for u, v in ((0, 0), (2, 2), (4, 4), (1, 3)):
            cell(page, "Y", f"{u},{v}").hover()
            expect(page.locator(".shelf-head b")).to_have_text(f"dx[0, {u}, {v}]")
            assert total(page) == summed(page) == dx[u, v]
            # Two rings of zeros stand around it.
            assert lit(page, "dY") == {f"{u + a},{v + b}" for a in range(3) for b in range(3)}
        assert len(sent) == before


def test_a_stride_puts_zeros_between_and_both_pictures_of_dy_light_up(page: Page) -> None:
    open_lesson(page, "?stride=2")
    dy = DY[:, :, :2, :2]
    assert cells(page, "Z").tolist() == spread_out(dy, (2, 2)).ravel().tolist()
    assert cells(page, "Y").tolist() == loops(2, 2)[0].ravel().tolist()
    cell(page, "Y", "2,2").hover()
    assert lit(page, "dY") == {"0,0", "0,1", "1,0", "1,1"}  # the middle pixel was read by all four outputs
    assert lit(page, "Z") == {f"{2 + a},{2 + b}" for a in range(3) for b in range(3)}
    cell(page, "Y", "1,1").hover()
    assert lit(page, "dY") == {"0,0"}
    assert total(page) == summed(page) == dy[0, 0, 0, 0] * W[0, 0, 1, 1]


def test_a_weight_meets_pixels_as_far_apart_as_the_stride(page: Page) -> None:
    open_lesson(page, "?view=dw&stride=2")
    dweight, dbias = loops(2, 2)[1:]
    assert cells(page, "Y").tolist() == dweight.ravel().tolist()
    cell(page, "Y", "1,2").hover()
    assert total(page) == summed(page) == dweight[0, 0, 1, 2]
    met = page.locator(".shelf .chip:not(.zero)").all_inner_texts()
    wanted = [f"{X[0, 0, 1 + 2 * i, 2 + 2 * j]:g}" for i in (0, 1) for j in (0, 1) if X[0, 0, 1 + 2 * i, 2 + 2 * j]]
    assert [text.split(" × ")[0] for text in met] == wanted
    cell(page, "B", "0,0").hover()
    expect(page.locator(".shelf-head b")).to_have_text("db[0]")
    assert total(page) == summed(page) == dbias[0]
    expect(page.locator(".say h2")).to_contain_text("bias")


def test_a_pixels_copies_light_up_in_the_matrix_and_add_up(page: Page) -> None:
    open_lesson(page, "?view=columns")
    dx = loops()[0][0, 0]
    columns = (W.reshape(1, 9).T @ DY[0, 0, :3, :3].reshape(1, 9)).ravel()
    assert cells(page, "C").tolist() == columns.tolist()
    for (u, v), copies in (((0, 0), 1), ((2, 2), 9), ((0, 2), 3)):
        cell(page, "Y", f"{u},{v}").hover()
        expect(page.locator(".shelf-head b")).to_have_text(f"dx[0, {u}, {v}]")
        assert len(lit(page, "C")) == copies
        assert total(page) == summed(page) == dx[u, v]
    cell(page, "C", "4,3").hover()
    expect(page.locator(".shelf-head b")).to_have_text("dX_col[4, 3]")
    assert total(page) == W[0, 0, 1, 1] * DY[0, 0, 1, 0]
    assert (lit(page, "W"), lit(page, "R")) == ({"4,0"}, {"0,3"})
    cell(page, "C", "4,3").click()
    expect_link(page, shown="C", cell="39")


def test_pooling_routes_to_the_winner_and_a_larger_number_takes_it_over(page: Page) -> None:
    open_lesson(page, "?view=pool")
    dx = reference.max_pool2d_backward(POOLED, DY[:, :, :3, :3], (2, 2), (2, 2))
    assert cells(page, "Y").tolist() == dx.ravel().tolist()
    cell(page, "Y", "0,0").hover()
    expect(page.locator(".say h2")).to_contain_text("loser")
    assert total(page) == 0
    cell(page, "X", "0,0").click()
    page.locator("input.edit").fill("20")
    page.locator("input.edit").press("Enter")
    expect(page.locator('[data-grid="X"] .cell.changed')).to_have_count(1)
    assert cells(page, "Y")[0] == DY[0, 0, 0, 0]
    expect_link(page, edits="x.0:20")


def test_average_pooling_shares_out(page: Page) -> None:
    open_lesson(page, "?view=pool&kind=average")
    cell(page, "Y", "2,3").hover()
    assert total(page) == pytest.approx(DY[0, 0, 1, 1] / 4, abs=0.006)
    assert lit(page, "dY") == {"1,1"}
    assert lit(page, "W") == {"0,1"}


def test_real_gradients_of_the_network_add_up_over_its_maps(page: Page) -> None:
    open_lesson(page, "?source=conv2&k=7")
    dx = network_steps()["conv2"][1].dx[0, 0]
    cell(page, "Y", "1,2").hover()
    expect(page.locator(".shelf-head b")).to_have_text("dx[0, 1, 2]")
    assert total(page) == pytest.approx(dx[1, 2], abs=0.006)
    # A chip says the map's number and then its sum.
    texts = page.locator(".shelf button.chip").evaluate_all("all => all.map(one => one.lastChild.textContent)")
    parts = [numbers(text)[0] for text in texts]
    assert len(parts) == 16
    assert sum(parts) == pytest.approx(dx[1, 2], abs=0.09)


def test_everything_is_reached_by_the_keyboard(page: Page) -> None:
    open_lesson(page)
    page.locator('[data-grid="dY"] .cells').focus()
    page.keyboard.press("Enter")
    page.locator("input.edit").fill("4")
    page.keyboard.press("Enter")
    expect_link(page, edits="d.0:4")
    page.locator('[data-grid="Y"] .cells').focus()
    name = page.locator(".shelf-head b").inner_text()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".shelf-head b")).not_to_have_text(name)
    page.locator('[data-knob="stride1"]').focus()
    page.keyboard.press("Enter")
    expect_link(page, stride="2")
    expect(page.locator('[data-grid="Z"]')).to_be_visible()


def test_a_link_leads_to_the_same_stop_of_the_trained_network(page: Page) -> None:
    open_lesson(page)
    page.get_by_role("link", name="second convolution").click()
    expect(page.locator(".bench-root .kicker, .bench-root .say h2").first).to_be_visible()
    page.wait_for_function(
        "location.pathname.endsWith('forward-backward') && location.search.includes('at=conv2.input')"
    )


@pytest.mark.parametrize("view", ["dx", "dw", "columns", "pool"])
def test_a_phone_scrolls_only_downwards(page: Page, view: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page, f"?view={view}&stride=2")
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]
    for part in page.locator(".bench :is(.knob, .notes p, .shelf, .say p)").all():
        box = part.bounding_box()
        assert box is None or box["x"] + box["width"] <= 390


@pytest.mark.parametrize("view", ["dx", "dw", "columns", "pool"])
def test_the_whole_lesson_speaks_chinese(page: Page, view: str) -> None:
    open_lesson(page, f"?lang=zh&view={view}")
    for part in (".say h2", ".say p", ".shelf-head", ".notes"):
        text = page.locator(part).first.inner_text()
        assert re.search("[\u4e00-\u9fff]", text), part
        assert not re.search(r"[a-z]{3,} [a-z]{3,}", text), text
