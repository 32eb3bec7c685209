"""Computational graph, in Chromium: the twin is the engine, and both passes can be walked with inputs held by hand."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from engine.autograd.expression import ParseError, outline, parse
from tests.e2e.visits import go_to
from tests.e2e.waiting import rested, still
from tests.engine.autograd.test_graph import Unsound, draw
from tests.root import ROOT
from ui.components.modules import module

pytestmark = [pytest.mark.browser, pytest.mark.one_visit]

TWIN = """
async ([url, cases]) => {
  const { run } = await import(url);
  return cases.map(({ nodes, inputs }) => run(nodes, inputs));
}
"""


def open_lesson(page: Page, query: str = "") -> None:
    go_to(page, f"/graph{query}")
    expect(page.locator(".graph .node, .bench .cell").first).to_be_visible()
    still(page)


def formula_link(text: str, more: str = "") -> str:
    return f"?f={quote(text, safe='')}{more}"


def expect_link(page: Page, **wanted: str) -> None:
    page.wait_for_function(
        "wanted => JSON.stringify(Object.fromEntries([...new URLSearchParams(location.search)].sort())) === wanted",
        arg=json.dumps(dict(sorted(wanted.items())), separators=(",", ":")),
    )


def number(text: str) -> float:
    return float(text.strip("()").replace("−", "-"))


def card(page: Page, name: str) -> Any:
    return page.locator(".node", has=page.locator(".symbol-line", has_text=re.compile(rf"{name}$")))


def value(page: Page, name: str) -> float:
    return number(card(page, name).locator(".value").inner_text())


def grad(page: Page, name: str) -> float:
    return number(card(page, name).locator(".grad").inner_text())


@pytest.fixture(scope="module")
def blank(browser: Any) -> Iterator[Any]:
    page = browser.new_page()
    yield page
    page.close()


def random_formulas(count: int) -> list[tuple[str, dict[str, float]]]:
    rng = np.random.default_rng(3)
    found: list[tuple[str, dict[str, float]]] = []
    while len(found) < count:
        inputs = {name: float(round(rng.uniform(-2, 2), 3)) for name in "xyz"}
        leaves = {name: torch.tensor(v, dtype=torch.float64) for name, v in inputs.items()}
        try:
            text, _value = draw(rng, leaves, depth=4)
            outline(text)
        except (Unsound, ParseError):
            continue
        found.append((text, inputs))
    return found


def test_the_browser_s_tape_is_the_engine_s(blank: Any) -> None:
    formulas = random_formulas(200)
    formulas += [(text, {"x": 0.0, "y": -4.0, "z": 2.0}) for text in (
        "1 / x", "log(y)", "x ** (-1)", "y ** 0.5", "y ** z", "x ** 0.5", "exp(exp(z * z))", "max(z, z, x)", "relu(x)",
    )]  # fmt: skip
    cases = [{"nodes": [vars(node) for node in outline(text)], "inputs": inputs} for text, inputs in formulas]
    code = base64.b64encode(module(ROOT / "pages/backprop/graph/browser/twin.js").encode()).decode()
    broken = 0
    for (text, inputs), here in zip(
        formulas, blank.evaluate(TWIN, [f"data:text/javascript;base64,{code}", cases]), strict=True
    ):
        try:
            graph = parse(text, inputs)
        except ParseError:
            assert here["trouble"], text
            broken += 1
            continue
        assert here["trouble"] is None, text
        assert here["value"] == pytest.approx([node.value for node in graph.nodes], rel=1e-9, abs=1e-12)
        for node, theirs, slopes in zip(graph.nodes, here["grad"], here["local"], strict=True):
            assert theirs == (None if node.grad is None else pytest.approx(node.grad, rel=1e-9, abs=1e-12)), text
            assert [s is None for s in slopes] == [s is None for s in node.local], text
        sent = [(s["node"], s["parent"], s["amount"]) for s in here["sent"]]
        assert [s[:2] for s in sent] == [(s.node, s.parent) for s in graph.sent]
        assert [s[2] for s in sent] == pytest.approx([s.amount for s in graph.sent], rel=1e-9, abs=1e-12)
    assert broken >= 7


def test_it_opens_on_both_passes_with_a_question(page: Page) -> None:
    # [G] (x + y)·z at -2, 5, -4: f = -12, gradients -4, -4, 3.
    open_lesson(page)
    expect(page.locator(".say h2")).to_contain_text("Which input")
    assert [value(page, "f"), grad(page, "x"), grad(page, "y"), grad(page, "z")] == [-12, -4, -4, 3]
    expect(page.locator(".legend", has_text="gradient")).to_contain_text("+4")
    bottom = page.locator(".shelf").bounding_box()
    assert bottom is not None
    assert bottom["y"] + bottom["height"] <= 900


def test_the_sigmoid_neuron_has_the_curriculum_s_gradients_in_pieces_and_in_one(page: Page) -> None:
    # [G] w = (2, -3, -3), x = (-1, -2): z = 1, σ = .7311, dw, dx.
    open_lesson(page)
    for preset in ("sigmoid neuron, in pieces", "σ in one piece"):
        page.get_by_role("button", name=preset).click()
        expect(card(page, "w₀")).to_be_visible()
        expect(page.locator(".pill[aria-pressed=true]", has_text=preset)).to_be_visible()
        assert value(page, "f") == 0.7311
        found = {name: grad(page, name) for name in ("w₀", "w₁", "w₂", "x₀", "x₁")}
        assert found == {"w₀": -0.1966, "w₁": -0.3932, "w₂": 0.1966, "x₀": 0.3932, "x₁": -0.5898}


def test_the_squared_line_and_the_root_are_drawn_with_their_gradients(page: Page) -> None:
    open_lesson(page)
    for name, made, grads in (
        ("a line, squared", 25, {"a": 10, "b": 30, "x": 20}),
        ("root of a parabola", 5, {"a": 0.1, "b": 0.2, "c": 0.4, "z": 1.8}),
    ):
        page.get_by_role("button", name=name).click()
        expect(page.locator(".pill[aria-pressed=true]", has_text=name)).to_be_visible()
        expect(card(page, "b")).to_be_visible()
        assert value(page, "f") == made
        assert {letter: grad(page, letter) for letter in grads} == grads


def test_of_two_formulas_asked_for_at_once_the_last_one_stands(page: Page) -> None:
    """The first pill's answer, if it comes at all, is one to something older."""
    open_lesson(page)
    pills = page.locator(".presets .pill")
    names = pills.all_inner_texts()
    for asked, wanted in (((1, 0), 0), ((2, 0, 1), 1), ((0, 1), 1)):
        page.locator(".presets").evaluate(
            "(presets, asked) => { for (const at of asked) presets.querySelectorAll('.pill')[at].click(); }", asked
        )
        rested(page)
        expect(page.locator(".presets .pill[aria-pressed=true]")).to_have_text(names[wanted])


def test_the_staged_function_is_written_out_to_its_printed_digits(page: Page) -> None:
    # [G] at 3, -4: f = 1.54564, df/dx = 2.05957, df/dy = 1.59223.
    open_lesson(page, formula_link("(x + sigmoid(y)) / (sigmoid(x) + (x + y)**2)"))
    expect(page.locator(".say p")).to_contain_text("1.54564")
    for name, wanted in (("x", "2.05957"), ("y", "1.59223")):
        card(page, name).hover()
        expect(page.locator(".shelf .total").first).to_have_text(f"= {wanted}")
    card(page, "x").hover()
    assert len(page.locator(".shelf .chip").all()) == 3
    expect(page.locator(".shelf")).to_contain_text("3 uses")
    assert page.locator(".typed mark").all_inner_texts() == ["x", "x", "x"]


def test_dragging_an_input_moves_everything_and_the_gradient_foretold_it(page: Page) -> None:
    open_lesson(page)
    box = card(page, "z").locator(".symbol-line").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for by in (4, 12, 20):
        page.mouse.move(x + by, y)
    page.mouse.up()
    assert value(page, "z") == -3.5
    assert value(page, "f") == -10.5
    assert grad(page, "x") == -3.5
    expect(page.locator(".say h2")).to_have_text("Foretold +1.5, came +1.5")
    expect_link(page, at="z:-3.5", node="3", moved="z:-4")


def test_an_input_can_be_typed_and_moved_by_the_arrow_keys(page: Page) -> None:
    open_lesson(page)
    card(page, "y").focus()
    page.keyboard.press("ArrowUp")
    assert value(page, "y") == 5.1
    page.keyboard.press("Enter")
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(page.locator("input.edit.wrong")).to_be_visible()
    page.keyboard.press("Escape")
    assert value(page, "y") == 5.1
    card(page, "y").locator(".value").click()
    expect(page.locator("input.edit")).to_be_focused()
    page.keyboard.type("-2")
    page.keyboard.press("Enter")
    assert value(page, "f") == 16
    expect_link(page, at="y:-2", node="1", moved="y:5.1")


def test_a_formula_is_typed_drawn_and_in_the_link(page: Page) -> None:
    open_lesson(page)
    box = page.get_by_role("textbox", name="A formula of your own")
    box.fill("x*y + max(x, q)")
    box.press("Enter")
    expect(card(page, "q")).to_be_visible()
    assert [value(page, name) for name in ("x", "y", "q")] == [-2, 5, 4]
    expect_link(page, f="x*y + max(x, q)", at="x:-2~y:5")


def test_what_can_t_be_read_gets_a_caret_and_loses_nothing(page: Page) -> None:
    open_lesson(page)
    box = page.get_by_role("textbox", name="A formula of your own")
    box.fill("x + sin(y)")
    box.press("Enter")
    expect(page.locator(".wrong")).to_contain_text("There is no function 'sin'")
    text, caret = page.locator(".wrong pre").inner_text().split("\n")
    assert (text, caret) == ("x + sin(y)", "    ^")
    assert box.input_value() == "x + sin(y)"
    assert value(page, "f") == -12
    box.press("Escape")
    assert box.input_value() == "(x + y) * z"
    expect(page.locator(".wrong")).to_be_empty()
    box.fill("x * y")
    box.press("Enter")
    expect(page.locator(".node")).to_have_count(3)
    expect(page.locator(".wrong")).to_be_empty()


def test_who_moves_an_input_goes_on_with_the_formula_that_is_drawn(page: Page) -> None:
    open_lesson(page)
    box = page.get_by_role("textbox", name="A formula of your own")
    box.fill("x + sin(y)")
    box.press("Enter")
    expect(page.locator(".wrong")).to_contain_text("There is no function 'sin'")
    card(page, "z").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".wrong")).to_be_empty()
    assert box.input_value() == "(x + y) * z"
    assert value(page, "z") == -3.9
    expect_link(page, at="z:-3.9", node="3", moved="z:-4")


def test_what_is_moved_while_another_formula_is_on_its_way_leaves_it_alone(page: Page) -> None:
    open_lesson(page)
    page.locator(".graph").evaluate("""(host) => {
      host.querySelectorAll(".presets .pill")[2].click();
      host.board.set("x", 7);
    }""")
    expect(card(page, "w₀")).to_be_visible()
    rested(page)
    expect_link(page, f="sigmoid(w0*x0 + w1*x1 + w2)")


def test_a_place_without_a_value_is_told_and_the_way_back_is_open(page: Page) -> None:
    open_lesson(page, formula_link("x / y", "&at=x:2~y:0.1"))
    card(page, "y").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".say p")).to_contain_text("Here something is divided by 0")
    expect(page.locator(".node.trouble")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    expect(page.locator(".node.trouble")).to_have_count(0)
    assert value(page, "f") == 20


def test_both_passes_are_walked_node_by_node(page: Page) -> None:
    open_lesson(page, formula_link("x * y + x", "&at=x:3~y:-4&step=0"))
    expect(page.locator(".say h2")).to_contain_text("Only the inputs")
    assert page.locator(".node .value:not(.empty)").count() == 2
    page.locator(".graph").press("ArrowRight")
    expect(page.locator(".say h2")).to_contain_text("x × y")
    assert value(page, "v₁") == -12
    page.locator(".graph").press("ArrowRight")
    page.locator(".graph").press("ArrowRight")
    expect(page.locator(".say h2")).to_contain_text("turn round")
    assert page.locator(".node .grad:not(.empty)").count() == 1
    page.locator(".graph").press("ArrowRight")
    expect(page.locator(".say h2")).to_contain_text("Add hands it on")
    assert grad(page, "x") == 1, "one of its two uses"
    card(page, "x").hover()
    expect(page.locator(".shelf")).to_contain_text("1 of 2 uses so far")
    page.locator(".graph").press("ArrowRight")
    expect(page.locator(".say h2")).to_contain_text("Multiply swaps")
    assert grad(page, "x") == 1 - 4
    assert grad(page, "y") == 3
    expect(page.locator(".node.copies")).to_have_count(1)
    expect_link(page, f="x * y + x", at="x:3~y:-4", step="5")


def test_every_wire_says_upstream_times_local(page: Page) -> None:
    open_lesson(page)
    wires = page.locator(".along").all()
    assert len(wires) == 4
    for wire in wires:
        upstream, local = map(number, wire.locator(".factors").inner_text().split(" × "))
        assert number(wire.locator("b").inner_text().removeprefix("= ")) == upstream * local
    # In the middle of a product a negative number stands in brackets.
    assert not any("× −" in text for text in page.locator(".factors, .shelf .line").all_inner_texts())


def test_it_plays_to_the_end_and_can_be_paused(page: Page) -> None:
    open_lesson(page, formula_link("x * y", "&step=0"))
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".bar.on")).to_have_count(1)
    page.get_by_role("button", name="Pause").click()
    where = page.locator(".count").inner_text()
    rested(page, 1400)
    assert page.locator(".count").inner_text() == where


def test_any_number_of_the_matrices_shows_its_products(page: Page) -> None:
    open_lesson(page, "?view=matrices")
    dW = page.locator(".grid", has_text="dW 2×3")
    dW.locator(".cell").first.hover()
    expect(page.locator(".shelf-head b")).to_have_text("dW[0, 0]")
    assert page.locator(".shelf .chip").all_inner_texts() == ["1.0 × 2", "−1.0 × 1"]
    page.get_by_role("button", name="rows of X more").click()
    expect(page.locator(".notes .flagged")).to_contain_text("W is 2×3, X is 4×2")
    page.get_by_role("button", name="make them fit").click()
    expect(page.locator(".notes")).to_contain_text("(2×3)·(3×2)")


def test_the_graph_stands_as_it_was_left_when_the_matrices_were_looked_at(page: Page) -> None:
    open_lesson(page, formula_link("x * y", "&step=0"))
    page.locator(".graph").press("ArrowRight")
    expect_link(page, f="x * y", step="1")
    views = page.locator(".st-key-graph-view button")
    views.nth(1).click()
    expect(page.locator(".grid", has_text="dW 2×3")).to_be_visible()
    expect_link(page, f="x * y", step="1", view="matrices")
    views.nth(0).click()
    expect(page.locator(".node")).to_have_count(3)
    expect(page.locator(".count")).to_have_text("2 / 4")
    expect_link(page, f="x * y", step="1")


def test_on_a_phone_the_graph_runs_downwards_and_the_page_isn_t_wider_than_the_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for query in ("", formula_link("1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))"), "?view=matrices"):
        open_lesson(page, query)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    open_lesson(page)
    top = [card(page, name).bounding_box() for name in ("x", "v₁", "f")]
    assert [box["y"] for box in top if box] == sorted(box["y"] for box in top if box)
    assert page.locator(".edge").first.evaluate("path => getComputedStyle(path).display") == "inline"


def test_in_a_graph_larger_than_its_room_the_step_comes_into_view(page: Page) -> None:
    formula = "tanh(x*y+z)/max(x,y,z*z)-exp(z)*relu(x-z)+x**2*y+(x+1)*(y+2)*(z+3)*(x+4)"
    open_lesson(page, formula_link(formula, "&step=1"))
    for _step in range(12):
        page.locator(".graph").press("ArrowRight")
        room, chosen = (page.locator(name).bounding_box() for name in (".graph-room", ".node.focus"))
        assert room is not None
        assert chosen is not None
        assert room["y"] - 1 <= chosen["y"] <= room["y"] + room["height"] - chosen["height"] + 1
        assert room["x"] - 1 <= chosen["x"] <= room["x"] + room["width"] - chosen["width"] + 1
    assert page.evaluate("document.scrollingElement.scrollTop") == 0
