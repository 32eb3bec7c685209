"""The page of "Backprop by hand" without a browser: its link, its events, its check and its downloads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.backprop.by_hand import controls as lesson
from pages.backprop.by_hand.compute import CLASSIC, drawn, written_out
from pages.backprop.by_hand.figure import network_figure
from pages.backprop.by_hand.words import facts, text_of
from tests.root import ROOT
from ui import catalogue, i18n, state
from ui.figures import export


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    at.run()  # AppTest learns the pages' addresses from a first run
    for name, text in query.items():
        at.query_params[name] = text
    at.switch_page(str(catalogue.lesson(lesson.KEY).path)).run()
    assert not at.exception
    assert not at.error
    return at


class Controls:
    """Stands where ui.state stands: the controls' values, checked as ui.state checks them."""

    def __init__(self) -> None:
        self.controls = {control.name: control for control in lesson.CONTROLS}
        self.values: dict[str, Any] = {name: control.default for name, control in self.controls.items()}

    def get(self, name: str) -> Any:
        return self.values[name]

    def set(self, name: str, value: Any) -> None:
        control = self.controls[name]
        self.values[name] = control.read(control.write(value))


@pytest.fixture
def controls(monkeypatch: pytest.MonkeyPatch) -> Controls:
    stand_in = Controls()
    monkeypatch.setattr(lesson, "state", stand_in)
    return stand_in


def test_it_opens_at_the_classic_network(controls: Controls) -> None:
    sheet, run, n, notice = lesson.now()
    assert sheet.setup == CLASSIC
    assert (run.steps, n, notice) == (0, 0, "")


@pytest.mark.parametrize(
    ("name", "field", "at"), [("w5", "params", 4), ("b3", "params", 10), ("i2", "x", 1), ("t1", "target", 0)]
)
def test_every_given_number_can_be_changed(controls: Controls, name: str, field: str, at: int) -> None:
    lesson.act({"kind": "edit", "name": name, "value": 0.123456})
    setup = lesson.now()[0].setup
    assert getattr(setup, field)[at] == 0.123456
    changed = [
        a != b
        for a, b in zip(
            (*setup.x, *setup.target, *setup.params), (*CLASSIC.x, *CLASSIC.target, *CLASSIC.params), strict=True
        )
    ]
    assert sum(changed) == 1


def test_the_learning_rate_and_a_changed_weight_later_on(controls: Controls) -> None:
    lesson.act({"kind": "steps", "to": 10})
    before = lesson.now()[0].setup.params
    lesson.act({"kind": "edit", "name": "w1", "value": 2.0})
    after = lesson.now()[0].setup.params
    assert after[0] == 2.0
    np.testing.assert_allclose(after[1:], before[1:], atol=5e-10)
    assert controls.values["n"] == 0
    lesson.act({"kind": "edit", "name": "lr", "value": 0.05})
    assert lesson.now()[0].setup.lr == 0.05


def test_steps_run_as_far_as_is_asked_and_any_of_them_can_be_opened(controls: Controls) -> None:
    lesson.act({"kind": "steps", "to": 10_000})
    sheet, run, n, _notice = lesson.now()
    # [G] after 10,000 steps.
    assert (run.steps, n) == (10_000, 10_000)
    assert sheet.value("E") == pytest.approx(3.5102e-5, rel=1e-4)
    lesson.act({"kind": "steps", "to": 1})
    sheet, run, n, _notice = lesson.now()
    assert (run.steps, n) == (10_000, 1)
    assert sheet.value("E") == pytest.approx(0.291027774, abs=5e-10)
    steps, errors = lesson.curve(run)
    assert len(steps) == len(errors) < 300
    assert (steps[0], steps[-1]) == (0, 10_000)
    assert (np.diff(steps) > 0).all()


def test_another_network_brings_its_own_numbers(controls: Controls) -> None:
    lesson.act({"kind": "edit", "name": "w5", "value": 9.0})
    lesson.act({"kind": "set", "name": "sizes", "value": "3-4-2"})
    assert lesson.now()[0].setup == drawn((3, 4, 2), 0)
    lesson.act({"kind": "set", "name": "head", "value": "softmax-ce"})
    assert lesson.now()[0].setup.target == (0.0, 1.0)


def test_a_target_that_isn_t_a_share_is_refused_by_cross_entropy(controls: Controls) -> None:
    lesson.act({"kind": "set", "name": "head", "value": "sigmoid-ce"})
    before = dict(controls.values)
    lesson.act({"kind": "edit", "name": "t1", "value": 3.0})
    assert controls.values == before


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"kind": "edit", "name": "w99", "value": 1},
        {"kind": "edit", "name": "w0", "value": 1},
        {"kind": "edit", "name": "net_h1", "value": 1},
        {"kind": "edit", "name": "w1", "value": "nan"},
        {"kind": "edit", "name": "w1", "value": 1e9},
        {"kind": "set", "name": "lang", "value": "zh"},
        {"kind": "set", "name": "sizes", "value": "9-9"},
        {"kind": "steps", "to": "far"},
        {"kind": "place", "at": "../..", "done": "zz"},
    ],
)
def test_what_can_t_be_read_changes_nothing(controls: Controls, told: dict[str, Any]) -> None:
    before = dict(controls.values)
    lesson.act(told)
    assert controls.values == before


def test_numbers_of_another_network_in_the_link_give_a_notice_and_its_own(controls: Controls) -> None:
    controls.values["w"] = "1,2,3"
    sheet, _run, _n, notice = lesson.now()
    assert sheet.setup == CLASSIC
    assert "2-2-2" in notice


def test_a_rate_beyond_all_bounds_ends_with_a_notice(controls: Controls) -> None:
    for name, value in {"sizes": "4-4-4-4", "hidden": "relu", "head": "linear", "lr": 90, "run": "1000"}.items():
        controls.set(name, value)
    _sheet, run, _n, notice = lesson.now()
    assert run.steps < 1000
    assert notice


def test_what_is_taken_away_is_the_sheet_and_the_run(controls: Controls) -> None:
    controls.values["run"] = "10"
    found = lesson.numbers()
    assert found["run.E"].shape == (11,)
    assert found["dE_w5"].item() == pytest.approx(0.082167041, abs=5e-10)
    assert r"\delta_{o1} \cdot \mathit{out}_{h1}" in lesson.example()
    assert b"<svg" in export.svg(network_figure(lesson.now()[0]))


def test_every_gradient_agrees_with_small_steps() -> None:
    at = opened(sizes="3-4-2", head="softmax-ce", hidden="tanh", biases="1")
    at.button(key=f"{lesson.KEY}.check").click().run()
    assert not at.exception
    assert any(text.value.startswith("✓") for text in at.markdown)
    assert len(at.dataframe[0].value) == 26


def test_every_kind_of_step_has_its_words_in_both_languages() -> None:
    for to in ("en", "zh"):
        known = i18n.blocks(lesson.KEY, to)
        for hidden in ("sigmoid", "relu"):
            for head in ("sigmoid", "linear", "sigmoid-ce", "softmax-ce"):
                sheet = written_out(drawn((2, 2, 2), 4, hidden=hidden, head=head))
                for line in sheet.lines:
                    text = known[text_of(line, sheet)]
                    gaps = {piece.split("}")[0] for piece in (text.heading + text.body).split("{")[1:]}
                    assert gaps <= {*facts(line, sheet), "value", "E"}, line.kind


def test_the_frame_s_names_are_left_alone() -> None:
    assert not {control.name for control in lesson.CONTROLS} & set(state.FRAME_NAMES)
