"""Batch norm, in Chromium: every step's arithmetic is the engine's, and stepping goes there and back again."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.types import Params
from pages.backprop.batch_norm.compute import backward_steps, forward_steps
from pages.backprop.batch_norm.controls import _BETA, _GAMMA, _MIXED, _SCALES, STEPS
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

NUMBER = re.compile(r"[−+]?\d+(?:\.\d+)?")
ORDER = (
    *("mean", "centred", "squared", "var", "std", "inv_std", "x_hat", "scaled", "y"),
    *("dscaled", "dbias", "dweight", "dx_hat", "dinv_std", "dstd", "dvar", "dsquared", "dcentred", "dmean", "dx"),
)


def engine(x: np.ndarray = _SCALES) -> Params:
    forward = forward_steps(x, _GAMMA, _BETA, 1e-5)
    return forward | backward_steps(forward, _GAMMA, _MIXED)


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/batch-norm{query}")
    expect(page.locator(".bench-root .shelf .total").first).to_be_visible()
    still(page)


def numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in NUMBER.findall(text)]


def cells(page: Page, grid: str) -> np.ndarray:
    texts = page.locator(f'[data-grid="{grid}"] .cells .cell').all_inner_texts()
    return np.array([numbers(text)[0] for text in texts])


def cell(page: Page, grid: str, at: str):  # type: ignore[no-untyped-def]
    return page.locator(f'[data-grid="{grid}"] .cell[data-at="{at}"]')


def total(page: Page) -> float:
    return numbers(page.locator(".shelf .total").last.inner_text())[-1]


def framed(page: Page) -> str:
    """The picture whose number is explained: nothing in it is dimmed, and one cell is framed."""
    found = page.locator(".grid.result").evaluate_all(
        "all => all.filter(one => !one.querySelector('.active') && !one.querySelector('.frame').hidden)"
        ".map(one => one.dataset.grid)"
    )
    assert len(found) == 1
    return str(found[0])


def lit(page: Page, grid: str) -> set[str]:
    return set(page.locator(f'[data-grid="{grid}"] .cell.on').evaluate_all("all => all.map(one => one.dataset.at)"))


def expect_link(page: Page, **wanted: str) -> None:
    page.wait_for_function(
        "wanted => Object.entries(wanted).every(([name, it]) => new URLSearchParams(location.search).get(name) === it)",
        arg=wanted,
    )


def test_the_page_opens_on_the_whole_chain_with_a_question(page: Page) -> None:
    open_lesson(page)
    assert page.locator(".say h2").inner_text().endswith("?")
    assert set(ORDER) == set(STEPS)
    for name, array in engine().items():
        # A cell has room for three digits: two decimals, from 10 on one, from 100 on none.
        shown, right = np.array(cells(page, name)), array.ravel()
        half = np.select([np.abs(shown) >= 100, np.abs(shown) >= 10], [0.51, 0.051], 0.0051)
        assert (np.abs(shown - right) <= half).all(), name
    shelf = page.locator(".shelf").bounding_box()
    assert shelf is not None
    assert shelf["y"] + shelf["height"] <= 900, "picture and arithmetic are seen without scrolling"


def test_each_gradient_stands_right_under_its_value(page: Page) -> None:
    open_lesson(page)
    for name in ("x", "mean", "centred", "squared", "x_hat", "scaled", "y"):
        above, below = (page.locator(f'[data-grid="{grid}"]').bounding_box() for grid in (name, f"d{name}"))
        assert above is not None
        assert below is not None
        assert abs(above["x"] - below["x"]) < 2
        assert above["y"] + above["height"] <= below["y"] + 1


def test_hovering_writes_any_step_out_with_no_word_to_the_server(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page)
    known, before = engine(), quiet(page, sent)
    with clock_standing(page):
        for name in ORDER:
            cell(page, name, "0,1").hover()
            assert framed(page) == name
            assert total(page) == pytest.approx(float(known[name][0, 1]), abs=0.006)
        cell(page, "dweight", "0,2").hover()
        assert lit(page, "dscaled") == lit(page, "x_hat") == {f"{n},2" for n in range(6)}
        products = [float(np.prod(numbers(text))) for text in page.locator(".shelf .chip").all_inner_texts()]
        assert sum(products) == pytest.approx(total(page), abs=0.01)
        assert len(sent) == before


def test_small_numbers_are_written_with_digits_enough(page: Page) -> None:
    open_lesson(page, "?step=dvar&cell=0")
    assert total(page) == pytest.approx(float(engine()["dvar"][0, 0]), rel=0.05)
    assert total(page) != 0


def test_next_goes_from_the_mean_to_y_and_back_to_dx(page: Page) -> None:
    open_lesson(page, "?step=mean&cell=1")
    page.locator(".has-keys").focus()
    headings = []
    for name in ORDER:
        assert framed(page) == name
        headings.append(page.locator(".say h2").inner_text())
        page.keyboard.press("ArrowRight")
    assert framed(page) == "dx"
    assert len(set(headings)) == len(ORDER)
    for name in reversed(ORDER[:-1]):
        page.keyboard.press("ArrowLeft")
        assert framed(page) == name


def test_play_walks_on_by_itself_and_stops_at_the_end(page: Page) -> None:
    open_lesson(page, "?step=dcentred&cell=0")
    page.locator(".speeds button").last.click()
    page.locator('.controls [data-control="play"]').click()
    expect(page.locator(".shelf-head b")).to_have_text("dx[0, 0]")
    expect(page.locator('.controls [data-control="play"]')).to_have_attribute("aria-label", "Play")
    expect_link(page, step="dx")


def test_a_typed_number_changes_every_step(page: Page) -> None:
    open_lesson(page)
    cell(page, "x", "0,0").click()
    page.locator("input.edit").fill("abc")
    page.locator("input.edit").press("Enter")
    expect(page.locator("input.edit.wrong")).to_be_visible()
    page.locator("input.edit").fill("-50")
    page.locator("input.edit").press("Enter")
    expect(page.locator('[data-grid="x"] .cell.changed')).to_have_count(1)
    x = _SCALES.copy()
    x[0, 0] = -50
    for name in ("mean", "x_hat", "y", "dx"):
        np.testing.assert_allclose(cells(page, name), engine(x)[name].ravel(), atol=0.0051)
    expect_link(page, edits="x.0:-50")
    page.locator('.knob[data-name="undo"] button').click()
    expect(page.locator('[data-grid="x"] .cell.changed')).to_have_count(0)


def test_a_way_switched_off_is_seen_to_be_wrong(page: Page) -> None:
    open_lesson(page, "?view=ways")
    assert not cells(page, "difference").any()
    page.locator('[data-knob="mean_way.off"]').click()
    expect(page.locator(".notes .flagged")).to_be_visible()
    expect_link(page, mean_way="off")
    assert np.abs(cells(page, "difference")).max() > 1
    assert not cells(page, "through_mean").any()
    cell(page, "dx", "1,2").hover()
    expect(page.locator(".shelf .chip")).to_have_count(3)
    assert sum(numbers(text)[0] for text in page.locator(".shelf .chip").all_inner_texts()) == pytest.approx(
        total(page), abs=0.02
    )


def test_in_testing_more_batches_bring_the_averages_closer(page: Page) -> None:
    open_lesson(page, "?view=test&seen=1")
    assert cells(page, "mean")[0] == pytest.approx(4)
    page.locator('[data-knob="seen"]').select_option("100")
    expect(cell(page, "mean", "0,0")).to_have_text("40.0")
    expect(page.locator('[data-grid="dmean"]')).to_have_count(0)
    expect_link(page, seen="100")


def test_a_reload_comes_back_to_the_same_step(page: Page) -> None:
    open_lesson(page)
    cell(page, "dvar", "0,2").click()
    expect_link(page, step="dvar", cell="2")
    page.reload()
    expect(page.locator(".shelf-head b")).to_have_text("dσ²[2]")
    assert framed(page) == "dvar"
