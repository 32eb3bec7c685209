"""Neuron, in Chromium: dragging answers there, the twin is the engine, and the link holds where things rest."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.data.filters import FILTERS
from engine.layers import Conv2d
from engine.training.error_rule import ErrorStep, error_step
from pages.blocks.neuron.compute import (
    FUNCTIONS,
    Circuit,
    Gate,
    TwoLayers,
    Unit,
    corners,
    nand_circuit,
    picture_of,
    slid,
    truth_table,
    walk,
)
from tests.e2e.scenes import each_scene
from tests.e2e.timing import slow_redraw
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, rested, still, words_to_server
from tests.root import ROOT
from ui.components.modules import module

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

SCENES = ("vote", "line", "soft", "learn", "layers", "gates", "patch")
XOR = 6
EVALUATE = """
async ([url, cases]) => {
  const { errorStep, outputOf, patchesOf, sumOf, throughGates, throughLayers } = await import(url);
  return cases.map(({ units, x, steepness, gates, bits, target, rate, image, reader }) => ({
    step: errorStep(units[0], x, target, rate, steepness),
    slid: patchesOf(image, 8).map((patch) => sumOf(reader, patch)),
    z: sumOf(units[0], x), y: outputOf(units[0], x, steepness),
    net: throughLayers(units, x, steepness), signals: throughGates(gates, bits),
  }));
}
"""


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/neuron{query}")
    expect(page.locator(".scenes .pictures > *").first).to_be_visible()
    still(page)


def in_link(page: Page, name: str) -> str | None:
    return parse_qs(urlparse(page.evaluate("location.href")).query).get(name, [None])[0]


def expect_link(page: Page, **wanted: str) -> None:
    page.wait_for_function(
        "wanted => JSON.stringify(Object.fromEntries([...new URLSearchParams(location.search)].sort())) === wanted",
        arg=json.dumps(dict(sorted(wanted.items())), separators=(",", ":")),
    )


def drag(page: Page, selector: str, by: tuple[float, float], nth: int = 0) -> None:
    still(page)
    box = page.locator(selector).nth(nth).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for share in (0.25, 0.5, 0.75, 1):
        page.mouse.move(x + by[0] * share, y + by[1] * share)
    page.mouse.up()


@pytest.fixture(scope="module")
def blank(browser: Any) -> Iterator[Any]:
    page = browser.new_page()
    yield page
    page.close()


def test_the_browser_s_unit_is_the_engine_s(blank: Any) -> None:
    rng = np.random.default_rng(0)
    code = base64.b64encode(module(ROOT / "pages/blocks/neuron/browser/unit.js").encode()).decode()
    cases, expected = [], []
    for _ in range(60):
        numbers, x = rng.normal(0, 3, (3, 3)), rng.normal(0, 2, 2)
        steepness = None if rng.random() < 0.4 else float(rng.uniform(0.2, 40))
        circuit = nand_circuit(FUNCTIONS[int(rng.integers(16))])
        bits = corners()[int(rng.integers(4))]
        first, second, out = (Unit((a, b), c, steepness) for a, b, c in numbers.tolist())
        net, at = TwoLayers((first, second), out), x[None]
        target, rate = int(rng.integers(2)), float(rng.uniform(0.1, 2))
        image, reader = rng.integers(0, 17, (8, 8)).astype(float), Unit(tuple(rng.normal(0, 2, 9).tolist()), -3.5)
        cases.append(
            {
                "units": [{"w": [a, b], "b": c} for a, b, c in numbers.tolist()], "x": x.tolist(),
                "steepness": steepness, "gates": [[g.first, g.second] for g in circuit.gates], "bits": bits.tolist(),
                "target": target, "rate": rate, "image": image.ravel().tolist(),
                "reader": {"w": list(reader.weight), "b": reader.bias},
            }
        )  # fmt: skip
        expected.append(
            (
                first.sums(at)[0],
                first.outputs(at)[0],
                net.hidden_outputs(at)[0],
                net.outputs(at)[0],
                circuit.signals(bits[None])[0],
                error_step(numbers[0, :2], numbers[0, 2], x, target, rate, steepness),
                slid(image, reader).ravel(),
            )
        )
    found = blank.evaluate(EVALUATE, [f"data:text/javascript;base64,{code}", cases])
    for here, (z, y, h, out, signals, learnt, map_) in zip(found, expected, strict=True):
        assert here["z"] == pytest.approx(z, abs=1e-12)
        assert here["y"] == pytest.approx(y, abs=1e-12)
        assert here["net"]["h"] == pytest.approx(h, abs=1e-12)
        assert here["net"]["y"] == pytest.approx(out, abs=1e-12)
        assert here["signals"] == signals.tolist()
        assert here["step"]["error"] == pytest.approx(learnt.error, abs=1e-12)
        assert here["step"]["change"] == pytest.approx([*learnt.weight_change, learnt.bias_change], abs=1e-9)
        assert [*here["step"]["after"]["w"], here["step"]["after"]["b"]] == pytest.approx([*learnt.weight, learnt.bias])
        assert here["slid"] == pytest.approx(map_, abs=1e-9)


def test_it_opens_on_the_vote_that_fails_and_dragging_one_bar_turns_it(page: Page) -> None:
    # [G] 4·1 + 1·3 - 3·2 = 1, not above 3: 0.
    open_lesson(page)
    expect(page.locator(".say h2")).to_contain_text("?")
    assert page.locator(".shelf .chip").all_inner_texts() == ["4 × 1", "1 × 3", "−3 × 2"]
    expect(page.locator(".shelf")).to_contain_text("= 1")
    expect(page.locator(".answer")).to_have_class(re.compile("zero"))
    drag(page, ".vote-bar .grip", (200, 0))
    expect(page.locator(".answer")).to_have_class(re.compile("one"))
    expect(page.locator(".say h2")).not_to_contain_text("?")
    page.wait_for_function("new URLSearchParams(location.search).has('vote')")
    weight = float((in_link(page, "vote") or "").split(",")[3])
    assert weight > 1.5
    total = 4 * weight + 3 - 6
    shown = page.locator(".shelf .total").first.inner_text().replace("−", "-")
    assert float(shown.removeprefix("= ")) == pytest.approx(total, abs=0.006)


def test_a_number_can_be_typed_and_what_is_no_number_loses_nothing(page: Page) -> None:
    open_lesson(page)
    cell = page.locator(".vote-row .cell").nth(5)
    cell.click()
    page.locator("input.edit").fill("much")
    page.locator("input.edit").press("Enter")
    expect(page.locator("input.edit.wrong")).to_be_visible()
    page.locator("input.edit").press("Escape")
    expect(cell).to_have_text("2")
    cell.click()
    page.locator("input.edit").fill("-1")
    page.locator("input.edit").press("Enter")
    expect(page.locator(".shelf")).to_contain_text("= 10")
    expect_link(page, vote="4,1,-3,1,3,-1,3")


def test_nand_of_0_and_1_is_written_out(page: Page) -> None:
    # [G] w = (-2, -2), b = 3: -2·0 - 2·1 + 3 = 1, so 1.
    open_lesson(page, "?scene=line")
    assert page.locator(".shelf .chip").all_inner_texts() == ["−2 × 0", "−2 × 1", "b 3"]
    expect(page.locator(".shelf .line").first).to_contain_text("= 1")
    expect(page.locator(".shelf .line").nth(1)).to_contain_text("y = 1")
    expect(page.locator(".function.made")).to_contain_text("NAND")


def test_the_line_moves_the_bias_and_the_arrow_the_weights(page: Page) -> None:
    open_lesson(page, "?scene=line")
    drag(page, ".decision .stroke", (-150, 150))
    page.wait_for_function("new URLSearchParams(location.search).has('unit')")
    before = in_link(page, "unit") or ""
    a, b, bias = (float(n) for n in before.split(","))
    assert (a, b) == (-2, -2)
    assert bias < 2
    made = truth_table(Unit((a, b), bias))
    expect(page.locator(".function.made")).to_have_attribute("data-code", str(FUNCTIONS.index(made)))
    drag(page, ".decision .grip", (160, -100))
    page.wait_for_function("before => new URLSearchParams(location.search).get('unit') !== before", arg=before)
    a, b, bias = (float(n) for n in (in_link(page, "unit") or "").split(","))
    assert (a, b) != (-2, -2)
    made = truth_table(Unit((a, b), bias))
    expect(page.locator(".function.made")).to_have_attribute("data-code", str(FUNCTIONS.index(made)))


def test_however_the_line_is_turned_xor_has_at_most_three_right_and_stays_open(page: Page) -> None:
    open_lesson(page, f"?scene=line&goal={XOR}")
    box = page.locator(".plane-board").bounding_box()
    assert box is not None
    best = 0
    for angle in np.linspace(0, 2 * np.pi, 24, endpoint=False):
        grip = page.locator(".decision .grip").bounding_box()
        assert grip is not None
        page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
        page.mouse.down()
        for reach in (0.15, 0.35):
            page.mouse.move(
                box["x"] + box["width"] * (0.5 + reach * np.cos(angle)),
                box["y"] + box["height"] * (0.5 + reach * np.sin(angle)),
            )
            best = max(best, int(page.locator(".score").inner_text()[0]))
        page.mouse.up()
    assert best == 3
    expect(page.locator(f".function[data-code='{XOR}']")).to_have_class(re.compile("open"))
    page.get_by_role("button", name="Show a line").click()
    expect(page.locator(".say h2")).to_have_text("No line can")


def test_show_a_line_does_what_is_asked_and_ticks_it(page: Page) -> None:
    open_lesson(page, "?scene=line")
    page.locator(".function[data-code='7']").click()
    page.get_by_role("button", name="Show a line").click()
    expect(page.locator(".score.good")).to_be_visible()
    expect(page.locator(".function.found[data-code='7']")).to_be_visible()


def test_two_layers_make_xor_once_the_last_line_is_dragged(page: Page) -> None:
    open_lesson(page, "?scene=layers")
    expect(page.locator(".score")).to_contain_text("2 of 4")
    drag(page, ".plane .decision .stroke", (90, -90), nth=2)
    expect(page.locator(".score.good")).to_contain_text("4 of 4")
    page.wait_for_function("new URLSearchParams(location.search).has('net')")
    n = [float(value) for value in (in_link(page, "net") or "").split(",")]
    first, second, out = (Unit((n[i], n[i + 1]), n[i + 2]) for i in (0, 3, 6))
    assert truth_table(TwoLayers((first, second), out)) == FUNCTIONS[XOR]


def taken(page: Page) -> list[float]:
    """The unit's numbers as its cells show them."""
    return [float(text.replace("−", "-")) for text in page.locator(".unit .cell").all_inner_texts()]


def after(steps: list[ErrorStep]) -> Unit:
    """The unit after these steps."""
    return Unit(tuple(steps[-1].weight.tolist()), steps[-1].bias)


def test_one_step_writes_out_what_moves_the_line_and_back_undoes_it(page: Page) -> None:
    open_lesson(page, "?scene=learn")
    expect(page.locator(".say h2")).to_contain_text("?")
    assert taken(page) == [-1, 2, -1]
    expect(page.locator(".ghost")).to_be_hidden()
    before = [page.locator(".decision .stroke").get_attribute(end) for end in ("x1", "y1")]
    page.locator(".once").click()
    expect_link(page, scene="learn", taken="1")
    # At (0, 1) z = 2 - 1 = 1, so 1 where AND wants 0: the error is -1.
    expect(page.locator(".shelf-head b")).to_have_text("Step 1: x = (0, 1)")
    assert page.locator(".shelf .chip").all_inner_texts() == ["0 − 1", "0.5 × (−1) × 0", "0.5 × (−1) × 1", "0.5 × (−1)"]
    results = page.locator(".shelf .total:not(.part)").all_inner_texts()
    assert results == ["= −1", "= 0", "= −1", "= −0.5", "= 1.5", "= −0.5", "= −1.5"]
    assert taken(page) == [-1, 1.5, -1.5]
    expect(page.locator(".ghost")).to_be_visible()
    assert [page.locator(".ghost").get_attribute(end) for end in ("x1", "y1")] == before
    # Steps in quick succession are one place of the history.
    page.wait_for_timeout(1100)
    page.locator(".once").click()
    expect_link(page, scene="learn", taken="12", at="2")
    page.go_back()
    expect(page.locator(".shelf-head b")).to_have_text("Step 1: x = (0, 1)")
    page.go_back()
    expect(page.locator(".undo")).to_be_disabled()
    assert taken(page) == [-1, 2, -1]


def test_the_rule_walks_until_no_corner_is_wrong_and_says_so(page: Page) -> None:
    open_lesson(page, "?scene=learn")
    start, task = Unit((-1, 2), -1), FUNCTIONS[1]
    steps = next(
        steps
        for count in range(1, 40)
        if truth_table(after(steps := walk(start, task, [(1 + i) % 4 for i in range(count)], 0.5))) == task
    )
    for made in steps:
        expect(page.locator(".say h2")).not_to_have_text("No corner is wrong any more")
        page.locator(".once").click()
        assert taken(page) == [*made.weight, made.bias]
    expect(page.locator(".score.good")).to_contain_text("4 of 4")
    expect(page.locator(".say h2")).to_have_text("No corner is wrong any more")
    moved = sum(step.error != 0 for step in steps)
    expect(page.locator(".say p")).to_contain_text(f"{len(steps)} steps led here, and {moved} of them moved the line")


def test_played_on_xor_it_goes_round_in_a_circle_and_stops(page: Page) -> None:
    open_lesson(page, f"?scene=learn&wanted={XOR}&rate=1&start=0,0,0&at=0")
    page.evaluate("() => { const set = window.setInterval; window.setInterval = (f, ms) => set(f, Math.min(ms, 20)); }")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".say h2")).to_have_text("It goes round in a circle")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.wait_for_function("new URLSearchParams(location.search).has('taken')")
    steps = walk(Unit((0, 0), 0), FUNCTIONS[XOR], [int(c) for c in in_link(page, "taken") or ""], 1)
    earlier = int(re.findall(r"\d+", page.locator(".say p").inner_text())[1])
    now, then = steps[-1], steps[earlier - 1]
    assert ([*now.weight, now.bias], (len(steps) - earlier) % 4) == ([*then.weight, then.bias], 0)


def test_a_sigmoid_learns_by_the_same_product_and_is_never_quite_right(page: Page) -> None:
    open_lesson(page, "?scene=learn&rate=2")
    page.locator(".of-rule .pill").nth(1).click()
    page.locator(".once").click()
    made = walk(Unit((-1, 2), -1, 1.0), FUNCTIONS[1], [1], 2)[-1]
    assert taken(page) == pytest.approx([*made.weight, made.bias], abs=0.006)
    expect(page.locator(".say p")).to_contain_text(f"it said {made.y:.3f} and 0 was wanted")
    page.locator(".plane .corner .disc").nth(3).click()
    expect(page.locator(".once")).to_have_text("One step: (1, 1)")
    page.locator(".undo").click()
    page.locator(".once").click()
    page.locator(".again").click()
    assert taken(page) == [-1, 2, -1]


NAME_ON_A_RING = """(plane) => {
  const name = plane.querySelector(".decision .name").getBoundingClientRect();
  return [...plane.querySelectorAll(".corner .disc")].map((disc) => {
    const { left, right, top, bottom, width } = disc.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const near = [Math.max(name.left, Math.min(x, name.right)), Math.max(name.top, Math.min(y, name.bottom))];
    return Math.hypot(x - near[0], y - near[1]) < 0.66 * width;
  }).some(Boolean);
}"""


def test_an_arrow_s_name_keeps_clear_of_the_corners(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    open_lesson(page, "?scene=learn&present=1")
    met = []
    for start in ("-1,2,-1", "1,1,-0.5", "2.2,0,-1.1", "0,-2.4,1.4", "1.5,1.5,-1.6", "-1.6,1.5,0.4"):
        page.goto(f"/neuron?scene=learn&present=1&start={start}")
        expect(page.locator(".plane .decision .name")).to_have_text("w")
        still(page)
        met += [start] * page.locator(".plane").evaluate(NAME_ON_A_RING)
    assert not met


def test_another_line_or_number_is_another_start(page: Page) -> None:
    open_lesson(page, "?scene=learn&taken=12")
    page.locator(".unit .cell").nth(1).click()
    page.locator("input.edit").fill("1.2")
    page.locator("input.edit").press("Enter")
    expect_link(page, scene="learn", start="-1,1.2,-1.5")
    drag(page, ".decision .stroke", (-60, 60))
    page.wait_for_function("!location.search.includes('-1.5')")
    expect(page.locator(".undo")).to_be_disabled()


def test_the_patch_slides_and_its_answers_are_the_engine_s_convolution(page: Page) -> None:
    open_lesson(page, "?scene=patch&answer=sum")
    weight = FILTERS["vertical"]
    image = picture_of(0)
    wanted = Conv2d(1, 1, 3).forward({"weight": weight[None, None], "bias": np.array([-8.0])}, image[None, None])[0][
        0, 0
    ]

    def shown() -> list[float]:
        cells = page.locator(".tiles").nth(1).locator(".cell")
        return [float(text.replace("−", "-")) for text in cells.all_inner_texts()]

    assert shown() == wanted.ravel().tolist()
    page.locator(".tiles").nth(0).locator(".cell").nth(3 * 8 + 3).click()
    expect_link(page, scene="patch", answer="sum", spot="14")
    chips = page.locator(".shelf .chip").all_inner_texts()
    products = [
        f"{w:g} × {x:g}".replace("-", "−") for w, x in zip(weight.ravel(), image[2:5, 2:5].ravel(), strict=True)
    ]
    assert chips == [*products, "b −8"]
    expect(page.locator(".shelf .total").first).to_have_text(f"= {wanted[2, 2]:g}")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".shelf-head b")).to_have_text("z(3, 2)")
    page.locator(".tiles").nth(1).locator(".cell").nth(7).hover()
    expect(page.locator(".shelf-head b")).to_have_text("z(1, 1)")
    page.locator(".kernel .cell").nth(8).click()
    page.locator("input.edit").fill("2")
    page.locator("input.edit").press("Enter")
    weight = weight.copy()
    weight[2, 2] = 2
    assert shown() == slid(image, Unit(tuple(weight.ravel().tolist()), -8)).ravel().tolist()
    page.get_by_role("button", name="level edges").click()
    page.locator(".of-digit .pill").nth(7).click()
    page.locator(".of-answer .pill").nth(1).click()
    sums = slid(picture_of(7), Unit(tuple(FILTERS["horizontal"].ravel().tolist()), -8))
    assert shown() == np.maximum(sums, 0).ravel().tolist()


def test_played_the_patch_goes_over_the_whole_picture(page: Page) -> None:
    open_lesson(page, "?scene=patch&spot=32")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("new URLSearchParams(location.search).get('spot') === '35'")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_in_a_small_hall_no_numbers_of_an_axis_stand_over_others_in_any_scene(page: Page) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    open_lesson(page, "?present=1")
    for scene in each_scene(page, SCENES):
        ticks = [
            box
            for mark in page.locator(".waterfall .tick, .plot .tick, .plane .tick").all()
            if (box := mark.bounding_box())
        ]
        over = [
            (a, b)
            for i, a in enumerate(ticks)
            for b in ticks[:i]
            if min(a["x"] + a["width"], b["x"] + b["width"]) > max(a["x"], b["x"]) + 1
            and min(a["y"] + a["height"], b["y"] + b["height"]) > max(a["y"], b["y"]) + 1
        ]
        assert not over, scene
        hidden = page.locator(".pictures").evaluate(
            "e => e.scrollHeight - e.clientHeight + e.scrollWidth - e.clientWidth"
        )
        assert hidden <= 2, scene


def test_every_function_is_made_by_two_layers_and_by_gates(page: Page) -> None:
    # [G] Any Boolean function by composing NANDs; XOR by two layers.
    open_lesson(page, "?scene=layers")
    for code in range(16):
        page.locator(f".function[data-code='{code}']").click()
        page.get_by_role("button", name="Show a network").click()
        expect(page.locator(".score.good")).to_contain_text("4 of 4")
        expect(page.locator(".function.made")).to_have_attribute("data-code", str(code))
    page.locator(".phase").nth(5).click()
    for code, function in enumerate(FUNCTIONS):
        page.locator(f".function[data-code='{code}']").click()
        expect(page.locator(".circuit .gate")).to_have_count(len(nand_circuit(function).gates))
        last = page.locator(".entries .entry > :last-child")
        assert tuple(int(text) for text in last.all_inner_texts()) == function


def test_flipping_an_input_sends_the_engine_s_signals_through_the_circuit(page: Page) -> None:
    open_lesson(page, f"?scene=gates&aim={XOR}&at=0")
    gates = [(g.first, g.second) for g in nand_circuit(FUNCTIONS[XOR]).gates]
    circuit = Circuit(tuple(Gate(*pair) for pair in gates), 5)
    for flip, corner in ((0, 2), (1, 3), (0, 1)):
        page.locator(".circuit .input").nth(flip).click()
        expect_link(page, scene="gates", at=str(corner)) if corner != 1 else expect_link(page, scene="gates")
        shown = [
            int(text) for text in page.locator(".circuit .input .digit, .circuit .gate .digit").all_text_contents()
        ]
        assert shown == circuit.signals(corners()[corner][None])[0].tolist()


def test_pointing_and_dragging_need_no_word_to_the_server_before_they_rest(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page, "?scene=soft")
    before = quiet(page, sent)
    with clock_standing(page):
        box = page.locator(".plane-board").bounding_box()
        assert box is not None
        for share in (0.2, 0.4, 0.6, 0.8):
            page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.3 * box["height"])
            x1 = -0.6 + 2.2 * share
            expect(page.locator(".shelf-head b")).to_contain_text(f"x = ({f'{x1:.2f}'.rstrip('0').replace('-', '−')}")
        assert len(sent) == before


def test_what_is_held_neither_rests_nor_is_drawn_anew_and_is_told_once_it_is_let_go(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page, "?scene=line")
    before = quiet(page, sent)
    grip = page.locator(".decision .grip")
    grip.evaluate("grip => grip.mark = true")
    box = grip.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y - 40)
    moved = page.locator(".unit .cells").inner_text()
    page.set_viewport_size({"width": 1300, "height": 900})
    rested(page)
    assert len(sent) == before
    assert grip.evaluate("grip => grip.mark")
    page.mouse.up()
    page.wait_for_function("new URLSearchParams(location.search).has('unit')")
    assert page.locator(".unit .cells").inner_text() == moved
    assert not grip.evaluate("grip => grip.mark"), "the wait for the hand is over"


def test_every_handle_moves_with_the_arrow_keys(page: Page) -> None:
    open_lesson(page, "?scene=line")
    for selector in (".decision .draggable >> nth=0", ".decision .draggable >> nth=1"):
        before = page.locator(".unit .cells").inner_text()
        page.locator(selector).focus()
        page.keyboard.press("ArrowRight")
        assert page.locator(".unit .cells").inner_text() != before
    page.locator(".table").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".shelf-head b")).to_have_text("x = (1, 0)")
    page.locator(".plane-board").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".shelf-head b")).to_have_text("x = (0.6, 0.5)")
    page.keyboard.press("Escape")
    expect(page.locator(".shelf-head b")).to_have_text("x = (1, 0)")
    page.locator(".unit .cell").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("input.edit")).to_be_focused()


def test_outside_a_handle_the_arrow_keys_walk_the_scenes_and_a_reload_stays(page: Page) -> None:
    open_lesson(page)
    page.locator(".has-keys").focus()
    headings = []
    for number in range(1, 8):
        expect(page.locator(".count")).to_have_text(f"{number} / 7")
        headings.append(page.locator(".say h2").inner_text())
        page.keyboard.press("ArrowRight")
    assert len(set(headings)) == 7
    page.wait_for_function("location.search.includes('scene=patch')")
    page.reload()
    expect(page.locator(".count")).to_have_text("7 / 7")


def test_the_corners_travel_and_with_reduced_motion_they_are_there_at_once(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_lesson(page, "?scene=layers")
    place = page.locator(".plane").nth(1).locator(".corner").first
    there = place.get_attribute("transform")
    page.get_by_role("button", name="Play", exact=True).click()
    assert place.get_attribute("transform") == there


def test_in_a_hall_picture_weights_and_answers_of_the_patch_stand_side_by_side(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    open_lesson(page, "?scene=patch&present=1")
    assert page.locator(".pictures").evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    boxes = [box.bounding_box() for box in page.locator(".patch-box").all()]
    assert len({round(box["x"]) for box in boxes if box is not None}) == 3


def test_what_a_drag_changes_is_written_within_a_few_frames(page: Page) -> None:
    open_lesson(page, "?scene=layers")
    assert (
        slow_redraw(page.locator(".scenes"), "host.board.state.net[8] = -1 - (i % 20) / 10; host.board.changed();") < 40
    )
