"""Softmax and scores, in Chromium: dragging answers there, and the twin is the engine."""

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

from engine.losses.softmax import softmax
from pages.blocks.softmax.compute import (
    hinge_terms,
    naive_softmax,
    shifted_softmax,
    softmax_jacobian,
    two_losses,
)
from tests.e2e.timing import slow_redraw
from tests.e2e.visits import go_to
from tests.e2e.waiting import clock_standing, quiet, still, words_to_server
from tests.printed import number
from tests.root import ROOT
from ui.components.modules import module

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

SCENES = ("shares", "temperature", "slopes", "margins", "overflow")
EVALUATE = """
async ([url, cases]) => {
  const t = await import(url);
  const told = (value) => (Number.isNaN(value) ? "nan" : Number.isFinite(value) ? value : "inf");
  return cases.map(({ z, T, target }) => ({
    p: t.softmax(z, T), J: t.jacobian(t.softmax(z)), h: t.hingeTerms(z, target), dh: t.hingeSlopes(z, target),
    loss: t.surprise(z, target), safe: t.shiftedSoftmax(z).p,
    naive32: t.naiveSoftmax(z, t.KEEP.float32).p.map(told), naive64: t.naiveSoftmax(z, t.KEEP.float64).p.map(told),
    safe32: t.shiftedSoftmax(z, t.KEEP.float32).p.map(told),
  }));
}
"""


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/softmax{query}")
    expect(page.locator(".scenes .pictures > *").first).to_be_visible()
    still(page)


def expect_link(page: Page, **wanted: str) -> None:
    page.wait_for_function(
        "wanted => JSON.stringify(Object.fromEntries([...new URLSearchParams(location.search)].sort())) === wanted",
        arg=json.dumps(dict(sorted(wanted.items())), separators=(",", ":")),
    )


def column(page: Page, name: str) -> list[str]:
    return page.locator(f".score-cell.{name}").all_inner_texts()


@pytest.fixture(scope="module")
def blank(browser: Any) -> Iterator[Any]:
    page = browser.new_page()
    yield page
    page.close()


def numbers(values: list[Any]) -> list[float]:
    return [float(value) for value in values]


# e to the power of −899 is 10 to that of −390.43; of −898.01, 9.98 · 10 to that of −391, which rounds up to a 10.
@pytest.mark.parametrize(
    ("score", "share", "surprise"), [("1", "3.7·10⁻³⁹¹", "899.0"), ("1.99", "1.0·10⁻³⁹⁰", "898.0")]
)
def test_a_share_that_no_float_holds_is_written_from_its_surprise(
    page: Page, score: str, share: str, surprise: str
) -> None:
    open_lesson(page, f"?scores=900,{score},-3&truth=1&cell=1.2")
    # The logarithm of 0 would have no end.
    loss = page.locator(".shelf .line", has=page.locator("b.symbol", has_text="L"))
    expect(loss.locator(".chip")).to_have_text(share)
    expect(loss.locator(".total")).to_have_text(f"≈ {surprise}")


def test_the_browser_s_formulas_are_the_engine_s(blank: Any) -> None:
    rng = np.random.default_rng(0)
    cases = [
        {"z": rng.normal(0, scale, int(rng.integers(2, 7))).tolist(), "T": float(rng.uniform(0.1, 20)), "target": 1}
        for scale in (1.0, 5, 40, 300, 900)
        for _ in range(12)
    ]
    code = base64.b64encode(module(ROOT / "pages/blocks/softmax/browser/twin.js").encode()).decode()
    found = blank.evaluate(EVALUATE, [f"data:text/javascript;base64,{code}", cases])
    for case, here in zip(cases, found, strict=True):
        z = np.array(case["z"])
        hinge, dhinge, surprise, _ = two_losses(z, 1)
        np.testing.assert_allclose(here["p"], softmax(z[None] / case["T"])[0], atol=1e-12)
        np.testing.assert_allclose(here["J"], softmax_jacobian(softmax(z[None])[0]), atol=1e-12)
        np.testing.assert_allclose(here["h"], hinge_terms(z, 1), atol=1e-12)
        assert sum(here["h"]) == pytest.approx(hinge, abs=1e-9)
        assert here["dh"] == dhinge.tolist()
        assert here["loss"] == pytest.approx(surprise, abs=1e-12)
        np.testing.assert_allclose(here["safe"], shifted_softmax(z)[1], atol=1e-12)
        for name, way, kind in (
            ("naive32", naive_softmax, np.float32),
            ("naive64", naive_softmax, np.float64),
            ("safe32", shifted_softmax, np.float32),
        ):
            np.testing.assert_allclose(numbers(here[name]), way(z.astype(kind))[1], atol=1e-6, err_msg=name)


def test_it_opens_on_the_textbook_scores_with_a_question(page: Page) -> None:
    # [G] softmax(3, 1, -3) = .8789 .1189 .0022.
    open_lesson(page)
    expect(page.locator(".say h2")).to_contain_text("?")
    assert column(page, "p") == ["0.8789", "0.1189", "0.0022"]
    expect(page.locator(".shelf .line").first).to_contain_text("= 0.8789")
    assert page.locator(".shelf .line").first.locator(".chip").all_inner_texts() == ["20.09", "20.09", "2.718", "0.050"]


def test_dragging_a_score_moves_every_share_without_a_word_to_the_server(page: Page) -> None:
    sent = words_to_server(page)
    open_lesson(page)
    before, shares = quiet(page, sent), column(page, "p")
    with clock_standing(page):
        box = page.locator(".lane .grip").nth(1).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        for by in (20, 40, 60):
            page.mouse.move(box["x"] + box["width"] / 2 + by, box["y"] + 5)
        moved = column(page, "p")
        assert all(one != other for one, other in zip(shares, moved, strict=True))
        assert len(sent) == before
    page.mouse.up()
    page.wait_for_function("new URLSearchParams(location.search).has('scores')")
    z = [float(v) for v in parse_qs(urlparse(page.evaluate("location.href")).query)["scores"][0].split(",")]
    assert z[0] == 3
    assert z[1] > 1
    np.testing.assert_allclose([float(share) for share in moved], softmax(np.array([z]))[0], atol=6e-5)


def test_each_cell_of_each_column_writes_out_its_own_arithmetic(page: Page) -> None:
    open_lesson(page)
    p = softmax(np.array([[3.0, 1, -3]]))[0]
    for row in range(3):
        for name, value in (("e", np.exp([3, 1, -3])[row]), ("p", p[row]), ("g", p[row] - (row == 1))):
            page.locator(f".score-cell.{name}").nth(row).hover()
            expect(page.locator(".shelf-head b")).to_have_text(re.compile(rf"\[{row}\]"))
            said = (
                page.locator(".shelf .line")
                .first.locator(".total")
                .last.inner_text()
                .removeprefix("= ")
                .replace("−", "-")
            )
            assert float(said) == pytest.approx(value, abs=6e-3 * max(1, abs(value)))


def test_another_truth_is_another_loss_and_the_slopes_follow(page: Page) -> None:
    open_lesson(page)
    page.locator(".truth").nth(2).click()
    p = softmax(np.array([[3.0, 1, -3]]))[0]
    expect(page.locator(".shelf .line").nth(1)).to_contain_text(f"{-np.log(p[2]):.4f}")
    shown = [float(text.replace("−", "-")) for text in column(page, "g")]
    np.testing.assert_allclose(shown, p - [0, 0, 1], atol=6e-5)
    expect_link(page, truth="2", cell="2.3")


def test_classes_come_and_go(page: Page) -> None:
    open_lesson(page)
    page.get_by_role("button", name="+ class").click()
    expect(page.locator(".score-cell.p")).to_have_count(4)
    expect_link(page, scores="3,1,-3,0")
    page.get_by_role("button", name="− class").click()
    page.get_by_role("button", name="− class").click()
    expect(page.locator(".score-cell.p")).to_have_count(2)
    expect(page.get_by_role("button", name="− class")).to_have_count(0)


def test_temperature_2_gives_the_shares_of_half_the_scores(page: Page) -> None:
    # [G] softmax(1, -2, 0) = .705 .035 .259; of half the scores .547 .122 .331.
    open_lesson(page, "?scene=temperature")
    assert column(page, "p1") == ["0.705", "0.035", "0.259"]
    assert column(page, "p") == ["0.547", "0.122", "0.331"]
    page.get_by_role("button", name="T = 10").click()
    p = softmax(np.array([[1.0, -2, 0]]) / 10)[0]
    np.testing.assert_allclose([float(text) for text in column(page, "p")], p, atol=6e-4)
    handle = page.locator(".plot .handle .hit").bounding_box()
    assert handle is not None
    page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(handle["x"] - 350, handle["y"])
    page.mouse.up()
    assert float(column(page, "p")[0]) > 0.547
    page.wait_for_function("Number(new URLSearchParams(location.search).get('T') ?? 9) < 2")


def test_every_cell_of_the_jacobian_is_the_engine_s_and_its_column_adds_up(page: Page) -> None:
    open_lesson(page, "?scene=slopes")
    p = softmax(np.array([[3.0, 1, -3]]))[0]
    J = softmax_jacobian(p)
    for flat in range(9):
        i, k = divmod(flat, 3)
        page.locator(".jacobian .entry-cell").nth(flat).hover()
        expect(page.locator(".shelf-head b")).to_have_text(f"dp[{i}]/dz[{k}]")
        said = page.locator(".shelf .total").last.inner_text().removeprefix("= ")
        assert number(said) == pytest.approx(J[i, k], abs=6e-5)
    page.locator(".jacobian .result-cell").nth(1).hover()
    totals = [text.replace("−", "-") for text in page.locator(".shelf .total").all_inner_texts()]
    assert [float(text.removeprefix("= ")) for text in totals] == pytest.approx([p[1] - 1] * 2, abs=6e-5)


@pytest.mark.parametrize(
    ("at", "written", "comes"),
    [(0, "− ( 0 − 1.000 )", 1.0), (1, "− ( 1 − 3.7·10⁻³⁹¹ )", -1.0), (2, "− ( 0 − 6.8·10⁻³⁹³ )", 0)],
)
def test_a_share_that_no_float_holds_is_cancelled_and_not_multiplied_by_infinity(
    page: Page, at: int, written: str, comes: float
) -> None:
    open_lesson(page, "?scores=900,1,-3&truth=1&scene=slopes")
    page.locator(".jacobian .result-cell").nth(at).hover()
    expect(page.locator(".shelf-head b")).to_have_text(f"dL/dz[{at}]")
    expect(page.locator(".shelf-head")).to_contain_text("the share 3.7·10⁻³⁹¹ is less than a float holds")
    line = page.locator(".shelf .line").first
    assert " ".join(line.locator(".op-sign, .chip").all_inner_texts()) == written
    said = line.locator(".total").inner_text()
    assert said.startswith("= ")
    assert number(said.removeprefix("= ")) == pytest.approx(comes)
    assert "∞" not in page.locator(".board").inner_text()
    # The two that cancel are one over the other, as they are written too.
    expect(page.locator(".jacobian .upstream").nth(1)).to_have_text("−3·10³⁹⁰")
    expect(page.locator(".jacobian .entry-cell").nth(4)).to_have_text("4·10⁻³⁹¹")


def test_the_hinge_can_t_tell_the_three_rows_apart_and_softmax_can(page: Page) -> None:
    # [G] SVM beside softmax on [10, -2, 3], [10, 9, 9], [10, -100, -100].
    open_lesson(page, "?scene=margins")
    for name, entropy in (("10, −2, 3", "9.2·10⁻⁴"), ("10, 9, 9", "0.5514"), ("10, −100, −100", "0")):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator(".loss-box b").first).to_have_text("0")
        shown = page.locator(".loss-box b").nth(1).inner_text()
        assert shown in (entropy, "0.0009"), name
    page.locator(".truth").nth(1).click()
    hinge = two_losses(np.array([10.0, -100, -100]), 1)[0]
    expect(page.locator(".loss-box b").first).to_contain_text(f"{hinge:.1f}"[:3])


def test_the_large_scores_break_both_floats_and_the_shift_mends_them(page: Page) -> None:
    # [G] (123, 456, 789).
    open_lesson(page, "?scene=overflow")
    assert column(page, "p32") == ["nan"] * 3
    assert column(page, "p64") == ["0", "0", "nan"]
    assert column(page, "ps")[2] == "1"
    page.get_by_role("button", name="100, 90, 80").click()
    assert column(page, "p32")[0] == "nan"
    assert not [text for text in column(page, "p64") if text == "nan"]
    page.get_by_role("button", name="12, 45, 78").click()
    assert not [text for name in ("p32", "p64", "ps") for text in column(page, name) if text == "nan"]
    expect(page.locator(".say h2")).to_have_text("Here all three agree")


@pytest.mark.parametrize(
    "query", ["?scores=-800,-801,-803", "?scores=800,799,797", "?scene=temperature&warm=-200,-200.1,-201&T=0.1"]
)
def test_exponentials_beyond_a_float_are_written_with_the_shift_so_the_quotient_is_the_share(
    page: Page, query: str
) -> None:
    open_lesson(page, query)
    page.locator(".rows .score-cell.p").first.hover()
    expect(page.locator(".shelf-head")).to_contain_text("largest")
    line = page.locator(".shelf .line").last if "temperature" in query else page.locator(".shelf .line").first
    numbers = [number(text) for text in line.locator(".chip").all_inner_texts()]
    share = number(line.locator(".total").inner_text().removeprefix("= "))
    assert max(numbers) == 1
    assert numbers[0] / sum(numbers[1:]) == pytest.approx(share, abs=1e-3)


def test_the_keyboard_reaches_scores_cells_and_truth(page: Page) -> None:
    open_lesson(page)
    page.locator(".lane .grip").first.focus()
    page.keyboard.press("ArrowRight")
    expect_link(page, scores="3.1,1,-3")
    page.locator(".rows").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".shelf-head b")).to_have_text("p[1]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect_link(page, scores="3.1,1,-3", truth="2", cell="2.3")


def test_what_a_drag_changes_is_written_within_a_few_frames(page: Page) -> None:
    open_lesson(page, "?scene=temperature")
    assert slow_redraw(page.locator(".scenes"), "host.board.state.warm[0] = 1 + i / 20; host.board.changed();") < 40


def test_on_a_phone_each_column_has_its_name_the_scores_among_them(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_lesson(page)
    heads = page.locator(".rows .head-cell b")
    assert [name for name in heads.all_inner_texts() if name] == ["Score", "Exponential", "Share", "Truth", "Slope"]
    name, score = (page.locator(one).first for one in (".head-cell.z b", ".score-cell.z"))
    left = "(node) => node.getBoundingClientRect().left"
    assert name.evaluate(left) == pytest.approx(score.evaluate(left), abs=2)


@pytest.mark.parametrize("query", ["?present=1", "", "?scores=3,1.5,1"])
def test_a_share_s_name_is_whole_or_not_there(page: Page, query: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    open_lesson(page, query)
    seen = page.locator(".whole > span").evaluate_all(
        """(parts) => parts.map((part) => [...part.querySelectorAll("b")].filter((word) => {
             const [own, room] = [word, part].map((one) => one.getBoundingClientRect());
             return own.left >= room.left - 1 && own.right <= room.right + 1 && own.top < room.bottom - 1;
           }).map((word) => word.textContent).join(""))"""
    )
    assert all(re.fullmatch(r"(class \d+( · [\d.]+ %)?)?", words) for words in seen), seen
    assert re.fullmatch(r"class 0 · [\d.]+ %", seen[0])
