"""Gradient check, in Chromium: digits, errors and the kink's twin are the engine's, and faults are found."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.data.digits import digit
from engine.written import signed
from engine.zoo.digit_network import pretrained_digit_network
from pages.backprop.gradient_check.compute.case import CASES, checked, wrong_line
from pages.backprop.gradient_check.compute.kinks import SIMPLE, path_along
from pages.backprop.gradient_check.compute.sweep import STEPS, formula_subject, sweep
from tests.e2e.timing import slow_redraw
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, rested, still, words_to_server
from tests.printed import number
from tests.root import ROOT
from ui.components.modules import module

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/gradient-check{query}")
    expect(page.locator(".gradient-check .shelf-head b").first).to_be_visible()
    still(page)


def in_link(page: Page, name: str, value: str) -> None:
    page.wait_for_function(
        "([name, value]) => new URLSearchParams(location.search).get(name) === value", arg=[name, value]
    )


def block(page: Page, dtype: str) -> list[str]:
    rows = page.locator(f".type-block[data-dtype='{dtype}'] .sum-row")
    return [row.split("\n")[1] for row in rows.all_inner_texts()]


# ---- the error against h ----


def test_it_opens_on_a_v_and_a_question(page: Page) -> None:
    open_lesson(page)
    expect(page.locator(".say h2")).to_have_text("Smaller h should be better. Is it?")
    for curve in ("float64", "float32", "truncation", "round-off-float64"):
        assert page.locator(f".plot .curve[data-id='{curve}']").count() == 1


@pytest.mark.parametrize(
    ("h", "at", "rule"), [("-2", 40, "central"), ("-5.25", 27, "one-sided"), ("-9", 12, "central")]
)
def test_the_shelf_writes_what_the_engine_computed(page: Page, h: str, at: int, rule: str) -> None:
    open_lesson(page, f"?h={h}&rule={rule}")
    assert np.log10(STEPS[at]) == pytest.approx(float(h))
    for dtype in ("float64", "float32"):
        found = sweep(formula_subject("x**3", 2), dtype)
        above, other, numeric, analytic, error = block(page, dtype)
        assert float(above) == pytest.approx(float(found.above[at]), rel=1e-16 if dtype == "float64" else 1e-8)
        wanted = found.below[at] if rule == "central" else found.centre
        assert float(other) == pytest.approx(float(wanted), rel=1e-16 if dtype == "float64" else 1e-8)
        assert float(numeric) == pytest.approx(float(found.numeric(rule)[at]), rel=1e-7)
        assert float(analytic) == 12
        assert number(error) == pytest.approx(float(found.error(rule)[at]), rel=0.06)


def test_digits_that_cancel_are_grey_and_their_number_is_told(page: Page) -> None:
    open_lesson(page, "?h=-8.25")
    row = page.locator(".type-block[data-dtype='float64'] .digits").first
    grey, ink = row.locator("i").inner_text(), row.locator("b").inner_text()
    assert grey == "8.000000"
    assert ink.startswith("067")
    expect(page.locator(".say p b").first).to_have_text("7")
    expect(page.locator(".say h2")).to_have_text("Now rounding eats the digits")
    # In float32 nothing is left of the difference at all.
    assert page.locator(".type-block[data-dtype='float32'] .digits b").first.inner_text() == ""


def test_dragging_the_ring_answers_in_the_browser_and_rests_in_the_link(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page)
    before, head = quiet(page, sent), page.locator(".shelf-head b").inner_text()
    with clock_standing(page):
        ring = page.locator(".handle[data-id='h']").bounding_box()
        plot = page.locator(".plot").bounding_box()
        assert ring is not None
        assert plot is not None
        x, y = ring["x"] + ring["width"] - 16, ring["y"] + ring["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 0.4 * plot["width"], y, steps=5)
        assert page.locator(".shelf-head b").inner_text() != head
        assert len(sent) == before
    page.mouse.up()
    page.wait_for_function("Number(new URLSearchParams(location.search).get('h')) < -4")


def test_the_ring_moves_one_h_at_a_key(page: Page) -> None:
    open_lesson(page, "?h=-3")
    page.locator(".handle[data-id='h']").focus()
    page.keyboard.press("ArrowLeft")
    in_link(page, "h", "-3.25")
    page.keyboard.press("ArrowRight")
    in_link(page, "h", "-3")


def test_a_typed_formula_is_differentiated_and_a_bad_one_answered_with_a_caret(page: Page) -> None:
    open_lesson(page, "?of=own")
    page.locator(".formula-input").fill("exp(x) / (x")
    page.keyboard.press("Enter")
    expect(page.locator(".refusal")).to_contain_text("This bracket is never closed")
    expect(page.locator(".refusal pre")).to_contain_text("^")
    expect(page.locator(".subject")).to_contain_text("exp(x) / x")
    page.locator(".formula-input").fill("x**4")
    page.keyboard.press("Enter")
    expect(page.locator(".subject")).to_contain_text("x^4")
    expect(page.locator(".subject")).to_contain_text("f′ = 32")
    in_link(page, "f", "x**4")
    open_lesson(page, "?of=own&f=log(x)&x=0.05&h=-1")
    expect(page.locator(".say h2")).to_have_text("f has no value there")


def test_what_was_refused_stays_said_while_h_is_dragged_and_is_forgotten_with_escape(page: Page) -> None:
    open_lesson(page, "?of=own&h=-3")
    page.locator(".formula-input").fill("exp(x) / (x")
    page.keyboard.press("Enter")
    expect(page.locator(".refusal")).to_contain_text("This bracket is never closed")
    page.locator(".handle[data-id='h']").focus()
    page.keyboard.press("ArrowLeft")
    in_link(page, "h", "-3.25")
    expect(page.locator(".refusal")).to_contain_text("This bracket is never closed")
    page.locator(".typed[data-name='x']").click()
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    expect(page.locator(".subject")).to_contain_text("at x = 0.5")
    expect(page.locator(".refusal")).to_be_empty()
    assert page.locator(".formula-input").input_value() == "exp(x) / x"
    page.locator(".formula-input").fill("log(0 - x)")
    page.keyboard.press("Enter")
    expect(page.locator(".refusal")).not_to_be_empty()
    page.keyboard.press("Escape")
    assert page.locator(".formula-input").input_value() == "exp(x) / x"
    expect(page.locator(".refusal")).to_be_empty()
    rested(page)
    expect(page.locator(".refusal")).to_be_empty()


def test_a_weight_of_the_network_has_its_kink_in_the_picture(page: Page) -> None:
    open_lesson(page, "?of=weight&h=-1.25")
    expect(page.locator(".say h2")).to_have_text("Something else is in the way")
    page.get_by_role("button", name="one side").click()
    in_link(page, "rule", "one-sided")
    page.get_by_role("button", name="hardly matters").click()
    in_link(page, "weight", "weak")
    expect(page.locator(".subject")).to_contain_text("conv1.weight[2, 0, 2, 0]")


# ---- a kink ----


def test_the_browser_s_path_is_the_engine_s(page: Page) -> None:
    open_lesson(page, "?view=kink")
    url = (
        "data:text/javascript;base64,"
        + base64.b64encode(module(ROOT / "pages/backprop/gradient_check/browser/kink.js").encode()).decode()
    )
    image, label = digit(5)
    paths = {**SIMPLE, "network": path_along(pretrained_digit_network(), image, label, "conv1.weight", (1, 0, 2, 0))}
    for name, path in paths.items():
        low, high = path.edges[[0, -1]]
        xs = [float(x) for x in np.linspace(low, high, 41)] + [float(kink) for kink in path.kinks]
        given = {"edges": path.edges.tolist(), "z": path.z.ravel().tolist(), "classes": path.z.shape[1],
                 "target": path.target}  # fmt: skip
        found = page.evaluate(
            """async ([url, path, xs]) => {
              const twin = await import(url);
              return xs.map((x) => [
                twin.value(path, x), twin.slope(path, x), twin.numeric(path, x, 0.01), twin.nearest(path, x).distance,
              ]);
            }""",
            [url, given, xs],
        )
        for x, (value, slope, numeric, distance) in zip(xs, found, strict=True):
            assert value == pytest.approx(path.value(x), rel=1e-6, abs=1e-9), (name, x)
            assert slope == pytest.approx(path.derivatives(x)[0], rel=1e-6, abs=1e-9), (name, x)
            assert numeric == pytest.approx(path.numeric(x, 0.01), rel=1e-6, abs=1e-9), (name, x)
            assert (distance is None and not len(path.kinks)) or distance == pytest.approx(path.distance(x), abs=1e-12)


def test_dragging_h_below_the_kink_s_distance_makes_both_slopes_agree(page: Page) -> None:
    open_lesson(page, "?view=kink&kh=0.6")
    expect(page.locator(".say h2")).to_have_text("The slopes disagree, and no code is wrong")
    assert number(page.locator(".kink-line .numeric").inner_text()) == pytest.approx(0.85 / 1.2, abs=1e-4)
    page.locator(".curve-box .handle[data-id='h']").focus()
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".say h2")).to_have_text("Now h stays clear of the kink")
    assert number(page.locator(".kink-line .numeric").inner_text()) == pytest.approx(1)
    page.wait_for_function("Number(new URLSearchParams(location.search).get('kh')) < 0.25")


def test_another_function_needs_no_trip_to_the_server(page: Page) -> None:
    open_lesson(page, "?view=kink")
    page.get_by_role("button", name="smooth").click()
    expect(page.locator(".say h2")).to_have_text("No kink anywhere")
    page.get_by_role("button", name="the network’s loss").click()
    expect(page.locator(".flip")).to_contain_text("relu1 opens or shuts at [1, 0, 5]")
    in_link(page, "kof", "network")


# ---- find the fault ----


def test_the_case_is_solved_by_clicking_its_line_and_mended_beside_it(page: Page) -> None:
    case = next(case for case in CASES if case.kind == "NormWithoutMean")
    open_lesson(page, f"?view=fault&case={case.key}")
    page.locator(".layer-name[data-layer='norm']").click()
    page.locator(".code-line[data-line='2']").click()
    expect(page.locator(".say h2")).to_have_text("The right layer, another line")
    page.locator(f".code-line[data-line='{wrong_line(case)}']").click()
    expect(page.locator(".say h2")).to_have_text("The way through the mean")
    expect(page.locator(".code-line.right-line")).to_contain_text("shift = dx_hat.mean(axis=over, keepdims=True)")
    in_link(page, "found", case.key)
    worst = page.locator(".strip[data-strip='norm.dx'] .strip-name i")
    assert number(worst.inner_text()) >= 1
    page.get_by_role("button", name="mended").click()
    assert number(worst.inner_text()) < 1e-4
    page.get_by_role("button", name="Next case").click()
    expect(page.locator(".say h2")).to_have_text("Where is the fault in case E?")


def test_a_right_network_is_acquitted(page: Page) -> None:
    open_lesson(page, "?view=fault&case=e")
    page.locator(".strip[data-strip='conv.bias'] b").first.hover()
    expect(page.locator(".entry")).to_contain_text("Both are 0 but for rounding")
    page.get_by_role("button", name="Nothing is wrong here").click()
    expect(page.locator(".say h2")).to_have_text("Nothing was wrong")


def test_the_softmax_of_each_alone_is_found_on_its_line_and_explained_with_its_numbers(page: Page) -> None:
    case = next(case for case in CASES if case.kind == "LossOfEachAlone")
    open_lesson(page, f"?view=fault&case={case.key}&suspect=loss")
    page.locator(f".code-line[data-line='{wrong_line(case)}']").click()
    expect(page.locator(".say h2")).to_have_text("Softmax isn't a row of sigmoids")
    in_link(page, "found", case.key)
    scores = next(strip for strip in checked(case).of("loss") if strip.name == "dx")
    expect(page.locator(".say p").first).to_contain_text(
        f"the other {scores.wrong().sum()} of {scores.analytic.size} are 0"
    )
    expect(page.locator(".say p").first).to_contain_text(signed(float(scores.analytic.sum()), 3))


def test_pointing_and_arrow_keys_write_both_numbers_with_no_word_to_the_server(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page, "?view=fault&case=c")
    before = quiet(page, sent)
    with clock_standing(page):
        page.locator(".strip[data-strip='output.weight'] b").nth(9).hover()
        expect(page.locator(".entry .shelf-head b")).to_have_text("output.weight[1, 1]")
        expect(page.locator(".entry")).to_contain_text("Analytic ÷ numeric is 4 for every entry")
        page.locator(".strip[data-strip='output.weight'] .strip-cells").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".entry .shelf-head b")).to_have_text("output.weight[2, 2]")
        assert len(sent) == before
    page.keyboard.press("Enter")
    expect(page.locator(".suspect .shelf-head b")).to_have_text("output.backward")
    expect(page.locator(".entry .shelf-head b")).to_have_text("output.weight[2, 2]")
    in_link(page, "suspect", "output")


# ---- everywhere ----


def test_another_view_and_the_one_before_stand_as_they_were_left(page: Page) -> None:
    open_lesson(page, "?h=-3")
    views = page.locator(".st-key-gradient-check-view button")
    page.locator(".handle[data-id='h']").focus()
    page.keyboard.press("ArrowLeft")
    views.nth(1).click()
    expect(page.locator(".kink-line .numeric")).to_be_visible()
    page.locator(".curve-box .handle[data-id='x']").focus()
    page.keyboard.press("ArrowRight")
    in_link(page, "view", "kink")
    page.wait_for_function("new URLSearchParams(location.search).has('kx')")
    in_link(page, "h", "-3.25")
    views.nth(0).click()
    expect(page.locator(".type-block").first).to_be_visible()
    expect(page.locator(".shelf-head b").first).to_have_text("h = 5.6·10⁻⁴")
    expect(page.locator(".kink-line")).to_have_count(0)


@pytest.mark.parametrize("query", ["", "?of=weight", "?view=kink", "?view=fault&case=f&found=f&suspect=conv"])
def test_picture_and_shelf_are_on_the_first_screen_and_nothing_is_cut(page: Page, query: str) -> None:
    open_lesson(page, query)
    shelf = page.locator(".gradient-check .shelf")
    box = shelf.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900
    for part in (".shelf", ".pictures"):
        assert page.locator(f".gradient-check {part}").evaluate("e => e.scrollHeight <= e.clientHeight + 1"), part
    for name in page.locator(".entry .symbol").all():
        assert name.evaluate("e => e.scrollWidth <= e.clientWidth"), "a name lies over its number"


@pytest.mark.parametrize("query", ["?of=own", "?view=kink", "?view=fault"])
def test_on_a_phone_nothing_is_wider_than_the_screen(page: Page, query: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page, query)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("query", ["&of=weight&h=-1.25", "&view=kink&kof=network", "&view=fault"])
def test_the_chinese_page_has_chinese_words(page: Page, query: str) -> None:
    open_lesson(page, f"?lang=zh{query}")
    for part in (".kicker", ".say h2", ".say p", ".tools"):
        text = page.locator(f".gradient-check {part}").first.inner_text()
        assert re.search("[\u4e00-\u9fff]", text), (query, part)
        assert not re.search(r"[a-z]{3,} [a-z]{3,}", text), (query, text)


def test_a_drag_is_written_within_a_few_frames(page: Page) -> None:
    open_lesson(page)
    assert slow_redraw(page.locator(".gradient-check"), "host.board.view.go(i, false);", 50) < 20


# ---- what is written in the picture ----


_CROSSED = """(plot, kinds = "text:not(.handle text)") => {
  const words = [...plot.querySelectorAll(kinds)].filter((text) => text.textContent.trim());
  const boxes = words.map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect(), middle = (top + bottom) / 2;
    const half = 0.45 * parseFloat(getComputedStyle(text).fontSize);
    return { left, right, top: middle - half, bottom: middle + half, said: text.textContent };
  });
  const meets = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
  return boxes.flatMap((one, i) => boxes.slice(i + 1).filter((other) => meets(one, other))
    .map((other) => `${one.said} | ${other.said}`));
}"""


@pytest.mark.parametrize(
    ("query", "width"),
    [("?present=1", 1280), ("?present=1&of=weight", 1280), ("?present=1&of=sigmoid", 1280), ("?lang=zh", 390)],
)
def test_no_words_of_the_curve_stand_in_each_others_lines(page: Page, query: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    open_lesson(page, query)
    assert not page.locator(".gradient-check .plot").first.evaluate(_CROSSED)


@pytest.mark.parametrize("query", ["of=sigmoid&rule=one-sided", "of=steep", "of=weight"])
def test_the_best_h_gives_way_to_the_one_that_is_held(page: Page, query: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    open_lesson(page, f"?present=1&{query}&h=-1")
    ring = page.locator(".handle[data-id='h']")
    ring.focus()
    for _ in STEPS:
        met = page.locator(".gradient-check .plot").first.evaluate(_CROSSED, ".handle text, .rule text")
        assert not met
        page.keyboard.press("ArrowLeft")


def test_what_is_set_beside_its_name_keeps_apart_from_it(page: Page) -> None:
    open_lesson(page)
    for name in page.locator(".types .symbol").all():
        assert (
            name.evaluate(
                """(node) => {
              const words = document.createRange();
              words.selectNodeContents(node);
              return node.nextElementSibling.getBoundingClientRect().left - words.getBoundingClientRect().right;
            }"""
            )
            > 4
        ), name.text_content()
