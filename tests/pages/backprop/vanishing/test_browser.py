"""Vanishing and exploding, in Chromium: the twin is the engine, and what is dragged or pointed at answers."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing.compute.jacobian import STARTS, pair
from pages.backprop.vanishing.compute.setup import PRESETS
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server
from tests.equations import equations, false_ones
from tests.root import ROOT
from ui.components.modules import module

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

KEPT = "kept => new URLSearchParams(location.search).get('kept') === kept"


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/vanishing{query}")
    expect(page.locator(".vanishing .shelf-head b")).to_be_visible()
    still(page)


def totals(page: Page) -> list[float]:
    return [float(v) for v in page.locator(".shelf .total").evaluate_all("all => all.map(e => e.dataset.value)")]


def show(page: Page, view: str) -> None:
    page.locator(f".view-tab[data-view={view}]").click()
    expect(page.locator(f".{view}-view")).to_be_visible()


def drag(page: Page, handle: Locator, dx: float, dy: float) -> None:
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=5)
    page.mouse.up()


def wait_for_link(page: Page, name: str) -> str:
    page.wait_for_function("n => new URLSearchParams(location.search).has(n)", arg=name)
    return str(page.evaluate("n => new URLSearchParams(location.search).get(n)", name))


def test_the_browser_s_twin_is_the_engine(page: Page) -> None:
    open_lesson(page, "?view=jacobian")
    url = (
        "data:text/javascript;base64,"
        + base64.b64encode(module(ROOT / "pages/backprop/vanishing/browser/jacobian.js").encode()).decode()
    )
    for start in STARTS.values():
        found = pair(start.weights(12), start.activation, start.shortcut)
        v = [0.6, -0.8]
        own = page.evaluate(
            "async ([url, js, v]) => (await import(url)).back(js, v)", [url, found.js.ravel().tolist(), v]
        )
        np.testing.assert_allclose(own, np.einsum("lij,i->lj", found.products, v), rtol=1e-9, atol=1e-12)


def test_it_opens_on_fifty_layers_and_writes_the_whole_product_out(page: Page) -> None:
    open_lesson(page)
    expect(page.locator(".say h2")).to_have_text("Which layers can still learn?")
    flow = lesson.measured(lesson.Kept(PRESETS["sigmoid"], 0)).flow
    assert totals(page) == pytest.approx([flow.dy[0], flow.gain[0], flow.dy[0] / flow.dy[-1]], rel=1e-6)


def test_pointing_at_a_layer_writes_its_product_without_asking_the_server(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page)
    before = quiet(page, sent)
    with clock_standing(page):
        box = page.locator(".depth-view .plot").first.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"])
        at = int(re.findall(r"\d+", page.locator(".shelf-head b").inner_text())[0])
        assert 10 < at < 30
        flow = lesson.measured(lesson.Kept(PRESETS["sigmoid"], 0)).flow
        assert totals(page)[:2] == pytest.approx([flow.dy[at], flow.gain[at]], rel=1e-6)
        assert len(sent) == before
    page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"])
    assert wait_for_link(page, "at") == str(at)
    expect(page.locator(".shelf .help")).to_have_text("locked · Esc frees it")


def test_dragging_depth_and_sigma_measures_another_network(page: Page) -> None:
    open_lesson(page)
    for name, dx, dy in (("depth", -400, 0), ("times", 0, -14)):
        handle = page.locator(f".handle[data-id={name}]")
        drag(page, handle.locator("circle").last, dx, dy)
        left = round(float(str(handle.get_attribute("aria-valuenow"))), 4)
        value = left if name == "depth" else round(10**left, 2)
        page.wait_for_function(
            "([n, v]) => new URLSearchParams(location.search).get(n) === v", arg=[name, f"{value:g}"]
        )
    expect(page.locator(".kicker")).to_contain_text(f"σ × {value:g}")
    assert 1 < value < 4


def test_handles_and_places_move_with_the_keyboard(page: Page) -> None:
    open_lesson(page)
    page.locator(".handle[data-id=depth]").focus()
    page.keyboard.press("ArrowLeft")
    assert wait_for_link(page, "depth") == "49"
    page.locator(".has-keys").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".shelf-head b")).to_have_text("dL/dy of layer 3")
    assert wait_for_link(page, "at") in "123"
    page.keyboard.press("Escape")
    expect(page.locator(".shelf .help")).to_have_text("point at a layer · click to lock")


def test_play_follows_the_gradient_from_the_loss_to_the_input(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_lesson(page, "?at=7&depth=9")
    expect(page.locator(".shelf-head b")).to_have_text("dL/dy of layer 7")
    page.get_by_role("button", name="Follow the gradient back").click()
    expect(page.locator(".shelf-head b")).to_have_text("dL/dx, at the input")
    page.emulate_media(reduced_motion="no-preference")
    open_lesson(page, "?view=jacobian&layers=4")
    page.locator(".has-keys").focus()
    page.keyboard.press(" ")
    expect(page.locator(".ellipse.ahead")).not_to_have_count(0)
    expect(page.locator(".ellipse.on")).to_have_attribute("data-place", "0")
    expect(page.locator(".ellipse.ahead")).to_have_count(0)


def test_a_worked_example_is_one_press_and_a_curve_stays_beside_the_next(page: Page) -> None:
    open_lesson(page)
    page.get_by_role("button", name="Keep this curve").click()
    expect(page.locator(".kept-row")).to_have_count(2)
    page.get_by_role("button", name="sigmoid + x added", exact=True).click()
    expect(page.locator(".say h2")).to_have_text("What keeps the factor near 1?")
    expect(page.locator(".curve[data-id=kept1]")).to_have_count(1)
    expect(page.locator(".kept-row").nth(1)).to_contain_text("no link")
    page.get_by_role("button", name="Let this curve go").first.click()
    expect(page.locator(".kept-row")).to_have_count(1)


def test_curves_are_kept_up_to_three_named_by_what_differs_and_let_go(page: Page) -> None:
    open_lesson(page)
    rows, keep = page.locator(".kept-row"), page.get_by_role("button", name="Keep this curve")
    for knob, value, there in (("act", "tanh", 2), ("link", "residual", 3), ("width", "32", 3)):
        page.locator(f"select[data-knob={knob}]").select_option(value)
        keep.click()
        expect(rows).to_have_count(there)
        expect(rows.last).to_contain_text("the same")
    keep.click()
    page.locator("select[data-knob=width]").select_option("64")
    expect(rows.locator("span")).to_have_text(["no link", "the same", "32 units"])
    one = "tanh-normal-xavier-1-none-{}-50-{}-0"
    first, second, third = one.format("none", 64), one.format("residual", 64), one.format("residual", 32)
    page.wait_for_function(KEPT, arg=f"{first}~{second}~{third}")
    page.locator(".drop").nth(1).click()
    expect(rows.locator("span")).to_have_text(["no link", "32 units"])
    for left in (1, 0):
        page.locator(".drop").first.click()
        expect(rows).to_have_count(left)
    page.wait_for_function(KEPT, arg="-")


def test_another_start_takes_back_what_was_typed(page: Page) -> None:
    open_lesson(page, "?view=jacobian&typed=w.5:-0.75")
    expect(page.locator(".card [data-index='5']")).to_have_text("−0.75")
    page.get_by_role("button", name="small, x added").click()
    page.wait_for_function("new URLSearchParams(location.search).get('start') === 'residual'")
    expect(page.locator(".card [data-index='5']")).not_to_have_text("−0.75")
    assert wait_for_link(page, "skip") == "1"
    assert wait_for_link(page, "bend") == STARTS["residual"].activation
    assert "typed" not in page.url


def test_another_view_can_be_opened_while_this_one_plays(page: Page) -> None:
    open_lesson(page, "?view=jacobian&layers=12")
    page.get_by_role("button", name="Follow the gradient back").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    show(page, "depth")
    expect(page.locator(".say h2")).to_have_text("Which layers can still learn?")
    expect(page.get_by_role("button", name="Follow the gradient back")).to_be_visible()


def test_the_arrow_on_the_circle_turns_in_the_browser_and_rests_in_the_link(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page, "?view=jacobian")
    before = quiet(page, sent)
    with clock_standing(page):
        grip = page.locator(".ellipse-row .handle")
        box = grip.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 80, y + 10, steps=4)
        assert len(sent) == before
    angle = float(str(grip.get_attribute("aria-valuenow")))
    assert angle != 40
    start = STARTS["press"]
    own = pair(start.weights(6), start.activation, start.shortcut)
    v = own.products[0].T @ [np.cos(np.radians(angle)), np.sin(np.radians(angle))]
    assert totals(page)[0] == pytest.approx(np.linalg.norm(v), rel=1e-6)
    page.mouse.up()
    assert float(wait_for_link(page, "angle")) == angle


PRINTED = f"() => {{ {(ROOT / 'tests/e2e/printed.js').read_text()} }}"
SHELF = """() => [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')].flatMap((host) => {
  const shelf = host.shadowRoot?.querySelector(".shelf");
  return shelf ? window.printed.lines(shelf) : [];
})"""


@pytest.mark.parametrize("start", STARTS)
def test_the_sums_and_products_of_matrices_hold_cell_by_cell(page: Page, start: str) -> None:
    read = 0
    for angle in (7, 201):
        open_lesson(page, f"?view=jacobian&start={start}&angle={angle}")
        page.evaluate(PRINTED)
        for layer in page.locator(".cards .card").all():
            layer.hover()
            lines = page.evaluate(SHELF)
            assert not [fault for line in lines for fault in false_ones(line)]
            read += sum(len(list(equations(line))) for line in lines if "▦[" in line)
    # Four cells of P · J, four of the sums, two of the gradient.
    assert read >= 2 * 6 * 10


def test_the_factors_that_are_not_written_out_stand_there_as_one(page: Page) -> None:
    for query in ("", "?act=relu&depth=40", "?size=2&act=linear"):
        open_lesson(page, query)
        page.evaluate(PRINTED)
        expect(page.locator(".shelf .chip.more small")).to_contain_text("…")
        (line,) = [line for line in page.evaluate(SHELF) if line.count("×") >= 5]
        assert len(list(equations(line))) == 1
        assert not false_ones(line)


def test_a_weight_that_is_typed_over_changes_every_product_before_it(page: Page) -> None:
    open_lesson(page, "?view=jacobian")
    cell = page.locator(".card [data-index='9']")
    cell.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    expect(cell.locator("input.wrong")).to_be_visible()
    cell.locator("input").fill("-1.5")
    page.keyboard.press("Enter")
    expect(page.locator(".card [data-index='9']")).to_have_text("−1.50")
    assert wait_for_link(page, "typed") == "w.9:-1.5"
    weights = STARTS["press"].weights(6)
    weights[2].flat[1] = -1.5
    stretch = np.linalg.svd(pair(weights, "linear", "none").products[0], compute_uv=False)
    assert totals(page)[1:3] == pytest.approx(stretch, rel=1e-6)


def test_tabs_lead_to_the_spectrum_whose_plots_are_linked(page: Page) -> None:
    open_lesson(page, "?act=tanh")
    page.get_by_role("tab", name="Spectrum").click()
    expect(page.locator(".spectrum-view .plot")).to_have_count(2)
    assert wait_for_link(page, "view") == "spectrum"
    box = page.locator(".spectrum-view .plot").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    expect(page.locator(".spectrum-view .grid-head span").last).to_contain_text("layer")
    page.get_by_role("tab", name="Spectrum").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".ellipse-row")).to_be_visible()


def test_every_view_is_whole_on_the_first_screen(page: Page) -> None:
    open_lesson(page)
    for view in lesson.VIEWS:
        show(page, view)
        shelf = page.locator(".shelf").bounding_box()
        assert shelf is not None
        assert shelf["y"] + shelf["height"] <= 900, view
        assert page.locator(".shelf").evaluate("e => e.scrollHeight <= e.clientHeight + 1"), view
        assert page.locator(".say").evaluate("e => e.scrollHeight <= e.clientHeight + 1"), view


def test_on_a_phone_nothing_is_wider_than_the_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page)
    for view in lesson.VIEWS:
        show(page, view)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view


def test_the_chinese_page_has_chinese_words(page: Page) -> None:
    for query in ("&link=highway", "&view=jacobian", "&view=spectrum&norm=batch"):
        open_lesson(page, f"?lang=zh{query}")
        for part in (".say h2", ".say p", ".shelf", ".picture .grid-head"):
            text = page.locator(part).first.inner_text()
            assert re.search("[\u4e00-\u9fff]", text), (query, part)
            assert not re.search(r"[a-z]{4,} [a-z]{3,}", text), (query, text)


@pytest.mark.parametrize("width", [1280, 1024, 390])
def test_a_sign_and_its_words_stand_on_one_line(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    open_lesson(page, "?present=1")
    signs = page.locator(".gain-note .sign")
    assert signs.count() == 3
    for sign in signs.all():
        look, words = (sign.locator(part).bounding_box() for part in ("i", "span"))
        assert look
        assert words
        assert words["y"] <= look["y"] + look["height"] / 2 <= words["y"] + words["height"], sign.text_content()
        assert look["x"] < words["x"], sign.text_content()
