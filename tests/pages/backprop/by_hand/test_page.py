"""The page of "Backprop by hand" without a browser: its link, its events, its check and its downloads."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.backprop.by_hand import controls as lesson
from pages.backprop.by_hand.compute.setup import CLASSIC, drawn
from pages.backprop.by_hand.compute.sheet import written_out
from pages.backprop.by_hand.figure import network_figure
from pages.backprop.by_hand.picture import facts, text_of
from tests.pages.opening import bound
from tests.root import ROOT
from ui import catalogue, i18n, state
from ui.figures import export

KEY = "by-hand"


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    at.run()  # AppTest learns the pages' addresses from a first run
    for name, text in query.items():
        at.query_params[name] = text
    at.switch_page(str(catalogue.lesson(KEY).path)).run()
    assert not at.exception
    assert not at.error
    return at


@pytest.fixture
def controls(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The lesson's controls as its page binds them, in a session of the test's own."""
    return bound(monkeypatch, lesson.CONTROLS, KEY)


def told(**change: Any) -> dict[str, Any]:
    """What the browser tells: all that stands, and what is another by now."""
    return {control.name: state.get(control.name) for control in lesson.CONTROLS} | change


def test_it_opens_at_the_classic_network(controls: dict[str, Any]) -> None:
    sheet, run, n, notice = lesson.now()
    assert sheet.setup == CLASSIC
    assert (run.steps, n, notice) == (0, 0, "")


@pytest.mark.parametrize(
    ("name", "field", "at"), [("w", "params", 4), ("w", "params", 10), ("x", "x", 1), ("t", "target", 0)]
)
def test_every_given_number_can_be_changed(controls: dict[str, Any], name: str, field: str, at: int) -> None:
    own = getattr(CLASSIC, field)
    state.hear(lesson.CONTROLS, told(**{name: [*own[:at], 0.123456, *own[at + 1 :]]}))
    setup = lesson.now()[0].setup
    assert getattr(setup, field)[at] == 0.123456
    changed = [
        a != b
        for a, b in zip(
            (*setup.x, *setup.target, *setup.params), (*CLASSIC.x, *CLASSIC.target, *CLASSIC.params), strict=True
        )
    ]
    assert sum(changed) == 1


def test_typed_numbers_stand_in_the_link_as_they_always_did(controls: dict[str, Any]) -> None:
    weights = [1e-9, -0.25, 2, 0.149780716143, *CLASSIC.params[4:]]
    state.hear(lesson.CONTROLS, told(x=[0.05, 0.123456], w=weights, lr=0.05, done="1f"))
    assert state.query() == {
        "x": "0.05,0.123456",
        "w": "0.000000001,-0.25,2,0.149780716,0.4,0.45,0.5,0.55,0.35,0.35,0.6,0.6",
        "lr": "0.05",
        "done": "1f",
    }


def test_the_learning_rate_can_be_changed(controls: dict[str, Any]) -> None:
    state.hear(lesson.CONTROLS, told(lr=0.05))
    assert lesson.now()[0].setup.lr == 0.05


def test_steps_run_as_far_as_is_asked_and_any_of_them_can_be_opened(controls: dict[str, Any]) -> None:
    state.hear(lesson.CONTROLS, told(n=10_000, run="10000"))
    sheet, run, n, _notice = lesson.now()
    # [G] after 10,000 steps.
    assert (run.steps, n) == (10_000, 10_000)
    assert sheet.value("E") == pytest.approx(3.5102e-5, rel=1e-4)
    state.hear(lesson.CONTROLS, told(n=1))
    sheet, run, n, _notice = lesson.now()
    assert (run.steps, n) == (10_000, 1)
    assert sheet.value("E") == pytest.approx(0.291027774, abs=5e-10)
    steps, errors = lesson.curve(run)
    assert len(steps) == len(errors) < 300
    assert (steps[0], steps[-1]) == (0, 10_000)
    assert (np.diff(steps) > 0).all()


def test_another_network_has_its_own_numbers(controls: dict[str, Any]) -> None:
    state.hear(lesson.CONTROLS, told(sizes="3-4-2"))
    assert lesson.now()[0].setup == drawn((3, 4, 2), 0)
    state.hear(lesson.CONTROLS, told(head="softmax-ce"))
    assert lesson.now()[0].setup.target == (0.0, 1.0)


def test_a_target_that_isn_t_a_share_is_refused_by_cross_entropy(controls: dict[str, Any]) -> None:
    state.hear(lesson.CONTROLS, told(head="sigmoid-ce", t=[3.0, 0.99]))
    sheet, _run, _n, notice = lesson.now()
    assert sheet.setup.target == CLASSIC.target
    assert "a number from 0 to 1" in notice


@pytest.mark.parametrize(
    "stands",
    [
        None,
        {},
        {"w": 1},
        {"w": ["nan"]},
        {"w": [1e9]},
        {"w": [0.5] * 81},
        {"x": "0.5,-1"},
        {"lr": -1},
        {"lang": "zh"},
        {"sizes": "9-9"},
        {"n": "far"},
        {"at": "../..", "done": "zz"},
    ],
)
def test_what_can_t_be_read_changes_nothing(controls: dict[str, Any], stands: Any) -> None:
    before = told()
    state.hear(lesson.CONTROLS, stands)
    assert told() == before
    assert state.get("lang") == "en"


def test_numbers_of_another_network_in_the_link_give_a_notice_and_its_own(controls: dict[str, Any]) -> None:
    state.set("w", (1, 2, 3))
    sheet, _run, _n, notice = lesson.now()
    assert sheet.setup == CLASSIC
    assert "2-2-2" in notice


def test_a_rate_beyond_all_bounds_ends_with_a_notice(controls: dict[str, Any]) -> None:
    for name, value in {"sizes": "4-4-4-4", "hidden": "relu", "head": "linear", "lr": 90, "run": "1000"}.items():
        state.set(name, value)
    _sheet, run, _n, notice = lesson.now()
    assert run.steps < 1000
    assert notice


def test_what_is_taken_away_is_the_sheet_and_the_run(controls: dict[str, Any]) -> None:
    state.set("run", "10")
    found = lesson.numbers()
    assert found["run.E"].shape == (11,)
    assert found["dE_w5"].item() == pytest.approx(0.082167041, abs=5e-10)
    assert r"\delta_{o1} \cdot \mathit{out}_{h1}" in lesson.example()
    assert b"<svg" in export.svg(network_figure(lesson.now()[0]))


def test_every_gradient_agrees_with_small_steps() -> None:
    at = opened(sizes="3-4-2", head="softmax-ce", hidden="tanh", biases="1")
    at.button(key=f"{KEY}.check").click().run()
    assert not at.exception
    assert any(text.value.startswith("✓") for text in at.markdown)
    assert len(at.dataframe[0].value) == 26


def test_every_kind_of_step_has_its_words_in_both_languages() -> None:
    for to in ("en", "zh"):
        known = i18n.blocks(KEY, to)
        for hidden in ("sigmoid", "relu"):
            for head in ("sigmoid", "linear", "sigmoid-ce", "softmax-ce"):
                sheet = written_out(drawn((2, 2, 2), 4, hidden=hidden, head=head))
                for line in sheet.lines:
                    text = known[text_of(line, sheet)]
                    gaps = {re.split(r"[}|]", piece)[0] for piece in (text.heading + text.body).split("{")[1:]}
                    assert gaps <= {*facts(line, sheet), "value", "E", "after"}, line.kind


def test_the_frame_s_names_are_left_alone() -> None:
    assert not {control.name for control in lesson.CONTROLS} & set(state.FRAME_NAMES)


def test_the_classic_numbers_in_the_text_are_computed() -> None:
    # [G] backprop by hand; E = .291027774 after one step and 3.5102e-5 after 10,000.
    told = lesson.text_numbers()
    expected = {
        "net_h1": ".3775", "out_h1": ".593269992", "out_h2": ".596884378", "net_o1": "1.105905967",
        "out_o1": ".751365070", "out_o1_8": ".75136507", "out_o2": ".772928465", "E_o1": ".274811083",
        "E_o2": ".023560026", "E": ".298371109", "d_out_o1": ".74136507", "slope_o1": ".186815602",
        "dE_w5": ".082167041", "new_w5": ".358916480", "new_w8": ".561370121", "new_w1": ".149780716",
        "E_1": ".291027774", "steps": "10,000", "E_last": "3.5102·10⁻⁵", "out_o1_last": ".015913620",
        "out_o2_last": ".984064274", "i1": ".05", "t2": ".99", "w8": ".55", "b1": ".35", "b3": ".60", "lr": ".5",
    }  # fmt: skip
    assert {name: told[name] for name in expected} == expected
