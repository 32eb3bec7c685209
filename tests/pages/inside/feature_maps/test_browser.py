"""Feature maps, in Chromium: pointing, holding, the four views, keys, and the browser's own sums."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.data.digits import digit
from engine.zoo.digit_network import pretrained_digit_network
from engine.zoo.shape_network import pretrained_shape_network
from pages.inside.feature_maps import controls as lesson
from pages.inside.feature_maps import sources as pictures
from pages.inside.feature_maps.compute import as_maps, kernels_behind, strongest
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server
from tests.root import ROOT
from ui.components.modules import module

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

SHAPE = "?net=shapes&source=shape"

SUMS = """
async ([url, x, weight, padding, units]) => {
  const { parts, products } = await import(url);
  return units.map(([k, i, j]) => [
    parts(x, weight, padding, k, i, j),
    x.shape[0] === 1 ? products(x, weight, padding, k, i, j).map(([w, value]) => w * value) : null,
  ]);
}
"""
TELL = """async () => {
  const told = [];
  document.dispatchEvent(new CustomEvent("stepcnn-tell", { detail: told }));
  await Promise.all(told);
}"""
UNDER = "async ([url, x, units]) => { const { under } = await import(url); return units.map((u) => under(x, ...u)); }"


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/{lesson.KEY}{query}")
    expect(page.locator(".feature-maps .pictures canvas").first).to_be_visible()
    still(page)


def point(page: Page, k: int, row: int, column: int, units: int = 8, *, click: bool = False) -> None:
    """Move the pointer onto a unit of a map."""
    canvas = page.locator(f'.feature-maps .card[data-k="{k}"] .map canvas')
    box = canvas.bounding_box()
    assert box is not None
    at = {"x": (column + 0.5) * box["width"] / units, "y": (row + 0.5) * box["height"] / units}
    canvas.click(position=at) if click else canvas.hover(position=at)


def expect_unit(page: Page, *unit: int) -> None:
    expect(page.locator(".feature-maps")).to_have_attribute("data-unit", ",".join(map(str, unit)))


def expect_link(page: Page, **wanted: str) -> None:
    page.wait_for_function(
        "wanted => JSON.stringify(Object.fromEntries([...new URLSearchParams(location.search)].sort())) === wanted",
        arg=json.dumps(dict(sorted(wanted.items())), separators=(",", ":")),
    )


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def script() -> str:
    return (
        "data:text/javascript;base64,"
        + base64.b64encode(module(ROOT / "pages/inside/feature_maps/browser/shelf.js").encode()).decode()
    )


def sent(array: np.ndarray) -> dict[str, object]:
    return {"data": array.astype(float).ravel().tolist(), "shape": list(array.shape)}


@pytest.mark.parametrize("net", ["digits", "shapes"])
def test_the_browser_adds_up_what_the_engine_does(page: Page, net: str) -> None:
    page.goto("about:blank")
    network = pretrained_digit_network() if net == "digits" else pretrained_shape_network()
    image = digit(lesson.DIGIT)[0] if net == "digits" else pictures.coloured(lesson.SHAPE)[0]
    trace = network.astype(np.float64).forward(image[None].astype(np.float64))
    names = [name for name, _layer in network.layers if name != "flatten"]
    for below, name in zip(["input", *names], names, strict=False):
        x = trace.x[0] if below == "input" else as_maps(trace[below].y[0])
        y = as_maps(trace[name].y[0])
        channels, height, width = y.shape
        units = [[0, 0, 0], [channels - 1, height - 1, width - 1], [channels // 2, height // 2, 0]]
        if name.startswith(("conv", "linear")):
            _name, weight = kernels_behind(network, name)
            padding = {"conv1": weight.shape[2] // 2, "linear": 0}.get(name, 1)
            found = page.evaluate(SUMS, [script(), sent(x), sent(weight), padding, units])
            for (k, i, j), (parts, products) in zip(units, found, strict=True):
                bias = float(network.params[f"{name}.bias"][k])
                assert sum(parts) + bias == pytest.approx(y[k, i, j], abs=1e-6, rel=1e-6)
                if products is not None:
                    assert sum(products) + bias == pytest.approx(y[k, i, j], abs=1e-6, rel=1e-6)
        elif name.startswith("pool"):
            for (k, i, j), four in zip(units, page.evaluate(UNDER, [script(), sent(x), units]), strict=True):
                assert max(four) == pytest.approx(y[k, i, j], abs=1e-9)


def test_it_opens_on_a_question_and_answers_when_pointed_at(page: Page) -> None:
    open_lesson(page)
    heading = page.locator(".feature-maps .say h2")
    expect(heading).to_have_text("Which of these eight kernels is an edge detector for horizontal strokes?")
    expect(page.locator(".feature-maps .card")).to_have_count(8)
    order = strongest(pretrained_digit_network().forward(digit(lesson.DIGIT)[0][None])["conv1"].y[0]).tolist()
    assert [
        int(k) for k in page.locator(".feature-maps .card").evaluate_all("cards => cards.map((c) => c.dataset.k)")
    ] == order
    point(page, 6, 3, 3)
    expect(heading).to_contain_text("No: kernel 6")
    point(page, 1, 2, 4)
    expect(heading).to_contain_text("Yes: kernel 1")
    expect(page.locator(".feature-maps .say p")).to_contain_text("94 %")


def test_hovering_answers_with_no_word_to_the_server(page: Page) -> None:
    frames = words_to_server(page)
    open_lesson(page)
    before = quiet(page, frames)
    with clock_standing(page):
        point(page, 3, 5, 2)
        expect_unit(page, 3, 5, 2)
        y = pretrained_digit_network().forward(digit(lesson.DIGIT)[0][None])["conv1"].y[0, 3, 5, 2]
        assert number(page.locator(".feature-maps .total").inner_text()) == pytest.approx(float(y), abs=6e-4)
        chips = [number(text) for text in page.locator(".feature-maps .chip b").all_inner_texts()]
        assert len(chips) == 10
        assert sum(chips) == pytest.approx(float(y), abs=0.06)
        frame = page.locator(".feature-maps .input .frame").bounding_box()
        image = page.locator(".feature-maps .input canvas").bounding_box()
        assert frame is not None
        assert image is not None
        pixel = image["width"] / 8
        assert frame["x"] - image["x"] == pytest.approx(1 * pixel, abs=1)
        assert frame["y"] - image["y"] == pytest.approx(4 * pixel, abs=1)
        assert frame["width"] == pytest.approx(3 * pixel, abs=1)
        assert len(frames) == before


def test_a_click_holds_a_unit_and_the_link_keeps_it(page: Page) -> None:
    open_lesson(page)
    point(page, 2, 3, 6, click=True)
    expect(page.locator(".feature-maps")).to_have_attribute("data-locked", "true")
    expect_link(page, channel="2", cell="3.6")
    point(page, 5, 0, 0)
    expect_unit(page, 2, 3, 6)
    page.reload()
    expect_unit(page, 2, 3, 6)
    expect(page.locator(".feature-maps")).to_have_attribute("data-locked", "true")
    page.locator('.feature-maps .card[data-k="2"] .map canvas').press("Escape")
    point(page, 5, 0, 0)
    expect_unit(page, 5, 0, 0)
    expect_link(page, channel="2")


def test_keys_reach_and_move_a_unit(page: Page) -> None:
    open_lesson(page)
    canvas = page.locator('.feature-maps .card[data-k="4"] .map canvas')
    point(page, 4, 2, 2)
    canvas.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        canvas.press(key)
    expect_unit(page, 4, 3, 4)
    expect_link(page, channel="4", cell="3.4", held="0")
    canvas.press("Enter")
    expect(page.locator(".feature-maps")).to_have_attribute("data-locked", "true")


def test_order_colours_and_layer_change_in_the_picture_and_are_in_the_link(page: Page) -> None:
    open_lesson(page)
    page.locator(".feature-maps .sort-number").click()
    expect(page.locator(".feature-maps .card").first).to_have_attribute("data-k", "0")
    page.locator(".feature-maps .scope-all").click()
    page.locator(".feature-maps button.stop", has_text="relu2").click()
    expect(page.locator(".feature-maps .card")).to_have_count(16)
    expect(page.locator(".feature-maps .say h2")).to_have_text("What does ReLU throw away?")
    expect_link(page, layer="relu2", scope="all", sort="number")
    expect(page.locator(".feature-maps .settings .legend")).to_contain_text("0")


def test_colours_that_each_map_has_for_itself_make_faint_maps_visible(page: Page) -> None:
    open_lesson(page)
    faintest = page.locator('.feature-maps .card[data-k="1"] .map canvas')
    darkest = (
        "c => Math.min(...c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((_, i) => i % 4 === 0))"
    )
    shared = faintest.evaluate(darkest)
    page.locator(".feature-maps .scope-map").click()
    expect(page.locator(".feature-maps .legend")).to_contain_text("own largest")
    assert faintest.evaluate(darkest) < shared


def test_what_fires_a_kernel_leads_to_nine_pictures_and_back(page: Page) -> None:
    open_lesson(page)
    point(page, 1, 2, 4)
    page.get_by_role("button", name="What fires it most?").first.click()
    samples = page.locator(".feature-maps .sample")
    expect(samples).to_have_count(9)
    expect_link(page, view="kernel", channel="1")
    values = [number(text) for text in page.locator(".feature-maps .sample .words b").all_inner_texts()]
    assert values == sorted(values, reverse=True)
    samples.nth(2).hover()
    expect(page.locator(".feature-maps .say p")).to_contain_text("the framed part is all that it knows")
    name = samples.nth(2).locator("small").inner_text()
    page.locator(".feature-maps .picker .mini").nth(6).click()
    expect(page.locator(".feature-maps .caption b").first).to_have_text("kernel 6")
    page.locator(".feature-maps .picker .mini").nth(1).click()
    expect(samples.nth(2).locator("small")).to_have_text(name)
    samples.nth(2).click()
    expect(page.locator(".feature-maps .input figcaption span")).to_have_text(name)
    expect(page.locator(".feature-maps .card")).to_have_count(8)


def test_another_kernel_and_at_once_the_one_before_leaves_no_picture_waiting(page: Page) -> None:
    """Both are told in one message, and the answer is the scene that is drawn already."""
    open_lesson(page, "?view=kernel&channel=1")
    samples = page.locator(".feature-maps .sample")
    name = samples.nth(2).locator("small").inner_text()
    page.locator(".feature-maps").evaluate(
        "maps => { for (const k of [6, 1]) maps.querySelectorAll('.picker .mini')[k].click(); }"
    )
    expect(page.locator(".feature-maps .caption b").first).to_have_text("kernel 1")
    samples.nth(2).click()
    expect(page.locator(".feature-maps .input figcaption span")).to_have_text(name)


def test_the_link_holds_the_kernel_that_is_shown_and_not_the_map_that_was_pointed_at_before(page: Page) -> None:
    open_lesson(page)
    point(page, 1, 2, 4)
    page.get_by_role("button", name="What fires it most?").first.click()
    page.locator(".feature-maps .picker .mini").nth(6).click()
    expect_link(page, view="kernel", channel="6")
    page.evaluate(TELL)
    still(page)
    expect_link(page, view="kernel", channel="6")
    expect(page.locator(".feature-maps .caption b").first).to_have_text("kernel 6")


def test_the_table_says_how_many_fire(page: Page) -> None:
    open_lesson(page, "?view=crossing&layer=relu2")
    cells = page.locator(".feature-maps .cell")
    expect(cells).to_have_count(11 * 16)
    cells.nth(16 + 4).hover()
    along = int(page.locator(".feature-maps .margin").nth(1).inner_text().split("/")[0])
    expect(page.locator(".feature-maps .say p")).to_contain_text(f"on this picture {along} of 16 kernels fire")
    fired = page.locator('.feature-maps .cell[data-n="1"].fired')
    expect(fired).to_have_count(along)
    cells.nth(0).focus()
    cells.nth(0).press("ArrowDown")
    expect(cells.nth(16)).to_be_focused()
    page.locator(".feature-maps button.mini").nth(3).click()
    expect_link(page, view="kernel", layer="relu2", channel="3")


def test_all_layers_stand_from_shallow_to_deep_and_lead_to_their_kernels(page: Page) -> None:
    open_lesson(page, SHAPE + "&view=layers")
    expect(page.locator(".feature-maps .column")).to_have_count(10)
    expect(page.locator(".feature-maps .tile")).to_have_count(3 * 8 + 6 * 16 + 5)
    tile = page.locator(".feature-maps .column").nth(6).locator(".tile").nth(4)
    tile.hover()
    expect(page.locator(".feature-maps .say h2")).to_have_text("conv3, kernel 4")
    expect(page.locator(".feature-maps .say p")).to_contain_text("20×20")
    expect(page.locator(".feature-maps .input .frame")).to_be_visible()
    tile.click()
    expect(page.locator(".feature-maps .sample")).to_have_count(9)
    expect_link(page, net="shapes", source="shape", view="kernel", layer="conv3", channel="4")


def test_colour_kernels_are_pictures(page: Page) -> None:
    open_lesson(page, SHAPE)
    expect(page.locator(".feature-maps .say h2")).to_have_text("Which kernel cares most about colour?")
    point(page, 4, 10, 10, 32)
    expect(page.locator(".feature-maps .say h2")).to_contain_text("% colour")
    expect(page.locator(".feature-maps .chip small")).to_have_count(4)
    colourful = page.locator('.feature-maps .card[data-k="4"] .kernel canvas').evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " return d[0] !== d[1] || d[1] !== d[2]; }"
    )
    assert colourful


def test_the_products_are_one_click_away(page: Page) -> None:
    open_lesson(page, "?layer=conv2")
    point(page, 9, 1, 1, 4, click=True)
    expect_link(page, layer="conv2", channel="9", cell="1.1")
    page.get_by_role("button", name="Its products, one by one").click()
    page.wait_for_url("**/forward-backward?**")
    # For a moment, until the lesson has been drawn, the address still has the settings of the page that was left.
    expect_link(page, at="conv2.forward", k2="9", digit=str(lesson.DIGIT))


@pytest.mark.parametrize("query", ["", "?view=kernel", "?view=crossing&layer=conv2", SHAPE + "&view=layers"])
def test_no_view_is_wider_than_a_phone(page: Page, query: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page, query)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("query", ["", "?view=kernel", "?view=crossing&layer=conv2", "?view=layers", SHAPE])
def test_every_view_fits_a_screen_of_1440_by_900(page: Page, query: str) -> None:
    open_lesson(page, query)
    found = page.locator(".feature-maps").evaluate(
        "e => [e.getBoundingClientRect().bottom, ...[...e.querySelectorAll('.pictures, .say, .strip')]"
        ".map((p) => Math.max(p.scrollHeight - p.clientHeight, p.scrollWidth - p.clientWidth))]"
    )
    assert found[0] <= 900
    assert max(found[1:]) <= 1
