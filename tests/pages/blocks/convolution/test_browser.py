"""Convolution, in Chromium: every number's arithmetic, every change, the matrix linked cell by cell to the picture."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.data.digits import digit
from engine.data.filters import FILTERS
from engine.kernels import convolution
from engine.kernels.im2col import im2col
from engine.layers.padding import PADS
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

NUMBER = re.compile(r"[−+]?\d+(?:\.\d+)?")
IMAGE = digit(504)[0][None].astype(float)
COUNTING = np.array([[[list(map(float, row)) for row in ("12345", "67890", "98765", "43210", "12345")]]])


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/convolution{query}")
    expect(page.locator(".bench-root .say h2")).to_be_visible()
    expect(page.locator(".st-key-sharing")).to_be_visible()
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


def sobel(x: np.ndarray, **changed: float) -> np.ndarray:
    weight = FILTERS["horizontal"].copy()
    for index, value in changed.items():
        weight.flat[int(index[1:])] = value
    return convolution.conv2d(x, weight[None, None], None, (1, 1), (1, 1))


def test_the_page_opens_on_a_picture_with_a_question(page: Page) -> None:
    open_lesson(page)
    assert page.locator(".say h2").inner_text().endswith("?")
    np.testing.assert_allclose(cells(page, "X"), IMAGE.ravel(), atol=0.0051)
    np.testing.assert_allclose(cells(page, "Y"), sobel(IMAGE).ravel(), atol=0.0051)
    shelf = page.locator(".shelf").bounding_box()
    assert shelf is not None
    assert shelf["y"] + shelf["height"] <= 900, "picture and arithmetic are seen without scrolling"


def test_hovering_writes_out_the_products_with_no_word_to_the_server(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page)
    y, before = sobel(IMAGE)[0, 0], quiet(page, sent)
    with clock_standing(page):
        for i, j in ((0, 0), (2, 5), (7, 7), (4, 3)):
            cell(page, "Y", f"{i},{j}").hover()
            expect(page.locator(".shelf-head b")).to_have_text(f"y[0, {i}, {j}]")
            assert total(page) == pytest.approx(y[i, j], abs=0.0051)
            assert lit(page, "X") == {f"{i + a},{j + b}" for a in range(3) for b in range(3)}
        assert len(sent) == before


def test_pointing_at_the_input_lights_its_product(page: Page) -> None:
    open_lesson(page)
    cell(page, "Y", "2,3").click()
    cell(page, "X", "3,4").hover()
    expect(page.locator(".shelf .chip.hot")).to_have_count(1)
    expect(page.locator('[data-grid="W"] .frame.term')).to_be_visible()


def test_a_typed_weight_changes_every_output_and_undo_brings_them_back(page: Page) -> None:
    open_lesson(page)
    cell(page, "W", "1,1").click()
    page.locator("input.edit").fill("abc")
    page.locator("input.edit").press("Enter")
    expect(page.locator("input.edit.wrong")).to_be_visible()
    page.locator("input.edit").fill("2.5")
    page.locator("input.edit").press("Enter")
    expect(page.locator('[data-grid="W"] .cell.changed')).to_have_count(1)
    np.testing.assert_allclose(cells(page, "Y"), sobel(IMAGE, w4=2.5).ravel(), atol=0.0051)
    expect_link(page, edits="w.4:2.5")
    page.locator('.knob[data-name="undo"] button').click()
    expect(page.locator('[data-grid="W"] .cell.changed')).to_have_count(0)
    np.testing.assert_allclose(cells(page, "Y"), sobel(IMAGE).ravel(), atol=0.0051)


def test_everything_is_reached_by_the_keyboard(page: Page) -> None:
    open_lesson(page)
    page.locator('[data-grid="W"] .cells').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("input.edit").fill("7")
    page.keyboard.press("Enter")
    expect_link(page, edits="w.4:7")
    page.locator('[data-grid="Y"] .cells').focus()
    name = page.locator(".shelf-head b").inner_text()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".shelf-head b")).not_to_have_text(name)
    page.keyboard.press("Enter")
    expect(page.locator('[data-grid="Y"] .frame.locked')).to_be_visible()
    page.locator('[data-knob="stride1"]').focus()
    page.keyboard.press("Enter")
    expect_link(page, stride="2")


def test_play_slides_the_kernel_to_the_last_place_and_stops(page: Page) -> None:
    open_lesson(page, "?source=cross&kernel=cross&padding=0&cell=0")
    expect(page.locator(".shelf-head b")).to_have_text("y[0, 0, 0]")
    page.locator('.controls [data-control="play"]').click()
    expect(page.locator(".shelf-head b")).to_have_text("y[0, 2, 2]")
    expect(page.locator('.controls [data-control="play"]')).to_have_attribute("aria-label", "Play")
    expect_link(page, cell="8")


@pytest.mark.parametrize(
    ("example", "golden"),
    [
        ("5×5 zeros and ones, a cross: 4 3 4 / 2 4 3 / 2 3 4", [4, 3, 4, 2, 4, 3, 2, 3, 4]),
        ("The same with stride 2: 4 4 / 2 4", [4, 4, 2, 4]),
        ("5×5 digits, a cross: 27 28 29 / 28 27 16 / 23 22 21", [27, 28, 29, 28, 27, 16, 23, 22, 21]),
    ],
)
def test_the_worked_examples_stand_in_the_cells(page: Page, example: str, golden: list[float]) -> None:
    # [G] convolution: the two 5×5 examples.
    open_lesson(page)
    page.get_by_role("button", name="Worked examples").click()
    page.get_by_role("button", name=example, exact=True).click()
    expect(page.locator('[data-grid="Y"] .cell')).to_have_count(len(golden))
    assert cells(page, "Y").tolist() == golden


def test_a_stride_that_does_not_fit_is_flagged_where_it_is_set(page: Page) -> None:
    # [G] convolution: W = 10, F = 3, S = 2 gives 4.5.
    open_lesson(page, "?source=ten&padding=0")
    page.locator('[data-knob="stride1"]').click()
    expect(page.locator('.knob.flagged[data-name="stride"]')).to_be_visible()
    expect(page.locator(".notes")).to_contain_text("4.5")
    expect(page.locator('[data-grid="Y"] .cell')).to_have_count(16)


def test_two_quick_steps_of_a_setting_both_count(page: Page) -> None:
    open_lesson(page)
    for _ in range(2):
        page.locator('[data-knob="stride1"]').click()
    page.locator('[data-knob="padding1"]').click()
    expect_link(page, stride="3", padding="2")


def test_a_column_of_the_matrix_and_its_window_light_each_other(page: Page) -> None:
    open_lesson(page, "?view=matrix&source=counting&kernel=cross&padding=0")
    columns = im2col(COUNTING, (3, 3))[0]
    np.testing.assert_array_equal(cells(page, "C"), columns.ravel())
    cell(page, "C", "4,5").hover()  # column 5 is the patch at row 1, column 2; its number 4 the middle
    expect(page.locator(".shelf-head b")).to_have_text("y[0, 1, 2]")
    assert lit(page, "X") == {f"{1 + a},{2 + b}" for a in range(3) for b in range(3)}
    assert lit(page, "C") == {f"{row},5" for row in range(9)}
    expect(page.locator(".shelf .chip.hot")).to_have_text("6 × 1")
    cell(page, "Y", "2,0").hover()
    assert lit(page, "C") == {f"{row},6" for row in range(9)}
    cell(page, "P", "0,8").hover()
    expect(page.locator(".shelf-head b")).to_have_text("y[0, 2, 2]")


def test_pointing_at_another_row_of_the_product_turns_to_its_kernel(page: Page) -> None:
    open_lesson(page, "?view=matrix&source=counting&kernel=horizontal&padding=0&filters=2")
    cell(page, "P", "1,0").hover()
    expect(page.locator(".shelf-head b")).to_have_text("y[1, 0, 0]")
    assert cells(page, "W").tolist() == FILTERS["vertical"].ravel().tolist()


def test_padding_of_the_pictures_own_numbers_is_shown(page: Page) -> None:
    open_lesson(page, "?mode=reflect&padding=2")
    np.testing.assert_allclose(cells(page, "X"), PADS["reflect"]((2,) * 4).forward({}, IMAGE)[0].ravel(), atol=0.0051)
    expect(page.locator('[data-grid="X"] .cell.margin')).to_have_count(12 * 12 - 64)


def test_a_photo_is_drawn_with_the_numbers_under_the_window_beside(page: Page) -> None:
    open_lesson(page, "?source=china&kernel=edges&padding=0")
    expect(page.locator('[data-grid="X"] canvas').last).to_be_visible()
    expect(page.locator('[data-grid="L"] .cell')).to_have_count(9)
    box = page.locator('[data-grid="Y"] .cells').bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    first = cells(page, "L").tolist()
    name = page.locator(".shelf-head b").inner_text()
    page.locator('[data-grid="Y"] .cells').focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".shelf-head b")).not_to_have_text(name)
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 4)
    assert cells(page, "L").tolist() != first
    products = [
        float(np.prod(numbers(text))) for text in page.locator(".shelf .line").first.locator(".chip").all_inner_texts()
    ]
    part = numbers(page.locator(".shelf .total.part").inner_text())[-1]
    assert sum(products) == pytest.approx(part, abs=0.25)  # factors to two decimals, weights up to 16


def test_one_class_of_the_linear_layer_is_framed_twice_with_one_value(page: Page) -> None:
    # [G] fully connected as convolution: outputs equal.
    open_lesson(page, "?view=linear")
    conv = [numbers(text)[-1] for text in page.locator('[data-grid="Y"] .bar').all_inner_texts()]
    # A cell has room for three digits: two decimals, and from 10 on one.
    shown = np.array(cells(page, "Z"))
    assert (np.abs(shown - conv) <= np.where(np.abs(shown) >= 10, 0.051, 0.0061)).all()
    cell(page, "Z", "0,3").hover()
    expect(page.locator(".shelf-head b")).to_have_text("y[3]")
    expect(page.locator('[data-grid="Y"] > .cells > .frame').first).to_be_visible()
    expect(page.locator('[data-grid="V"] .grid-head')).to_contain_text("W[3]")


def test_a_reload_comes_back_to_the_same_cell(page: Page) -> None:
    open_lesson(page)
    cell(page, "Y", "5,5").click()
    expect_link(page, cell="45")
    page.reload()
    expect(page.locator(".shelf-head b")).to_have_text("y[0, 5, 5]")
    assert parse_qs(urlparse(page.url).query) == {"cell": ["45"], "held": ["1"]}


def test_a_filter_and_the_channels_of_its_group_light_each_other(page: Page) -> None:
    open_lesson(page, "?source=maps&kernel=vertical&filters=8&groups=4&cell=0")
    inputs, outputs = (page.locator(f'[data-grid="{grid}"] .channels button') for grid in ("X", "Y"))

    def read() -> list[int]:
        return inputs.evaluate_all("all => all.flatMap((one, c) => (one.classList.contains('beyond') ? [] : [c]))")

    def heads() -> list[str]:
        return [page.locator(f'[data-grid="{grid}"] .grid-head > span').inner_text() for grid in "XWY"]

    for k in range(8):
        outputs.nth(k).click()
        group = k // 2
        assert read() == [2 * group, 2 * group + 1]
        assert heads() == [f"x[{2 * group}]", f"W[{k}, 0]", f"y[{k}]"]
        summed = page.locator(".shelf .line.small").last.locator("button.chip small").all_inner_texts()
        assert [int(text) for text in summed] == read(), "the sums are named by the picture's own channels"
        assert f"channels {2 * group} to {2 * group + 1}" in page.locator(".say p").inner_text()
    inputs.nth(5).click()
    assert heads() == ["x[5]", "W[5, 1]", "y[5]"], "a channel of another group takes the filter along"
    expect_link(page, k="5", c="1")
    cell(page, "W", "0,0").click()
    page.locator("input.edit").fill("3")
    page.locator("input.edit").press("Enter")
    expect_link(page, edits=f"w.{(5 * 2 + 1) * 9}:3")


def test_groups_are_chosen_and_those_that_do_not_divide_are_answered(page: Page) -> None:
    open_lesson(page, "?source=maps&filters=8")
    groups = page.locator('select[data-knob="groups"]')
    for chosen, taken in (("2", "2"), ("8", "8"), ("4", "4"), ("3", "2")):
        groups.select_option(chosen)
        expect(page.locator(".notes")).to_contain_text(f"In {taken} groups each filter reads")
        expect(groups).to_have_value(taken)
        expect_link(page, groups=chosen)
    expect(page.locator(".notes .flagged")).to_contain_text("3 groups can't cut 8 channels")
    page.locator('[data-knob="channels-1"]').click()
    expect(page.locator('[data-grid="X"] .channels button')).to_have_count(7)
    page.locator('[data-knob="channels-1"]').click()
    expect(page.locator(".notes")).to_contain_text("In 3 groups each filter reads 2 of 6 channels")
    page.locator('[data-knob="filters-1"]').click()
    expect(page.locator('[data-grid="Y"] .channels button')).to_have_count(3)


def test_pointing_at_an_output_shows_its_own_kernel_and_a_kernel_serves_one_place(page: Page) -> None:
    open_lesson(page, "?view=local&source=face&kernel=edges")
    for at, kernel in (("1,2", "edges"), ("6,4", "horizontal"), ("0,0", "edges")):
        cell(page, "Y", at).hover()
        expect(page.locator('[data-grid="W"] .grid-head > span')).to_have_text(f"W[{at.replace(',', ', ')}]")
        assert cells(page, "W").tolist() == FILTERS[kernel].ravel().tolist()
    every = page.locator('[data-grid="M"] .cells')
    frame, whole = every.locator(".frame").first.bounding_box(), every.bounding_box()
    assert frame is not None
    assert whole is not None
    assert frame["width"] == pytest.approx(whole["width"] / 8, abs=6), "of all kernels, its own is framed"
    page.mouse.move(whole["x"] + whole["width"] * 2.5 / 8, whole["y"] + whole["height"] * 5.5 / 8)
    expect(page.locator('[data-grid="Y"] .cell.on')).to_have_count(1)
    assert lit(page, "Y") == {"5,2"}
    expect(page.locator(".shelf-head")).to_contain_text("goes into one cell of y")
    page.mouse.move(1, 1)
    before = cells(page, "Y")
    cell(page, "Y", "2,3").hover()
    cell(page, "W", "1,1").click()
    page.locator("input.edit").fill("-7.5")
    page.locator("input.edit").press("Enter")
    expect(page.locator('[data-grid="W"] .cell.changed')).to_have_count(1)
    assert np.flatnonzero(cells(page, "Y") != before).size == 1


def test_a_link_to_a_channel_that_is_not_there_shows_one_that_is(page: Page) -> None:
    open_lesson(page, "?source=five&c=9&k=7&cell=9")
    for grid in "XWY":
        assert np.isfinite(cells(page, grid)).all()


def test_reduced_motion_moves_nothing_by_itself(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_lesson(page)
    assert page.locator(".frame").first.evaluate("one => getComputedStyle(one).transitionDuration") in ("0s", "")
