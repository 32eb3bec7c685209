"""Convolution, backward, in Chromium: every gradient's arithmetic is the engine's, and the pictures are linked."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import reference
from pages.backprop.convolution_backward.compute import spread_out
from pages.backprop.convolution_backward.controls import DY, POOLED, W, X, network_steps
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

NUMBER = re.compile(r"[−+]?\d+(?:\.\d+)?")


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/convolution-backward{query}")
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


def test_the_page_opens_on_one_weight_at_its_first_place(page: Page) -> None:
    open_lesson(page)
    assert page.locator(".say h2").inner_text().endswith("?")
    assert cells(page, "W").tolist() == W.ravel().tolist()
    assert cells(page, "V").tolist() == reference.conv2d(X, W, None).ravel().tolist()
    expect(page.locator(".shelf-head b")).to_have_text("dW[0, 0, 0, 0]")
    assert cells(page, "M").tolist() == X[0, 0, :3, :3].ravel().tolist()
    texts = page.locator('[data-grid="P"] .cells .cell').all_inner_texts()
    assert numbers(texts[0]) == [X[0, 0, 0, 0] * DY[0, 0, 0, 0]]
    assert texts[1:] == [""] * 8, "no product stands there before its turn"
    shelf = page.locator(".shelf").bounding_box()
    assert shelf is not None
    assert shelf["y"] + shelf["height"] <= 900, "picture and arithmetic are seen without scrolling"


@pytest.mark.parametrize(("stride", "padding", "side"), [(1, 0, 3), (1, 1, 5), (2, 0, 2), (2, 1, 3)])
def test_step_by_step_the_products_of_a_weight_add_up_to_its_gradient(
    page: Page, stride: int, padding: int, side: int
) -> None:
    open_lesson(page, f"?stride={stride}&padding={padding}&cell=5")
    x, dy = np.pad(X[0, 0], padding), DY[0, 0, :side, :side]
    page.locator(".has-keys").focus()
    running = 0.0
    for i, j in np.ndindex(side, side):
        running += x[i * stride + 1, j * stride + 2] * dy[i, j]
        expect(page.locator(".shelf-head span").first).to_have_text(f"place {i * side + j + 1} of {side * side}")
        assert total(page) == running
        assert numbers(cell(page, "Y", "1,2").inner_text()) == [running]
        page.keyboard.press("ArrowRight")
    wanted = reference.conv2d_backward(X, W, dy[None, None], (stride, stride), (padding, padding))[1]
    assert running == wanted[0, 0, 1, 2]
    expect(page.locator(".shelf-head b")).to_have_text("dW[0, 0, 2, 0]")  # the next weight begins its journey
    expect(page.locator(".shelf-head span").first).to_have_text(f"place 1 of {side * side}")


def test_every_picture_of_a_place_leads_there_and_the_kernel_chooses_the_weight(page: Page) -> None:
    open_lesson(page)
    for grid, at, place in (("dY", "1,1", 5), ("V", "0,2", 3), ("M", "2,0", 7), ("P", "1,2", 6), ("X", "2,2", 9)):
        cell(page, grid, at).hover()
        expect(page.locator(".shelf-head span").first).to_have_text(f"place {place} of 9")
    cell(page, "W", "2,1").hover()
    expect(page.locator(".shelf-head b")).to_have_text("dW[0, 0, 2, 1]")
    assert total(page) == loops()[1][0, 0, 2, 1]  # it is still at the last place
    expect_link(page, cell="7", place="8")
    page.reload()
    expect(page.locator(".shelf-head b")).to_have_text("dW[0, 0, 2, 1]")
    expect(page.locator(".shelf-head span").first).to_have_text("place 9 of 9")


@pytest.mark.parametrize(("query", "rows"), [("", 2), ("?padding=2", 1), ("?source=conv1", 1), ("?source=conv2", 2)])
def test_where_two_rows_find_no_room_the_backward_pass_stands_alone(page: Page, query: str, rows: int) -> None:
    open_lesson(page, query)
    assert page.locator(".pictures .row").count() == (2 if rows == 2 else 0)
    grids = page.locator(".pictures [data-grid]").evaluate_all("all => all.map(one => one.dataset.grid)")
    assert grids == (["X", "W", "V", "M", "dY", "P", "Y"] if rows == 2 else ["X", "dY", "P", "Y"])
    widths = page.locator(".cells .cell").evaluate_all("all => all.map(one => one.clientWidth)")
    assert min(widths) >= 20


def test_of_two_channels_a_weight_meets_one_and_serves_one_map(page: Page) -> None:
    open_lesson(page, "?source=two&k=1&c=1&cell=31&place=8")
    x, weight, dy = (network_free(name) for name in ("x", "weight", "dy"))
    dweight = reference.conv2d_backward(x, weight, dy)[1]
    expect(page.locator(".shelf-head b")).to_have_text("dW[1, 1, 1, 1]")
    assert total(page) == dweight[1, 1, 1, 1]
    assert cells(page, "M").tolist() == x[0, 1, 1:4, 1:4].ravel().tolist()


def network_free(name: str) -> np.ndarray:
    """What the two channels and two kernels are made of, as the page's controls make them."""
    flipped = np.concatenate([X, X[:, :, ::-1]], axis=1)
    weight = np.stack([np.concatenate([W[0], -W[0, :, ::-1]]), np.concatenate([10 - W[0], W[0].swapaxes(1, 2)])])
    first = DY[:, :, :3, :3]
    return {"x": flipped, "weight": weight, "dy": np.concatenate([first, first[:, :, ::-1]], axis=1)}[name]


def test_hidden_values_are_found_one_by_one_and_the_link_keeps_them(page: Page) -> None:
    open_lesson(page, "?view=dw")
    dweight = loops()[1][0, 0]
    page.locator('[data-knob="quiz"]').click()
    texts = page.locator('[data-grid="Y"] .cell, [data-grid="B"] .cell')
    expect(texts.first).to_have_text("?")
    assert set(texts.all_inner_texts()) == {"?"}
    assert str(int(dweight[1, 1])) not in page.locator(".say").inner_text()
    cell(page, "Y", "1,1").click()
    expect(page.locator(".guess")).to_be_focused()
    page.keyboard.type(str(int(-dweight[1, 1])))
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("sign")
    assert page.locator(".shelf .chip").count() == 0
    page.get_by_role("button", name="Hint").click()
    expect(page.locator(".shelf .chip")).to_have_count(9)
    # On its way to the field the pointer passes other cells, and none of them is asked instead.
    cell(page, "Y", "2,1").hover()
    expect(page.locator(".shelf-head b")).to_have_text("dW[0, 0, 1, 1]")
    page.locator(".guess").fill(str(int(dweight[1, 1])))
    page.locator(".guess").press("Enter")
    expect(cell(page, "Y", "1,1")).to_have_text(str(int(dweight[1, 1])))
    expect(page.locator(".shelf .total")).to_be_visible()
    expect_link(page, quiz="1", done="10")
    page.reload()
    expect(cell(page, "Y", "1,1")).to_have_text(str(int(dweight[1, 1])))
    expect(cell(page, "Y", "1,2")).to_have_text("?")
    page.locator('[data-knob="stride1"]').click()
    expect(page.locator('[data-grid="Z"]')).to_be_visible()
    expect(cell(page, "Y", "1,1")).to_have_text("?")  # another number now


def test_a_link_to_dx_shows_the_turned_kernel(page: Page) -> None:
    open_lesson(page, "?view=dx")
    assert cells(page, "Y").tolist() == loops()[0].ravel().tolist()
    assert cells(page, "W").tolist() == W.ravel()[::-1].tolist()  # turned by 180°


def test_a_gradient_shows_every_pixel_that_hears_it_and_by_which_weight(page: Page) -> None:
    open_lesson(page, "?view=dx")
    cell(page, "dY", "3,2").hover()  # dy[1, 0], behind two rings of zeros
    assert lit(page, "Y") == {f"{1 + a},{b}" for a in range(3) for b in range(3)}
    told = [cell(page, "Y", f"{1 + a},{b}").inner_text() for a in range(3) for b in range(3)]
    assert told == [f"×{weight:g}" for weight in W.ravel()]
    page.locator(".shelf").hover()
    assert cells(page, "Y").tolist() == loops()[0].ravel().tolist()


def test_every_pixels_products_are_written_out_with_no_word_to_the_server(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page, "?view=dx")
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
    open_lesson(page, "?view=dx&stride=2")
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
    open_lesson(page, "?view=dx&source=conv2&k=7")
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
    page.keyboard.press("ArrowDown")
    expect(page.locator(".shelf-head b")).not_to_have_text(name)
    page.locator('[data-knob="stride1"]').focus()
    page.keyboard.press("Enter")
    expect_link(page, stride="2")
    expect(page.locator('[data-grid="V"] .cell')).to_have_count(4)


def test_a_link_leads_to_the_same_stop_of_the_trained_network(page: Page) -> None:
    open_lesson(page)
    page.get_by_role("link", name="second convolution").click()
    expect(page.locator(".bench-root .kicker, .bench-root .say h2").first).to_be_visible()
    page.wait_for_function(
        "location.pathname.endsWith('forward-backward') && location.search.includes('at=conv2.input')"
    )


@pytest.mark.parametrize("view", ["weight", "dw", "dx", "columns", "pool"])
def test_a_phone_scrolls_only_downwards(page: Page, view: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page, f"?view={view}&stride=2")
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]
    for part in page.locator(".bench :is(.knob, .notes p, .shelf, .say p)").all():
        box = part.bounding_box()
        assert box is None or box["x"] + box["width"] <= 390
