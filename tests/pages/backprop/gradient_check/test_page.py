"""The page of "Gradient check" without a browser: what the boards are given, what becomes of the learner's doings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.gradcheck import GOOD, WRONG
from pages.backprop.gradient_check import controls as lesson
from pages.backprop.gradient_check import picture
from pages.backprop.gradient_check.compute.case import CASES, source_of, wrong_line
from pages.backprop.gradient_check.compute.sweep import STEPS
from pages.backprop.gradient_check.figure import sweep_figure
from pages.backprop.gradient_check.labels import labels
from tests.pages.opening import bound
from tests.root import ROOT
from ui import catalogue, i18n, state
from ui.figures import export
from ui.numbers import ten_to

GAP = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


@pytest.fixture
def controls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lesson's controls as its page binds them, in a session of the test's own."""
    session = bound(monkeypatch, lesson.CONTROLS, lesson.KEY)
    monkeypatch.setattr(lesson, "st", SimpleNamespace(session_state=session))


def now() -> dict[str, Any]:
    return {control.name: state.get(control.name) for control in lesson.CONTROLS}


def seen() -> tuple[Mapping[str, Any], Mapping[str, np.ndarray]]:
    drawn = picture.drawn()
    return drawn.meta, drawn.arrays


def accuse(layer: str, line: int) -> None:
    lesson.accuse({"case": lesson.case().key, "layer": layer, "line": line})


# ---- the error against h ----


def test_it_opens_on_a_cube_with_a_step_that_is_too_long(controls: None) -> None:
    meta, arrays = seen()
    assert meta["slope"] == 12
    assert meta["subject"] == "f(x) = **x³** at x = **2**. f′ = 12, f″ = 12, f‴ = 6."
    np.testing.assert_array_equal(arrays["h"], STEPS)
    at = int(np.abs(np.log10(STEPS) - state.get("h")).argmin())
    assert arrays["central.truncation"][at] > 1e6 * arrays["float64.central.round_off"][at]


@pytest.mark.parametrize("of", [*lesson.SUBJECTS, "own", "weight"])
def test_every_subject_has_both_types_both_rules_and_a_best_h(controls: None, of: str) -> None:
    state.set("of", of)
    meta, arrays = seen()
    for dtype in ("float64", "float32"):
        assert arrays[f"{dtype}.above"].dtype == np.dtype(dtype)
        for rule in ("central", "one-sided"):
            error = arrays[f"{dtype}.{rule}.error"]
            assert error.shape == STEPS.shape
            assert np.nanmin(error) < 0.01
            assert meta["best"][dtype][rule] > 0
    assert meta["best"]["float32"]["central"] > 100 * meta["best"]["float64"]["central"]


def test_a_weight_s_kink_is_told_with_its_distance(controls: None) -> None:
    state.set("of", "weight")
    assert seen()[0]["kink"] == pytest.approx(0.0310, abs=1e-4)
    state.set("layer", "linear")
    assert seen()[0]["kink"] is None
    state.set("of", "cube")
    assert seen()[0]["kink"] is None


def test_the_browser_s_doings_go_into_the_controls_and_come_back(controls: None) -> None:
    told = now() | {"of": "weight", "rule": "one-sided", "h": -5.25, "layer": "conv2", "digit": 7}
    told |= {"kof": "abs", "kx": 0.5, "kh": 0.125, "case": "c", "suspect": "norm", "fh": "1e-2", "mended": True}
    state.hear(lesson.CONTROLS, told)
    assert now() == told


@pytest.mark.parametrize("view", lesson.VIEWS)
@pytest.mark.parametrize(
    "told", [None, 3, {}, {"of": "sun", "rule": 1, "h": "x", "x": None, "digit": 1e9, "case": "z"}]
)
def test_what_can_t_be_read_changes_nothing(controls: None, view: str, told: Any) -> None:
    state.set("view", view)
    before = now()
    state.hear(lesson.CONTROLS, told)
    lesson.accuse(told)
    assert now() == before


def test_a_formula_of_one_s_own_is_taken(controls: None) -> None:
    state.set("of", "own")
    lesson.ask({"f": "tanh(x) + x**2", "x": 0.5})
    meta, _arrays = seen()
    assert meta["refused"] is None
    assert meta["slope"] == pytest.approx(1 - np.tanh(0.5) ** 2 + 1)
    assert "tanh(x) + x^2" in meta["subject"]


@pytest.mark.parametrize(
    ("typed", "x", "reason", "position"),
    [
        ("exp(x) / (x", 2, "This bracket is never closed", 9),
        ("x * y", 2, "One variable is wanted, and here are 2", 0),
        ("log(x)", -1, "A logarithm needs a positive number, and here it is given −1", 0),
    ],
)
def test_a_formula_that_can_t_be_used_is_answered_and_the_one_before_stays(
    controls: None, typed: str, x: float, reason: str, position: int
) -> None:
    state.set("of", "own")
    lesson.ask({"f": typed, "x": x})
    meta, arrays = seen()
    assert meta["refused"] == {"text": typed, "reason": reason, "position": position}
    assert (state.get("f"), state.get("x")) == lesson.OWN
    assert np.isfinite(arrays["float64.central.error"]).all()
    lesson.ask({"f": "x**2", "x": 2})
    assert seen()[0]["refused"] is None


def test_what_was_refused_is_forgotten_where_another_subject_is_chosen(controls: None) -> None:
    state.set("of", "own")
    lesson.ask({"f": "x +", "x": 2})
    assert seen()[0]["refused"]["text"] == "x +"
    state.set("of", "cube")
    assert seen()[0]["refused"] is None
    state.set("of", "own")
    assert seen()[0]["refused"] is None
    assert seen()[0]["own"] == {"f": lesson.OWN[0], "x": lesson.OWN[1]}


def test_a_link_whose_formula_can_t_be_used_shows_the_usual_one_and_says_why(controls: None) -> None:
    state.set("of", "own")
    state.set("f", "x + + *")
    meta, _arrays = seen()
    assert meta["refused"]["text"] == "x + + *"
    assert meta["slope"] == pytest.approx(np.exp(2) / 4)


# ---- a kink ----


def test_every_function_begins_with_a_chord_over_its_kink(controls: None) -> None:
    state.set("view", "kink")
    meta, arrays = seen()
    _weight, along = lesson.kink_path()
    for name in lesson.FUNCTIONS:
        edges, start = arrays[f"{name}.edges"], meta["starts"][name]
        nearest = np.abs(edges[1:-1] - start["x"]).min(initial=np.inf)
        assert (nearest < start["h"]) == (name != "smooth")
        assert len(meta["flips"][name]) in (0, len(edges) - 2)
    sharpest = along.sharpest()
    assert sharpest is not None
    assert meta["starts"]["network"]["x"] == pytest.approx(sharpest + 0.02, abs=1e-4)
    assert meta["share"] == {"total": "1,898", "c2": 5, "c3": 1, "c5": 0}
    assert any(flip.startswith("relu1 opens or shuts") for flip in meta["flips"]["network"])


# ---- find the fault ----


def test_a_case_doesn_t_give_itself_away(controls: None) -> None:
    state.set("view", "fault")
    for case in CASES:
        state.set("case", case.key)
        meta, arrays = seen()
        assert (meta["found"], meta["kind"], meta["fault"], meta["verdict"]) == (False, "", None, None)
        assert not any("mended" in name for name in arrays)
        assert case.kind not in str(meta)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_the_wrong_line_solves_the_case_and_shows_what_mends_it(controls: None, case: Any) -> None:
    state.set("view", "fault")
    state.set("case", case.key)
    line = wrong_line(case)
    accuse(case.layer, -1 if line is None else line)
    meta, arrays = seen()
    assert meta["found"]
    assert state.get("found") == case.key
    for to in ("en", "zh"):
        assert f"fault-{meta['kind']}" in i18n.blocks(lesson.KEY, to)
    if case.fault:
        assert meta["sources"][case.layer][meta["fault"]["line"]] == source_of(case, case.layer)[line]
        assert meta["fault"]["right"] != meta["sources"][case.layer][meta["fault"]["line"]]
        assert arrays["hidden.weight.mended.error"].max() < 1e-7
        assert float(meta["facts"]["before"]) > 0.5
    assert "·10⁻" in meta["facts"]["after"]


def test_a_wrong_guess_gets_a_hint_and_loses_nothing(controls: None) -> None:
    state.set("view", "fault")
    state.set("found", "c")
    accuse("hidden", 3)
    assert seen()[0]["verdict"] == {"case": "a", "layer": "hidden", "line": 3, "kind": "this-layer"}
    assert seen()[0]["facts"]["strips"] == "weight"
    accuse("conv", 3)
    assert seen()[0]["verdict"]["kind"] == "not-here"
    accuse("", -1)
    assert seen()[0]["verdict"]["kind"] == "not-nothing"
    assert state.get("found") == "c"
    state.set("case", "b")
    assert seen()[0]["verdict"] is None, "a hint belongs to its case"


@pytest.mark.parametrize("told", [None, {}, {"case": "b", "layer": "pool", "line": 3}, {"case": "a", "layer": "sun",
                         "line": 1}, {"case": "a", "layer": "hidden", "line": "2"}])  # fmt: skip
def test_an_accusation_that_can_t_be_read_is_none(controls: None, told: Any) -> None:
    state.set("view", "fault")
    lesson.accuse(told)
    assert lesson.verdict() is None
    assert state.get("found") == ""


# ---- words, check, take-away ----


@pytest.mark.parametrize("to", ["en", "zh"])
def test_every_gap_of_the_spoken_words_is_one_that_the_boards_fill(to: i18n.Language) -> None:
    filled = {
        "say-": {"h", "error", "error32", "truncation", "round_off", "same", "best", "best32", "kink"},
        "kink-": {"x", "h", "tangent", "secant", "error", "distance", "flip"},
        "hint-": {"layer", "strips", "case"},
        "fault-": {
            *("case", "sum0", "sum1", "pool_wrong", "pool_all", "edge_wrong", "edge_all", "examples"),
            *("score_wrong", "score_all", "score_sum"),
        },
    }
    found = i18n.blocks(lesson.KEY, to)
    for name, block in found.items():
        known = next((gaps for start, gaps in filled.items() if name.startswith(start)), None)
        if known is not None:
            assert set(GAP.findall(block.heading + block.body)) <= known, name
    for kind in picture.KINDS.values():
        assert f"fault-{kind}" in found
    told = "start truncation-central truncation-one-sided best round-off lost too-small kinked no-value no-slope"
    assert {f"say-{name}" for name in told.split()} == {name for name in found if name.startswith("say-")}
    for kind in ("not-here", "upstream", "this-layer", "not-nothing"):
        assert f"hint-{kind}" in found


def test_no_label_is_without_words() -> None:
    assert all(labels().values())


def test_the_figure_and_its_numbers_can_be_taken_away(controls: None) -> None:
    subject, sweeps = lesson.subject()
    words = {"h": "step h", "error": "relative error", "truncation": "truncation", "round_off": "round-off"}
    text = export.svg(sweep_figure(subject, sweeps, "central", words)).decode()
    assert all(word in text for word in ("float32", "float64", "truncation", "round-off"))
    numbers = lesson.numbers()
    assert numbers["float32.one-sided.error"].shape == numbers["h"].shape
    assert numbers["gradient"] == 12


def test_the_check_runs_on_the_trained_network() -> None:
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    at.run()
    at.switch_page(str(catalogue.lesson(lesson.KEY).path)).run()
    at.button(f"{lesson.KEY}.check").click().run()
    assert not at.exception
    assert not at.error
    text = next(each.value for each in at.markdown if "1898" in each.value)
    worst = re.search(r"relative error \*\*([\d.]+)·10⁻(.)", text)
    assert worst is not None
    assert int(worst[2].translate(str.maketrans("⁵⁶⁷⁸⁹", "56789"))) >= 7


def test_the_rules_of_thumb_and_the_best_steps_in_the_text_are_the_engines() -> None:
    told = lesson.text_numbers()
    assert (told["good"], told["wrong"]) == (ten_to(GOOD), ten_to(WRONG)) == ("10⁻⁷", "10⁻²")
    assert (told["u64"], told["third64"], told["third32"]) == ("1.1·10⁻¹⁶", "4.8·10⁻⁶", "3.9·10⁻³")
    assert labels()["good_rule"].startswith(f"below {told['good']}")
    assert labels()["wrong_rule"].startswith(f"above {told['wrong']}")


def test_no_script_has_a_rule_of_thumb_of_its_own() -> None:
    for script in (ROOT / "pages/backprop/gradient_check/browser").glob("*.js"):
        assert not re.search(r"1e-[72]\b", script.read_text(encoding="utf-8")), script.name
