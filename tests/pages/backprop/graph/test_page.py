"""The page of "Computational graph" without a browser: formulas, link, what it refuses and what is taken away."""

from __future__ import annotations

import builtins
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.autograd.expression import ParseError, outline, parse
from pages.backprop.graph import controls as lesson
from pages.backprop.graph import matrices, picture
from pages.backprop.graph.figure import CARD, LABEL, Layout, graph_figure
from pages.backprop.graph.labels import preset_names
from pages.backprop.graph.layout import lay_out
from pages.backprop.graph.picture import as_data
from tests.engine.autograd.test_graph import HOSTILE
from tests.pages.opening import bound, edit
from tests.root import ROOT
from ui import catalogue, sentences, state
from ui.figures.export import svg


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    at.run()  # AppTest learns the pages' addresses from a first run
    for name, text in query.items():
        at.query_params[name] = text
    at.switch_page(str(catalogue.lesson(lesson.KEY).path)).run()
    assert not at.exception
    assert not at.error
    return at


@pytest.fixture
def controls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lesson's controls as its page binds them, in a session of the test's own."""
    session = bound(monkeypatch, lesson.CONTROLS, lesson.KEY)
    monkeypatch.setattr(lesson, "st", SimpleNamespace(session_state=session))


def now() -> dict[str, Any]:
    return {control.name: state.get(control.name) for control in lesson.CONTROLS}


def preset(key: str) -> lesson.Preset:
    return next(p for p in lesson.PRESETS if p.key == key)


def test_the_curriculum_s_three_expressions_are_presets_with_its_numbers() -> None:
    # [G] Curriculum B, graph: (x+y)·z at -2, 5, -4; w = (2, -3, -3), x = (-1, -2); the staged function at 3, -4.
    gates = parse(preset("gates").formula, preset("gates").values)
    assert (gates.value, gates.grads) == (-12, {"x": -4, "y": -4, "z": 3})
    expected = {"w0": -0.1966, "w1": -0.3932, "w2": 0.1966, "x0": 0.3932, "x1": -0.5898}
    for key in ("neuron", "sigmoid"):
        neuron = parse(preset(key).formula, preset(key).values)
        assert neuron.value == pytest.approx(0.7311, abs=5e-5)
        assert neuron.grads == pytest.approx(expected, abs=5e-5)
    staged = parse(preset("staged").formula, preset("staged").values)
    assert staged.value == pytest.approx(1.54564, abs=5e-6)
    assert staged.grads == pytest.approx({"x": 2.05957, "y": 1.59223}, abs=5e-6)
    assert set(preset_names()) == {p.key for p in lesson.PRESETS}


def test_a_squared_line_and_a_root_are_presets_with_gradients_worked_out_by_hand() -> None:
    # f = s², s = a + bx = 5: df/da = 2s = 10, df/db = 2sx = 30, df/dx = 2sb = 20.
    square = parse(preset("square").formula, preset("square").values)
    assert (square.value, square.grads) == (25, {"a": 10, "b": 30, "x": 20})
    # f = √s, s = a + bz + cz² = 25: df/ds = 1/(2·5), then 1, z, z² and b + 2cz = 18 times that.
    root = parse(preset("root").formula, preset("root").values)
    assert root.value == 5
    assert root.grads == pytest.approx({"a": 0.1, "b": 0.2, "c": 0.4, "z": 1.8})


def test_the_text_prints_the_curriculum_s_numbers_as_the_engine_finds_them() -> None:
    neuron = {"z": "1", "s": "0.7311", "slope": "0.1966", "dw0": "−0.1966", "dw1": "−0.3932", "dw2": "0.1966"}
    assert lesson.neuron_numbers() == neuron | {"dx0": "0.3932", "dx1": "−0.5898"}
    assert lesson.staged_numbers() == {"f": "1.54564", "dx": "2.05957", "dy": "1.59223"}
    shown = " ".join(text.value for text in opened().markdown)
    for number in ("0.7311", "−0.5898", "1.54564", "2.05957", "1.59223"):
        assert number in shown


def test_a_typed_formula_goes_into_the_link_and_its_new_letters_get_numbers(controls: None) -> None:
    lesson.ask({"f": " x*y + max(x, q) ", "values": {"x": 1.5, "y": -2, "gone": 3}})
    assert state.query() == {"f": "x*y + max(x, q)", "at": "x:1.5~y:-2"}
    assert lesson.values("x*y + max(x, q)") == {"x": 1.5, "y": -2.0, "q": 4.0}


def test_what_the_browser_tells_goes_into_the_link_and_is_left_by_another_formula(controls: None) -> None:
    state.hear(lesson.CONTROLS, {"at": "z:1", "step": 2, "node": 1, "moved": "x:0.123456"})
    assert state.query() == {"at": "z:1", "step": "2", "node": "1", "moved": "x:0.123456"}
    lesson.ask({"f": "x * y", "values": {"x": 1.5}})
    assert state.query() == {"f": "x * y", "at": "x:1.5"}


def test_a_preset_at_its_own_numbers_needs_none_in_the_link(controls: None) -> None:
    for known in lesson.PRESETS:
        lesson.ask({"f": known.formula, "values": dict(known.values)})
        assert state.get("at") == ""
        assert lesson.values(known.formula) == known.values
    lesson.ask({"f": "(x + y) * z", "values": {"x": -2, "y": 5, "z": 1}})
    assert state.get("at") == "z:1"


def test_a_formula_that_can_t_be_read_leaves_everything_and_says_where(controls: None) -> None:
    state.set("step", 2)
    before = now()
    lesson.ask({"f": "x + sin(y)", "values": {}})
    formula, refused = lesson.formula()
    assert now() == before
    assert formula == "(x + y) * z"
    assert refused is not None
    assert (refused.text, refused.position) == ("x + sin(y)", 4)
    assert "no function 'sin'" in str(refused.reason)
    lesson.ask({"f": "x", "values": {}})
    assert lesson.formula() == ("x", None)


def test_who_goes_on_with_the_drawn_formula_leaves_what_can_t_be_read(controls: None) -> None:
    lesson.ask({"f": "x * y", "values": {}})
    lesson.ask({"f": "x +", "values": {}})
    lesson.keep(True)
    assert lesson.formula() == ("x * y", None)
    state.set("f", "x + sin(y)")
    assert lesson.formula()[1] is not None
    lesson.keep(True)
    assert lesson.formula() == (lesson.PRESETS[0].formula, None)


def test_every_question_has_an_answer_of_its_own(controls: None) -> None:
    told = {"f": lesson.PRESETS[0].formula, "values": {}}
    sent = []
    for _time in range(2):
        lesson.ask(told)
        sent.append(picture.drawn().meta)
    assert sent[0] != sent[1]
    assert {**sent[0], "asked_for": 0} == {**sent[1], "asked_for": 0}


@pytest.mark.parametrize("told", [None, 7, {}, {"f": 3}, {"f": "x", "values": {"x": "much"}, "step": "no"}])
def test_what_is_no_answer_of_the_picture_is_left_out(controls: None, told: Any) -> None:
    lesson.ask(told)
    state.hear(lesson.CONTROLS, told)
    assert state.get("at") == ""
    assert state.get("step") == lesson.ALL_STEPS


def test_hostile_texts_are_refused_on_the_page_s_own_way_and_nothing_is_executed(
    controls: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    executed: list[str] = []

    def alarm(*_: object, **__: object) -> None:
        executed.append("run")
        raise AssertionError("the text was executed")

    before, tried = now(), 0
    monkeypatch.setattr(builtins, "exec", alarm)
    monkeypatch.setattr(builtins, "eval", alarm)
    for text in HOSTILE:
        try:
            outline(text)
        except ParseError:
            tried += 1
            lesson.ask({"f": text, "values": {"x": 1}})
            assert now() == before, text
            refused = lesson.formula()[1]
            assert refused is not None
            assert 0 <= refused.position <= len(refused.text)
    assert tried >= 50
    assert not executed


def test_what_only_breaks_in_its_numbers_is_drawn_and_never_computed_by_the_page(controls: None) -> None:
    lesson.ask({"f": "9**9**9", "values": {}})
    assert lesson.formula() == ("9**9**9", None)
    assert lesson.numbers() == {}
    with pytest.raises(ParseError, match="grow beyond"):
        lesson.computed()


@pytest.mark.parametrize("text", ["x + sin(y)", "2x", "(x", "x..y", "max(x)", "9" * 150])
def test_an_unreadable_formula_in_a_link_leaves_the_first_one_and_no_traceback(text: str) -> None:
    at = opened(f=text)
    assert not at.warning
    assert at.session_state["stepcnn.values"]["graph.f"] == text


def test_the_reasons_of_the_browser_s_tape_have_all_their_words() -> None:
    found = sentences.troubles()
    script = (ROOT / "pages/backprop/graph/browser/twin.js").read_text(encoding="utf-8")
    assert set(re.findall(r'new Stop\("([\w-]+)"', script)) == set(found)


# ---- layout ----


def boxes(layout: Layout) -> list[tuple[float, float, float, float]]:
    placed = [(at, CARD) for at in layout.nodes] + [(at, LABEL) for at in layout.labels.values()]
    return [(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for (x, y), (w, h) in placed]


FORMULAS = [p.formula for p in lesson.PRESETS] + [
    "x",
    "x * x",
    "max(x, x, y)",
    "x+" * 15 + "x",
    "tanh(x*y+z)/max(x,y,z*z)",
]


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("formula", FORMULAS)
def test_nothing_lies_over_anything_and_inputs_come_before_what_they_make(formula: str, down: bool) -> None:
    parents = tuple(node.parents for node in outline(formula))
    layout = lay_out(parents, down)
    found = boxes(layout)
    for i, (left, top, right, bottom) in enumerate(found):
        assert left >= 0
        assert top >= 0
        assert right <= layout.width
        assert bottom <= layout.height
        for other in found[:i]:
            apart = left >= other[2] - 1e-6 or other[0] >= right - 1e-6
            assert apart or top >= other[3] - 1e-6 or other[1] >= bottom - 1e-6
    axis = 1 if down else 0
    for place, above in enumerate(parents):
        assert all(layout.nodes[parent][axis] < layout.nodes[place][axis] for parent in above)
    assert set(layout.wires) == {(place, slot) for place, above in enumerate(parents) for slot in range(len(above))}


def test_the_browser_gets_every_wire_from_one_card_to_the_next() -> None:
    parents = tuple(node.parents for node in outline("x * y + x"))
    data = as_data(lay_out(parents))
    for node, slot, *points in data["wires"]:
        assert points[0] == data["nodes"][parents[node][slot]]
        assert points[-1] == data["nodes"][node]
        assert data["labels"][f"{node}.{slot}"] in points


# ---- matrices ----


def test_the_matrices_make_their_gradients_and_shapes_that_don_t_fit_make_none(controls: None) -> None:
    found = matrices.arrays()
    assert np.array_equal(found["D"], found["W"] @ found["X"])
    assert np.array_equal(found["dW"], found["dD"] @ found["X"].T)
    assert np.array_equal(found["dX"], found["W"].T @ found["dD"])
    state.set("inner2", 4)
    assert not matrices.fits()
    assert "D" not in matrices.arrays()
    scene, _arrays = matrices.scene()
    assert scene.text == "scene-misfit"
    assert [knob.name for knob in scene.knobs if knob.flagged] == ["inner", "inner2"]
    matrices.ACTS["fit"](True)
    assert matrices.fits()


def test_a_typed_entry_keeps_its_place_when_the_matrix_grows(controls: None) -> None:
    matrices.take_edit(edit("W", 4, 7.5))
    assert state.get("cells") == "W.5:7.5"
    assert matrices.factors()["W"][1, 1] == 7.5
    state.set("inner", 4)
    state.set("inner2", 4)
    assert matrices.factors()["W"][1, 1] == 7.5
    matrices.take_edit(edit("dD", 0, -2.0))
    assert matrices.arrays()["dD"][0, 0] == -2
    matrices.take_edit(edit("D", 0, 1.0))
    assert state.get("cells") == "W.5:7.5~G.0:-2"
    matrices.ACTS["restore"](True)
    assert state.get("cells") == ""


# ---- what is taken away ----


def test_the_figure_and_the_numbers_hold_both_passes(controls: None) -> None:
    words = {"title": "f", "value": "value", "gradient": "gradient"}
    for known in lesson.PRESETS:
        lesson.ask({"f": known.formula, "values": dict(known.values)})
        drawn = svg(graph_figure(lesson.computed(), lesson.layout(), words)).decode()
        assert drawn.count("<text") > 3 * len(lesson.plan())
        numbers = lesson.numbers()
        assert np.array_equal(numbers["sent.upstream"] * numbers["sent.local"], numbers["sent.product"])
        assert len(numbers["value"]) == len(lesson.plan())


def test_a_formula_without_a_value_still_gives_its_figure(controls: None) -> None:
    lesson.ask({"f": "log(x) / y", "values": {"x": -1, "y": 2}})
    words = {"title": "log(x) / y", "value": "value", "gradient": "gradient"}
    drawn = svg(graph_figure(lesson.shown(), lesson.layout(), words)).decode()
    assert drawn.count(">?<") >= len(lesson.plan())


def test_the_check_agrees_with_central_differences() -> None:
    at = opened(f=preset("staged").formula)
    at.button(key=f"{lesson.KEY}.check").click().run()
    assert not at.exception
    table = at.dataframe[0].value
    assert np.abs(table.iloc[:, 1].astype(float) - table.iloc[:, 2].astype(float)).max() < 1e-8


def test_where_there_is_no_value_the_check_says_so_in_words() -> None:
    at = opened(f="log(x - x)")
    at.button(key=f"{lesson.KEY}.check").click().run()
    assert not at.exception
    assert not at.error
    assert any("positive number" in info.value for info in at.info)


def test_a_link_restores_formula_values_and_step() -> None:
    at = opened(f="x*y + max(x, z)", at="x:1.5~y:-2", step="3")
    assert {name: at.query_params[name] for name in ("f", "at", "step")} == {
        "f": "x*y + max(x, z)", "at": "x:1.5~y:-2", "step": "3",
    }  # fmt: skip
    assert at.session_state["stepcnn.problems"] == []
