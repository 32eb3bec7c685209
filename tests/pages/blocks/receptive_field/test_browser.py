"""Receptive field, in Chromium: pointing, locking, building, keys, and the browser's own counting."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.analysis.receptive_field import receptive_fields
from engine.data.digits import digits
from engine.zoo.digit_network import pretrained_digit_network
from pages.blocks.receptive_field import controls as lesson
from pages.blocks.receptive_field import picture as shown
from pages.blocks.receptive_field.compute.measured import measured_field, middle, share
from pages.blocks.receptive_field.compute.stack import (
    layers_of,
    map_sizes,
    parse_stack,
    ways_above,
    ways_below,
    windows_of,
)
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server
from tests.root import ROOT
from ui.components.modules import module

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

STACKS = (("c3-c3-c3", 11), ("c3p1-m2-c3p1-m2-c3p1", 12), ("c3s2p2-c5p4d2-m3s2p1", 24), ("c1s3-c2", 14))

COUNT = """
async ([url, windows, sizes, level, place]) => {
  const ways = await import(url);
  return {
    below: ways.waysBelow(windows, sizes, level, place).map((found) => [...found]),
    above: ways.waysAbove(windows, sizes, level, place).map((found) => [...found]),
    reach: ways.reach(windows, level, place)[0],
    middle: ways.middle(ways.reach(windows, level, place)[0]),
  };
}
"""


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/{lesson.KEY}{query}")
    expect(page.locator(".receptive-field .panel-head")).to_be_visible()
    still(page)


def field_of(page: Page) -> str:
    """The sentence of the chosen unit."""
    return page.locator(".receptive-field .say p").inner_text()


def point(page: Page, level: int, row: int, column: int, *, click: bool = False) -> None:
    """Move the pointer onto a unit of a map without padding around it."""
    canvas = page.locator(f'.receptive-field canvas[data-level="{level}"]')
    box = canvas.bounding_box()
    units = int(
        re.match(r"\d+", page.locator(".receptive-field tbody tr").nth(level).locator("td").nth(1).inner_text())[0]
    )  # type: ignore[index]
    assert box is not None
    at = {"x": (column + 0.5) * box["width"] / units, "y": (row + 0.5) * box["height"] / units}
    canvas.click(position=at) if click else canvas.hover(position=at)


def expect_unit(page: Page, *unit: int) -> None:
    expect(page.locator(".receptive-field")).to_have_attribute("data-unit", ",".join(map(str, unit)))


def expect_link(page: Page, **wanted: str) -> None:
    page.wait_for_function(
        "wanted => JSON.stringify(Object.fromEntries([...new URLSearchParams(location.search)].sort())) === wanted",
        arg=json.dumps(dict(sorted(wanted.items())), separators=(",", ":")),
    )


@pytest.mark.parametrize(("stack", "size"), STACKS)
def test_the_browser_counts_as_the_engine_does(page: Page, stack: str, size: int) -> None:
    page.goto("about:blank")
    url = (
        "data:text/javascript;base64,"
        + base64.b64encode(module(ROOT / "pages/blocks/receptive_field/browser/ways.js").encode()).decode()
    )
    windows = parse_stack(stack)
    sizes = map_sizes(windows, size)
    fields = receptive_fields(layers_of(windows, relu=False), (1, size, size))
    sent = [{n: getattr(w, n) for n in ("kernel", "stride", "padding", "dilation")} for w in windows]
    for level, units in enumerate(sizes):
        for place in {0, units // 2, units - 1}:
            found = page.evaluate(COUNT, [url, sent, list(sizes), level, place])
            for mine, engine in (("below", ways_below), ("above", ways_above)):
                for browser, ours in zip(found[mine], engine(windows, size, level, place), strict=True):
                    np.testing.assert_array_equal(browser, ours)
            box = fields[level].pixels((place, place))
            inner = middle(box)
            assert found["reach"] == [box.top, box.bottom - 1]
            assert found["middle"] == [inner.top, inner.bottom - 1]


# Where the first funnel begins: at the rim of the field of 7 of 11 pixels, whose first is the third.
FUNNEL = """(board) => {
  const map = board.querySelector('canvas[data-level="0"]').getBoundingClientRect(), cell = map.height / 11;
  const { top, bottom, left } = board.querySelector(".wires path").getBoundingClientRect();
  return [top - map.top - 2 * cell, bottom - map.top - 9 * cell, left - map.left - 9 * cell].map(Math.round);
}"""


@pytest.mark.parametrize(
    ("query", "width", "height"), [("?present=1", 1920, 1080), ("?present=1", 1280, 720), ("", 1440, 900)]
)
def test_the_funnels_begin_at_the_fields_rim_also_where_the_shelf_has_grown(
    page: Page, query: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_lesson(page, query)
    assert all(abs(off) <= 3 for off in page.locator(".receptive-field").evaluate(FUNNEL))


def test_where_the_width_leaves_the_maps_no_more_height_the_board_is_lower_and_not_blank(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    open_lesson(page)
    room, map_ = (
        page.locator(f".receptive-field {part}").bounding_box()
        for part in (".pictures", '.level:has([data-level="0"])')
    )
    assert room is not None
    assert map_ is not None
    assert room["height"] - map_["height"] < 64


def test_it_opens_on_a_question_and_the_golden_stack(page: Page) -> None:
    """Curriculum A [G]: three 3×3 = one 7×7, 27C² against 49C² weights."""
    open_lesson(page)
    expect(page.locator(".receptive-field .say h2")).to_have_text("Which of its 49 pixels counts most?")
    expect(page.locator(".receptive-field .foot")).to_have_text(
        "weights in all 27 C² · one 7×7 kernel that sees as much: 49 C²", use_inner_text=True
    )
    expect(page.locator(".receptive-field tr.on")).to_contain_text("5 + (3−1)·1 = 7")


def test_hovering_answers_with_no_word_to_the_server(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page)
    before = quiet(page, sent)
    with clock_standing(page):
        point(page, 2, 1, 4)
        expect_unit(page, 2, 1, 4)
        assert "5×5 pixels" in field_of(page)
        expect(page.locator(".receptive-field tr.on th")).to_have_text("conv2")
        point(page, 0, 0, 5)
        expect(page.locator(".receptive-field .say p")).to_contain_text(
            "moves 5 of the 25 units of conv3: rows 0, columns 0–4"
        )
        assert len(sent) == before


def test_a_click_locks_measures_and_is_kept_in_the_link(page: Page) -> None:
    open_lesson(page)
    point(page, 2, 0, 0, click=True)
    expect(page.locator(".receptive-field")).to_have_attribute("data-locked", "true")
    expect(page.locator(".receptive-field .panel")).to_have_attribute("data-unit", "2,0,0")
    expect_link(page, unit="2.0.0", held="1")
    point(page, 3, 4, 4)
    expect_unit(page, 2, 0, 0)
    page.locator('.receptive-field canvas[data-level="2"]').press("Escape")
    point(page, 3, 4, 3)
    expect_unit(page, 3, 4, 3)
    page.reload()
    expect_unit(page, 2, 0, 0)


def test_arrow_keys_move_the_unit_and_the_link_follows(page: Page) -> None:
    open_lesson(page)
    canvas = page.locator('.receptive-field canvas[data-level="3"]')
    canvas.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft"):
        canvas.press(key)
    expect_unit(page, 3, 0, 1)
    expect_link(page, unit="3.0.1")
    canvas.press("Enter")
    expect(page.locator(".receptive-field")).to_have_attribute("data-locked", "true")
    assert (
        page.evaluate(
            "document.activeElement.shadowRoot?.activeElement?.dataset.level ?? document.activeElement.dataset.level"
        )
        == "3"
    )


def test_the_stack_is_built_in_the_picture_and_undone(page: Page) -> None:
    open_lesson(page)
    page.locator(".receptive-field .plus").last.click()
    page.locator(".receptive-field .choices:not([hidden]) button").first.click()
    expect(page.locator(".receptive-field canvas[data-level]")).to_have_count(5)
    expect_link(page, stack="c3-c3-c3-c3")
    expect(page.locator(".receptive-field .say h2")).to_contain_text("81")
    dilation = page.get_by_label("conv4 dilation")
    dilation.fill("2")
    dilation.press("Enter")
    expect(page.locator(".receptive-field tr.on")).to_contain_text("7 + 2·(3−1)·1 = 11")
    page.get_by_role("button", name="Take conv1 out").click()
    expect(page.locator(".receptive-field tr.on")).to_contain_text("5 + 2·(3−1)·1 = 9")
    for row in ("7 + 2·(3−1)·1 = 11", "7 + (3−1)·1 = 9", "5 + (3−1)·1 = 7"):
        page.get_by_role("button", name="Undo", exact=True).click()
        expect(page.locator(".receptive-field tr.on")).to_contain_text(row)
    expect_link(page)


def test_two_changes_made_at_once_are_both_made(page: Page) -> None:
    """The second waits for the stack that the first has made."""
    open_lesson(page)
    twice = "lesson => { for (let times = 0; times < 2; times += 1) lesson.querySelector('.remove').click(); }"
    page.locator(".receptive-field").evaluate(twice)
    expect(page.locator(".receptive-field canvas[data-level]")).to_have_count(2)
    expect_link(page, stack="c3")


def test_a_number_out_of_range_is_refused_in_place(page: Page) -> None:
    open_lesson(page)
    kernel = page.get_by_label("conv1 kernel")
    kernel.fill("99")
    kernel.press("Enter")
    expect(kernel).to_have_class("wrong")
    kernel.blur()
    expect_link(page)
    expect(page.get_by_label("conv1 kernel")).to_have_value("3")


def test_vgg_16_and_alexnet_show_the_golden_fields(page: Page) -> None:
    """Curriculum A [G]: VGG conv5_3 196, pool5 212, jump 32; AlexNet 11, 19, 51, 99, 131, 163, 195."""
    open_lesson(page, "?net=vgg16")
    sides = page.locator(".receptive-field .level:not([data-at='0']) .ways").all_inner_texts()
    assert [text.split() for text in sides[-2:]] == [["196", "16"], ["212", "32"]]
    expect(page.locator(".receptive-field .say p")).to_contain_text("212×212 of the 224×224")
    open_lesson(page, "?net=alexnet")
    sides = page.locator(".receptive-field .level:not([data-at='0']) .ways b").all_inner_texts()
    assert sides == ["11", "19", "51", "67", "99", "131", "163", "195"]
    page.locator('.receptive-field canvas[data-level="3"]').hover(position={"x": 10, "y": 150})
    expect(page.locator(".receptive-field .say p")).to_contain_text("51×51 of the 227×227")
    page.locator('.receptive-field canvas[data-level="0"]').hover(position={"x": 100, "y": 150})
    expect(page.locator(".receptive-field .say h2")).to_have_text("Whom can this pixel reach?")


def test_the_trained_network_s_share_is_the_engine_s(page: Page) -> None:
    open_lesson(page, "?net=digits&unit=3.1.2")
    network = pretrained_digit_network()
    measured = measured_field(network, digits().validation_x[: shown.SAMPLE], "conv2", (1, 2))
    field = {field.name: field for field in receptive_fields(network.layers, (1, 8, 8))}["conv2"]
    said = float(page.locator(".receptive-field .share.strong b").inner_text().removesuffix(" %"))
    assert said == pytest.approx(100 * share(measured, middle(field.pixels((1, 2)))), abs=0.51)
    ways = [ways_below(windows_of(network.layers), 8, 3, at)[0] for at in (1, 2)]
    seen = np.outer(*ways) > 0
    pixels = float(page.locator(".receptive-field .share b").first.inner_text().removesuffix(" %"))
    assert pixels == pytest.approx(100 * share(seen.astype(float), middle(field.pixels((1, 2)))), abs=0.51)


def test_play_walks_through_the_layers(page: Page) -> None:
    open_lesson(page)
    page.get_by_role("button", name="Play", exact=True).click()
    expect_unit(page, 0, 5, 5)
    expect_unit(page, 1, 4, 4)
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="One layer deeper").click()
    expect_unit(page, 2, 3, 3)


def test_the_whole_lesson_speaks_chinese(page: Page) -> None:
    open_lesson(page, "?lang=zh&net=digits")
    for part in (
        ".receptive-field .say h2",
        ".receptive-field .say p",
        ".receptive-field .panel",
        ".receptive-field .hint",
        ".receptive-field thead",
    ):
        text = page.locator(part).first.inner_text()
        assert re.search("[\u4e00-\u9fff]", text), part
        assert not re.search(r"[a-z]{3,} [a-z]{3,}", text), text


@pytest.mark.parametrize("net", lesson.NETS)
def test_a_phone_never_scrolls_sideways(page: Page, net: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page, f"?net={net}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


def test_a_map_is_written_out_whole_or_not_at_all(page: Page) -> None:
    page.add_init_script(
        """window.written = new Map();
        const pen = CanvasRenderingContext2D.prototype, { clearRect, fillText } = pen;
        pen.clearRect = function (...where) { window.written.set(this.canvas, 0); clearRect.apply(this, where); };
        pen.fillText = function (...what) {
          window.written.set(this.canvas, (window.written.get(this.canvas) ?? 0) + 1);
          fillText.apply(this, what);
        };"""
    )
    page.set_viewport_size({"width": 1280, "height": 720})
    open_lesson(page, "?present=1")
    canvases = page.locator(".receptive-field .level canvas")
    ways = [49, 25, 9, 1]
    for width, height in ((1280, 720), (1440, 900), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        still(page)
        numbers = canvases.evaluate_all("(all) => all.map((canvas) => window.written.get(canvas) ?? 0)")
        assert all(count in (0, whole) for count, whole in zip(numbers, ways, strict=True)), (width, numbers)
    assert numbers == ways
