"""The page of "Vanishing and exploding" without a browser."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing import words as say
from pages.backprop.vanishing.check import check
from pages.backprop.vanishing.compute import PRESETS, STARTS, Deep
from pages.backprop.vanishing.figure import depth_figure, stretch_figure
from pages.backprop.vanishing.picture import picture
from tests.root import ROOT
from ui import catalogue, i18n
from ui.figures import export


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


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    at.run()
    for name, text in query.items():
        at.query_params[name] = text
    at.switch_page(str(catalogue.lesson(lesson.KEY).path)).run()
    assert not at.exception
    assert not at.error
    return at


def test_it_opens_on_a_gradient_that_vanishes_beside_one_that_does_not(controls: Controls) -> None:
    now, (beside,) = lesson.now(), lesson.kept()
    assert now.kept.deep == PRESETS["sigmoid"]
    assert now.flow.dy[0] < 1e-30
    assert beside.deep == PRESETS["relu-he"]
    assert 0.1 < lesson.measured(beside).flow.dy[0] < 10
    assert say.verdict(now)[0] == "say-vanishes"


def test_the_bounds_of_ten_and_fifty_sigmoids_stand_in_the_text() -> None:
    """[G] σ'(0) = 0.25, so 0.25^10 = 9.5e-7."""
    found = say.text_numbers()
    assert found["ten"] == "9.5·10⁻⁷"
    assert found["fifty"] == "7.9·10⁻³¹"
    shown = " ".join(text.value for text in opened().markdown)
    assert found["ten"] in shown
    assert found["fifty"] in shown


@pytest.mark.parametrize("name", PRESETS)
def test_a_worked_example_sets_every_control(controls: Controls, name: str) -> None:
    lesson.act({"seed": 9, "norm": "layer", "width": "16"})
    lesson.act({"preset": name})
    assert lesson.setup() == lesson.Kept(PRESETS[name], 0)
    assert lesson.preset() == name


def test_every_outcome_has_its_words_in_both_languages(controls: Controls) -> None:
    for to in ("en", "zh"):
        assert {"vanishes", "explodes", "steady", "lost", "overflows"} <= {
            block.removeprefix("say-") for block in i18n.blocks(lesson.KEY, to)
        }
    for name, block in (("relu-he", "steady"), ("explodes", "explodes"), ("sigmoid-10", "vanishes")):
        assert say.verdict(lesson.measured(lesson.Kept(PRESETS[name], 0)))[0] == f"say-{block}"
    lost, facts = say.verdict(lesson.measured(lesson.Kept(Deep(times=0.2), 0)))
    assert lost == "say-lost"
    assert 0 < int(facts["layer"]) < 50
    burst = Deep(activation="linear", size="he", times=12, link="residual")
    assert say.verdict(lesson.measured(lesson.Kept(burst, 0)))[0] == "say-overflows"


def test_the_sentence_s_numbers_are_those_that_were_measured(controls: Controls) -> None:
    lesson.act({"preset": "explodes"})
    now = lesson.now()
    facts = say.verdict(now)[1]
    assert facts["average"] == say.gain(now.flow.average)
    assert now.flow.average ** int(facts["until"]) > say.LARGEST
    assert now.flow.average ** (int(facts["until"]) - 1) <= say.LARGEST


def test_curves_are_kept_up_to_three_named_by_what_differs_and_let_go(controls: Controls) -> None:
    lesson.act({"act": "tanh", "keep": True})
    lesson.act({"link": "residual", "keep": True})
    lesson.act({"width": "32", "keep": True})
    lesson.act({"keep": True})
    assert [one.deep.activation for one in lesson.kept()] == ["tanh"] * 3
    lesson.act({"width": "64"})
    names = [say.difference(one, lesson.setup()) for one in lesson.kept()]
    assert names == ["no link", "the same", "32 units"]
    lesson.act({"drop": lesson.kept()[1].written()})
    assert len(lesson.kept()) == 2
    for one in lesson.kept():
        lesson.act({"drop": one.written()})
    assert lesson.kept() == ()


def test_a_kept_setup_comes_back_from_its_text() -> None:
    for deep in (*PRESETS.values(), Deep(7, 16, "leaky_relu", "orthogonal", "he", 0.85, "batch", "highway")):
        kept = lesson.Kept(deep, 42)
        control = next(one for one in lesson.CONTROLS if one.name == "kept")
        assert lesson._read_kept(str(control.read(kept.written()))) == kept


@pytest.mark.parametrize(
    "told",
    [{"depth": 99, "times": "x", "act": "step", "norm": 3}, {"cell": {"index": 400, "value": 1}}, {"cell": 3},
     {"drop": "sigmoid"}, {"preset": "none"}, {"start": "none"}, {"at": float("nan")},
     {"cell": {"index": 0, "value": 1e9}}],
)  # fmt: skip
def test_what_can_t_be_read_changes_nothing(controls: Controls, told: dict[str, Any]) -> None:
    before = dict(controls.values)
    lesson.act(told)
    assert controls.values == before


def test_a_typed_weight_enters_its_jacobian(controls: Controls) -> None:
    lesson.act({"cell": {"index": 5, "value": -0.75}})
    assert lesson.two_wide().weights[1, 0, 1] == -0.75
    assert controls.values["typed"] == "w.5:-0.75"
    lesson.act({"start": "residual"})
    assert controls.values["typed"] == ""
    assert controls.values["skip"] is True
    assert controls.values["bend"] == STARTS["residual"].activation


def test_each_view_can_be_sent_to_the_browser(controls: Controls) -> None:
    texts = {name: (text.heading, text.body) for name, text in i18n.blocks(lesson.KEY, "en").items()}
    for view in lesson.VIEWS:
        for start in STARTS if view == "jacobian" else ("press",):
            lesson.act({"view": view, "start": start})
            data = picture(controls.values, texts, heard=1)
            assert data.startswith(b"SCNN")
            assert len(data) < 120_000


def test_the_spectrum_leaves_batch_norm_out_and_stays_narrow(controls: Controls) -> None:
    lesson.act({"norm": "batch", "width": "256", "depth": 4})
    found = lesson.spectra()
    assert found.deep.norm == "none"
    assert found.deep.width == lesson.WIDEST_SPECTRUM
    assert found.other.draw == "orthogonal"
    assert found.found.product.shape == (5, 128)


def test_product_backward_pass_and_small_steps_agree(controls: Controls) -> None:
    for name in PRESETS:
        lesson.act({"preset": name})
        columns = list(check().values())
        assert float(columns[2][-1]) < 1e-12
        size = max(abs(float(v)) for v in columns[1][:-1])
        assert float(columns[3][-1]) < 1e-4 * max(size, 1e-5)


def test_the_check_is_shown_when_asked() -> None:
    at = opened(depth="6")
    at.button(key=f"{lesson.KEY}.check").click().run()
    assert not at.exception
    assert len(at.dataframe) == 1


def test_training_from_here_compares_the_present_network_with_those_that_are_kept() -> None:
    at = opened(depth="4")
    at.button(key=f"{lesson.KEY}.train").click().run()
    assert not at.exception
    assert not at.error
    table = at.dataframe[0].value
    assert len(table) == 2
    assert table.iloc[1, 3] == "0 / 50"


def test_numbers_and_figures_of_every_view_can_be_taken_away(controls: Controls) -> None:
    lesson.act({"preset": "sigmoid-10"})
    found = lesson.numbers()
    np.testing.assert_allclose(np.prod(found["now.gain"]), found["now.dy"][0] / found["now.dy"][-1], rtol=1e-5)
    labels = {"gradient": "G", "gain": "g", "layer": "l", "predicted": "p", "stretch": "s"}
    now = lesson.now()
    assert b"now" in export.svg(depth_figure([("now", now.flow)], now.expected, labels))
    lesson.act({"view": "jacobian"})
    assert lesson.numbers()["products"].shape == (7, 2, 2)
    lesson.act({"view": "spectrum"})
    assert "orthogonal.product" in lesson.numbers()
    spectra = lesson.spectra()
    assert b"normal" in export.svg(stretch_figure([("normal", spectra.found.product)], labels))


def test_a_wrong_kept_curve_in_a_link_gives_a_notice() -> None:
    at = opened(kept="relu-normal-he-99-none-none-50-64-0")
    assert len(at.warning) == 1
