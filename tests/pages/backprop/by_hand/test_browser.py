"""Backprop by hand, in Chromium: stepping lights both ways, numbers are typed over, values are found, runs are run."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pages.backprop.by_hand.compute.run import descend
from pages.backprop.by_hand.compute.setup import CLASSIC, Setup, drawn
from pages.backprop.by_hand.compute.sheet import written_out
from pages.backprop.by_hand.figure import written
from tests.e2e.scripts import script
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server
from tests.equations import equations, false_ones

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

PRINTED = script("printed.js")
LASTS = """(steps) => [...steps.children].filter((one, i, all) => one.matches(".step") && !all[i + 1]?.matches(".step"))
  .map((step) => step.dataset.result)"""
"""The last step of each phase, when all that it makes stands there."""


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/by-hand{query}")
    expect(page.locator(".by-hand .shelf-head b")).to_be_visible()
    still(page)


def choose(page: Page, result: str) -> None:
    page.locator(f".step[data-result='{result}']").click()


def shelf_value(page: Page) -> str:
    return page.locator(".shelf .total").inner_text().replace("−", "-").removeprefix("= ")


def cell(page: Page, name: str) -> Any:
    return page.locator(f".picture .cell[data-name='{name}']").first


def expect_drawn(page: Page, setup: Setup) -> None:
    """The picture is that of this network: its error after the step, and each new weight."""
    sheet = written_out(setup)
    expect(page.locator(".stands")).to_contain_text(f"E = {shown(sheet.value('E'))}")
    for line in sheet.lines[-3:]:
        choose(page, line.result)
        expect(page.locator(".shelf .total")).to_have_text(f"= {shown(sheet.value(line.result))}")


def shown(value: float) -> str:
    return written(value).replace("-", "−")


def type_into(page: Page, name: str, text: str) -> None:
    cell(page, name).click()
    page.locator("input.edit").fill(text)
    page.locator("input.edit").press("Enter")


def test_it_opens_on_a_question_and_its_arithmetic(page: Page) -> None:
    # [G] dE/dw5 = .082167041.
    open_lesson(page)
    expect(page.locator(".say h2")).to_have_text("Should w₅ grow or shrink?")
    assert page.locator(".shelf .chip").all_inner_texts() == ["0.138498562", "0.593269992"]
    assert shelf_value(page) == "0.082167041"


def test_every_step_shows_the_engine_s_value(page: Page) -> None:
    # [G] All of the 2-2-2 network's numbers, as they are printed.
    open_lesson(page, "?at=net_h1")
    page.locator(".has-keys").focus()
    sheet = written_out(CLASSIC)
    for line in sheet.lines:
        shown = shelf_value(page)
        assert shown == written(sheet.value(line.result)), line.result
        page.keyboard.press("ArrowRight")
    page.wait_for_function("location.search.includes('at=new_E')")


def test_a_step_lights_what_it_reads_and_a_number_the_steps_that_read_it(page: Page) -> None:
    open_lesson(page)
    choose(page, "dE_out_h1")
    read = page.locator(".picture .cell.read").evaluate_all("cells => cells.map((c) => c.dataset.name).sort()")
    assert read == ["d_o1", "d_o2", "w5", "w7"]
    assert page.locator(".edge.lit").evaluate_all("e => e.map((x) => x.dataset.weight).sort()") == ["w5", "w7"]
    cell(page, "out_h1").hover()
    readers = page.locator(".step.reads").evaluate_all("steps => steps.map((s) => s.dataset.result)")
    lines = written_out(CLASSIC).lines
    assert readers == [line.result for line in lines if "out_h1" in line.tokens]
    cell(page, "net_o2").click()
    expect(page.locator(".shelf-head b")).to_have_text("net o₂")


def test_what_comes_later_isn_t_shown_yet(page: Page) -> None:
    open_lesson(page, "?at=out_h1")
    expect(cell(page, "out_h1")).to_have_text("0.5933")
    for name in ("net_o1", "E", "d_o1"):
        expect(cell(page, name)).to_have_text("")


def test_a_weight_is_typed_over_and_everything_follows(page: Page) -> None:
    open_lesson(page)
    type_into(page, "w5", "-1.5")
    params = (*CLASSIC.params[:4], -1.5, *CLASSIC.params[5:])
    expect(page.locator(".shelf .total")).to_have_text(
        "= " + written(written_out(CLASSIC.at(params)).value("dE_w5")).replace("-", "−")
    )
    page.wait_for_function("location.search.includes('-1.5')")
    page.reload()
    expect(cell(page, "w5")).to_have_text("−1.5")


@pytest.mark.parametrize(
    ("name", "field", "at"), [("w5", "params", 4), ("b3", "params", 10), ("i2", "x", 1), ("t1", "target", 0)]
)
def test_every_given_number_can_be_changed(page: Page, name: str, field: str, at: int) -> None:
    open_lesson(page)
    type_into(page, name, "0.123456")
    setup = getattr(CLASSIC, field)
    expect_drawn(page, replace(CLASSIC, **{field: (*setup[:at], 0.123456, *setup[at + 1 :])}))


def test_of_two_numbers_typed_before_the_first_is_answered_none_is_lost(page: Page) -> None:
    open_lesson(page)
    for first, second in (("w5", "w6"), ("i1", "i2")):
        page.locator(".by-hand").evaluate(
            "(host, [a, b]) => { host.board.edit(a, 0.625); host.board.edit(b, 0.875); }", [first, second]
        )
        expect(cell(page, first)).to_have_text("0.625")
        expect(cell(page, second)).to_have_text("0.875")
    expect_drawn(
        page, replace(CLASSIC, x=(0.625, 0.875), params=(*CLASSIC.params[:4], 0.625, 0.875, *CLASSIC.params[6:]))
    )


def test_the_learning_rate_and_a_changed_weight_later_on(page: Page) -> None:
    open_lesson(page)
    page.get_by_role("button", name="10 step", exact=True).click()
    expect(page.locator(".stands")).to_contain_text("after 10 steps")
    type_into(page, "w1", "2")
    later = CLASSIC.at((2.0, *(round(value, 9) for value in descend(CLASSIC, 10).params[10, 1:])))
    expect_drawn(page, later)
    page.wait_for_function("!new URLSearchParams(location.search).has('n')")
    page.locator(".rate").click()
    page.locator("input.edit").fill("0.05")
    page.locator("input.edit").press("Enter")
    expect_drawn(page, replace(later, lr=0.05))
    page.get_by_role("button", name="Start again").click()
    expect_drawn(page, CLASSIC)
    page.wait_for_function("location.search === '?at=new_E'")


def test_another_network_brings_its_own_numbers(page: Page) -> None:
    open_lesson(page)
    type_into(page, "w5", "9")
    page.locator("select[data-knob='sizes']").select_option("3-4-2")
    expect_drawn(page, drawn((3, 4, 2), 0))
    type_into(page, "t1", "0.5")
    page.locator("select[data-knob='hidden']").select_option("tanh")
    expect_drawn(page, replace(drawn((3, 4, 2), 0, hidden="tanh"), target=(0.5, 0.99)))
    page.locator("select[data-knob='head']").select_option("softmax-ce")
    expect_drawn(page, drawn((3, 4, 2), 0, hidden="tanh", head="softmax-ce"))
    expect(cell(page, "t1")).to_have_text("0")


@pytest.mark.parametrize(("query", "place"), [("?head=sigmoid-ce", "t1"), ("", "rate")])
def test_a_target_that_isn_t_a_share_and_a_rate_below_0_are_refused_with_what_is_taken(
    page: Page, query: str, place: str
) -> None:
    open_lesson(page, query)
    spot = page.locator(".rate") if place == "rate" else cell(page, place)
    before = spot.inner_text()
    spot.click()
    page.locator("input.edit").fill("-3")
    page.locator("input.edit").press("Enter")
    expect(page.locator(".typing-note")).to_contain_text("from 0 to")
    page.locator("input.edit").press("Escape")
    expect(spot).to_have_text(before)


def test_a_number_that_can_t_be_read_is_answered_and_nothing_is_lost(page: Page) -> None:
    open_lesson(page)
    cell(page, "w5").click()
    page.locator("input.edit").fill("many")
    page.locator("input.edit").press("Enter")
    expect(page.locator("input.edit.wrong")).to_be_visible()
    page.locator("input.edit").press("Escape")
    expect(cell(page, "w5")).to_have_text("0.4")


def test_one_step_and_ten_thousand(page: Page) -> None:
    # [G] E = .291027774 after one step, 3.5102e-5 after 10,000.
    open_lesson(page)
    for button, error in (("1 step", "0.291027774"), ("10,000 step", "3.5102·10⁻⁵")):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".stands")).to_contain_text(f"E = {error}")
    choose(page, "out_o1")
    assert shelf_value(page) == "0.01591362"
    page.wait_for_function("location.search.includes('n=10000')")
    box = page.locator(".course-plot .plot").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".stands b")).not_to_have_text("after 10,000 steps")
    n = int(page.locator(".stands b").inner_text().replace(",", "").split()[1])
    expect(page.locator(".stands")).to_contain_text(f"E = {written(descend(CLASSIC, n).errors[-1])}")


def test_values_are_found_with_three_digits_a_hint_and_kept_in_the_link(page: Page) -> None:
    open_lesson(page, "?at=net_h1&quiz=1")
    expect(cell(page, "net_h1")).to_have_text("?")
    expect(page.locator(".shelf .chip")).to_have_count(0)
    guess = page.locator(".guess")
    for typed, answer in (("much", "type a number"), ("-0.3775", "sign"), ("0.4", "Not yet")):
        guess.fill(typed)
        guess.press("Enter")
        expect(page.locator(".said")).to_contain_text(answer)
    page.get_by_role("button", name="Hint").click()
    assert page.locator(".shelf .chip").all_inner_texts() == ["0.15", "0.05", "0.2", "0.1", "0.35"]
    guess.fill("0.378")
    guess.press("Enter")
    expect(cell(page, "net_h1")).to_have_text("0.3775")
    expect(page.locator(".shelf-head")).to_contain_text("1 of 40 found")
    page.wait_for_function("new URLSearchParams(location.search).get('done') === '1'")
    page.reload()
    expect(page.locator(".shelf-head")).to_contain_text("1 of 40 found")
    expect(cell(page, "net_h1")).to_have_text("0.3775")
    expect(page.locator(".step[data-result='net_h2'] i")).to_have_text("?")


@pytest.mark.parametrize("view", ["network", "matrices"])
def test_who_hides_the_values_begins_at_the_first_and_none_is_given_away(page: Page, view: str) -> None:
    open_lesson(page, f"?view={view}")
    page.get_by_role("button", name="Hide the values").click()
    sheet = written_out(CLASSIC)
    expect(page.locator(".shelf-head b")).to_have_text("net h₁")
    given = {shown(symbol.value) for symbol in sheet.symbols.values()} - {
        shown(sheet.value(line.result)) for line in sheet.lines
    }
    for at, line in enumerate(sheet.lines):
        expect(page.locator(".kicker")).to_contain_text(f"{at + 1} / {len(sheet.lines)}")
        page.get_by_role("button", name="Hint").click()
        told = page.locator(".by-hand").evaluate(
            """(root) => {
              const spoken = ['title', 'aria-label', 'aria-valuenow'];
              const all = [...root.querySelectorAll(spoken.map((name) => `[${name}]`).join())];
              const told = all.flatMap((e) => spoken.map((name) => e.getAttribute(name) ?? ""));
              return [root.innerText, ...told].join(" ");
            }"""
        )
        numbers = set(re.findall(r"−?\d+\.\d{3,}", told))
        leaked = {
            other.result
            for other in sheet.lines
            for text in (shown(sheet.value(other.result)), f"{sheet.value(other.result):.4f}".replace("-", "−"))
            if text in numbers and text not in given
        }
        assert not leaked, line.result
        page.locator(".has-keys").focus()
        page.keyboard.press("ArrowRight")


def test_any_small_network_is_written_out(page: Page) -> None:
    open_lesson(page)
    page.locator("select[data-knob='sizes']").select_option("3-4-2")
    expect(page.locator(".step")).to_have_count(74)
    page.locator("select[data-knob='head']").select_option("softmax-ce")
    sheet = written_out(drawn((3, 4, 2), 0, head="softmax-ce"))
    expect(page.locator(".step")).to_have_count(len(sheet.lines))
    choose(page, "d_h3")
    assert float(shelf_value(page)) == pytest.approx(sheet.value("d_h3"), abs=6e-10)
    page.get_by_role("button", name="trained", exact=True).click()
    expect(page.locator(".step")).to_have_count(len(sheet.lines) + 12)


def test_as_matrices_the_same_numbers_stand_in_rows_and_columns(page: Page) -> None:
    open_lesson(page, "?sizes=3-4-2&view=matrices&at=net_h1")
    sizes = page.locator(".matrix-name span").all_inner_texts()
    assert sizes == ["4×3", "3×1", "4×1", "4×1", "4×1", "2×4", "4×1", "2×1", "2×1", "2×1"]
    choose(page, "d_h4")
    expect(page.locator(".matrix-name span").nth(6)).to_have_text("4×2")
    back = page.locator(".matrix-name span").all_inner_texts()
    assert back[6:8] == ["4×2", "2×1"]
    assert back[-1] == "4×3"
    type_into(page, "w13", "2")
    expect(cell(page, "w13")).to_have_text("2")


@pytest.mark.parametrize("query", ["", "?sizes=2-2-2-2&hidden=tanh&head=softmax&biases=1", "?sizes=3-4-2&hidden=relu"])
def test_equations_of_matrices_hold_cell_by_cell_or_say_that_they_are_rounded(page: Page, query: str) -> None:
    open_lesson(page, f"{query}{'&' if query else '?'}view=matrices&at=new_E")
    page.evaluate(PRINTED)
    lasts = page.locator(".steps").evaluate(LASTS)
    read = 0
    for result in lasts:
        choose(page, result)
        lines = "\n".join(page.locator(".picture").evaluate("window.printed.lines"))
        read += len(list(equations(lines)))
        assert not false_ones(lines), result
    assert read > 15


def test_a_weight_that_has_moved_shows_by_what_gradient_where_one_points_at_it(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    open_lesson(page, "?at=new_E&present=1")
    gradient = page.locator(".weight .gradient-row:has([data-name=dE_w8])")
    expect(gradient).to_be_hidden()
    page.locator(".weight [data-name=w8]").hover()
    expect(gradient).to_be_visible()
    expect(gradient.locator(".cell")).not_to_be_empty()


def test_choosing_and_pointing_need_no_word_to_the_server_before_they_rest(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page)
    before = quiet(page, sent)
    with clock_standing(page):
        for name in ("out_h1", "d_o1", "net_o2", "t1"):
            cell(page, name).hover()
        page.locator(".has-keys").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator(".kicker")).to_contain_text("19 / 40")
        assert len(sent) == before


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    open_lesson(page)
    cell(page, "i1").focus()
    page.keyboard.press("Enter")
    page.locator("input.edit").fill("0.9")
    page.keyboard.press("Enter")
    expect(cell(page, "i1")).to_have_text("0.9")
    page.locator(".step[data-result='E']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".shelf-head b")).to_have_text("E")


@pytest.mark.parametrize("query", ["", "?sizes=3-4-2", "?sizes=3-4-2&view=matrices&at=d_h1", "?at=new_E"])
def test_the_whole_picture_and_its_shelf_are_on_the_first_screen(page: Page, query: str) -> None:
    open_lesson(page, query)
    shelf = page.locator(".shelf").bounding_box()
    assert shelf is not None
    assert shelf["y"] + shelf["height"] <= 900
    assert page.locator(".picture").evaluate(
        "e => e.scrollWidth <= e.clientWidth + 1 && e.scrollHeight <= e.clientHeight + 1"
    )


def test_on_a_phone_nothing_is_wider_than_the_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for query in ("", "?view=matrices"):
        open_lesson(page, query)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        box = page.locator(".shelf").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 391


def test_the_chinese_page_has_chinese_words(page: Page) -> None:
    for at in ("net_h1", "E", "d_h1", "dE_w7", "new_w1"):
        open_lesson(page, f"?lang=zh&at={at}")
        for part in (".say h2", ".say p", ".shelf-head", ".course"):
            text = page.locator(part).first.inner_text()
            assert re.search("[\u4e00-\u9fff]", text), (at, part)
            assert not re.search(r"[a-z]{3,} [a-z]{3,}", text), (at, text)


def test_a_changed_number_comes_back_after_one_word_to_the_server(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page)
    before = quiet(page, sent)
    page.locator(".by-hand").evaluate(
        """async (host) => {
          for (let i = 0; i < 8; i++) {
            const before = host.board.meta.version;
            host.board.edit("w5", 0.4 + (i + 1) / 100);
            while (host.board.meta.version === before) await new Promise(requestAnimationFrame);
          }
        }"""
    )
    assert quiet(page, sent) - before == 8


def test_in_a_hall_no_weight_stands_over_a_unit(page: Page) -> None:
    open_lesson(page, "?present=1")
    for width, height in ((1280, 720), (1440, 900), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        still(page)
        met = page.locator(".by-hand .net").evaluate(
            """(net) => {
              const box = (node) => node.getBoundingClientRect();
              const units = [...net.querySelectorAll(".unit:not(.input, .target), .unit.input .cell")].map(box);
              const over = (a) => units.some((b) =>
                a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom);
              const seen = [...net.querySelectorAll(".weight .cell")].filter((cell) => box(cell).width);
              return seen.filter((cell) => over(box(cell))).map((cell) => cell.textContent);
            }"""
        )
        assert not met, (width, met)


OVER = """(root) => {
  const words = document.createRange(), found = [], boxOf = (node) => node.getBoundingClientRect();
  const all = (kind) => [...root.querySelectorAll(kind)].filter((node) => node.checkVisibility() && boxOf(node).width);
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const tell = (one, a, other, b) => { if (over(a, b)) found.push(`${one} over ${other}`); };
  const cells = all(".cell").map((node) => [node.dataset.name, boxOf(node)]);
  for (const name of all("small")) {
    const texts = document.createTreeWalker(name, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      words.selectNodeContents(text);
      const { left, right, top, bottom } = words.getBoundingClientRect(), middle = (top + bottom) / 2;
      const half = 0.35 * parseFloat(getComputedStyle(text.parentElement).fontSize);
      const letters = { left, right, top: middle - half, bottom: middle + half };
      for (const [cell, box] of cells) tell(name.textContent, letters, cell, box);
    }
  }
  cells.forEach(([one, a], i) => { for (const [other, b] of cells.slice(i + 1)) tell(one, a, other, b); });
  for (const name of all(".weight-row small")) {
    for (const unit of all(".unit[data-unit]")) tell(name.textContent, boxOf(name), unit.dataset.unit, boxOf(unit));
  }
  return found;
}"""


@pytest.mark.parametrize("at", ["dE_w5", "new_w8"])
@pytest.mark.parametrize(("width", "height", "hall"), [(1440, 900, ""), (390, 844, ""), (1280, 720, "&present=1")])
def test_names_and_cells_of_the_network_keep_clear_of_each_other(
    page: Page, at: str, width: int, height: int, hall: str
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_lesson(page, f"?at={at}{hall}")
    assert page.locator(".picture").evaluate(OVER) == []
