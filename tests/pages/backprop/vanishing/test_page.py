"""The page of "Vanishing and exploding" without a browser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing import words as say
from pages.backprop.vanishing.check import check
from pages.backprop.vanishing.compute.jacobian import STARTS
from pages.backprop.vanishing.compute.setup import PRESETS, Deep
from pages.backprop.vanishing.figure import depth_figure, stretch_figure
from pages.backprop.vanishing.picture import drawn
from tests.pages.opening import bound
from tests.root import ROOT
from ui import catalogue, i18n, state
from ui.components.labels import common_labels
from ui.components.pack import pack
from ui.figures import export

KEY = "vanishing"


@pytest.fixture
def controls(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The lesson's controls as its page binds them, in a session of the test's own."""
    return bound(monkeypatch, lesson.CONTROLS, KEY)


def now() -> dict[str, Any]:
    return {control.name: state.get(control.name) for control in lesson.CONTROLS}


def hear(**change: Any) -> None:
    """What the browser tells: all that stands, and what is another by now."""
    state.hear(lesson.CONTROLS, now() | change)


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    at.run()
    for name, text in query.items():
        at.query_params[name] = text
    at.switch_page(str(catalogue.lesson(KEY).path)).run()
    assert not at.exception
    assert not at.error
    return at


def test_it_opens_on_a_gradient_that_vanishes_beside_one_that_does_not(controls: dict[str, Any]) -> None:
    opens, (beside,) = lesson.now(), lesson.kept()
    assert opens.kept.deep == PRESETS["sigmoid"]
    assert opens.flow.dy[0] < 1e-30
    assert beside.deep == PRESETS["relu-he"]
    assert 0.1 < lesson.measured(beside).flow.dy[0] < 10
    assert say.verdict(opens)[0] == "say-vanishes"


def test_the_bounds_of_ten_and_fifty_sigmoids_stand_in_the_text() -> None:
    """[G] σ'(0) = 0.25, so 0.25^10 = 9.5e-7."""
    found = say.text_numbers()
    assert found["ten"] == "9.5·10⁻⁷"
    assert found["fifty"] == "7.9·10⁻³¹"
    shown = " ".join(text.value for text in opened().markdown)
    assert found["ten"] in shown
    assert found["fifty"] in shown


@pytest.mark.parametrize("name", PRESETS)
def test_a_worked_example_sets_every_control(controls: dict[str, Any], name: str) -> None:
    hear(seed=9, norm="layer", width="16")
    hear(**drawn().meta["values"][name])
    assert lesson.setup() == lesson.Kept(PRESETS[name], 0)
    assert lesson.preset() == name


def test_every_outcome_has_its_words_in_both_languages(controls: dict[str, Any]) -> None:
    for to in ("en", "zh"):
        assert {"vanishes", "explodes", "steady", "lost", "overflows"} <= {
            block.removeprefix("say-") for block in i18n.blocks(KEY, to)
        }
    for name, block in (("relu-he", "steady"), ("explodes", "explodes"), ("sigmoid-10", "vanishes")):
        assert say.verdict(lesson.measured(lesson.Kept(PRESETS[name], 0)))[0] == f"say-{block}"
    lost, facts = say.verdict(lesson.measured(lesson.Kept(Deep(times=0.2), 0)))
    assert lost == "say-lost"
    assert 0 < int(facts["layer"]) < 50
    burst = Deep(activation="linear", size="he", times=12, shortcut="residual")
    assert say.verdict(lesson.measured(lesson.Kept(burst, 0)))[0] == "say-overflows"


def test_the_sentence_s_numbers_are_those_that_were_measured(controls: dict[str, Any]) -> None:
    hear(**lesson.as_controls(PRESETS["explodes"]))
    found = lesson.now()
    facts = say.verdict(found)[1]
    assert facts["average"] == say.gain(found.flow.average)
    assert found.flow.average ** int(facts["until"]) > say.LARGEST
    assert found.flow.average ** (int(facts["until"]) - 1) <= say.LARGEST


def test_curves_are_kept_up_to_three_named_by_what_differs_and_let_go(controls: dict[str, Any]) -> None:
    deeps = [Deep(activation="tanh"), Deep(activation="tanh", shortcut="residual")]
    deeps.append(replace(deeps[1], width=32))
    texts = [lesson.Kept(deep, 0).written() for deep in deeps]
    hear(act="tanh", link="residual", kept="~".join(texts))
    assert [one.deep for one in lesson.kept()] == deeps
    names = [say.difference(one, lesson.setup()) for one in lesson.kept()]
    assert names == ["no link", "the same", "32 units"]
    assert [one["name"] for one in drawn().meta["kept"]] == texts
    hear(kept="~".join([*texts, texts[0]]))
    assert len(lesson.kept()) == 3
    hear(kept="-")
    assert lesson.kept() == ()


def test_a_kept_setup_comes_back_from_its_text() -> None:
    for deep in (*PRESETS.values(), Deep(7, 16, "leaky_relu", "orthogonal", "he", 0.85, "batch", "highway")):
        kept = lesson.Kept(deep, 42)
        control = next(one for one in lesson.CONTROLS if one.name == "kept")
        assert lesson._read_kept(str(control.read(kept.written()))) == kept


@pytest.mark.parametrize(
    "told",
    [None, {}, {"depth": 99, "times": "x", "act": "step", "norm": 3}, {"typed": "W.4:1"}, {"typed": 3},
     {"kept": "sigmoid"}, {"view": "none"}, {"start": "none"}, {"at": float("nan")}, {"typed": "w.0:1000000000"}],
)  # fmt: skip
def test_what_can_t_be_read_changes_nothing(controls: dict[str, Any], told: Any) -> None:
    before = now()
    state.hear(lesson.CONTROLS, told)
    assert now() == before


def test_a_typed_weight_enters_its_jacobian(controls: dict[str, Any]) -> None:
    hear(view="jacobian", typed="w.5:-0.75")
    assert lesson.two_wide().weights[1, 0, 1] == -0.75
    assert state.query()["typed"] == "w.5:-0.75"
    hear(**drawn().meta["values"]["residual"])
    assert state.get("start") == "residual"
    assert state.get("typed") == ""
    assert state.get("skip") is True
    assert state.get("bend") == STARTS["residual"].activation


def test_each_view_can_be_sent_to_the_browser(controls: dict[str, Any]) -> None:
    texts = {name: list(text) for name, text in i18n.blocks(KEY, "en").items() if name.startswith("say-")}
    for view in lesson.VIEWS:
        for start in STARTS if view == "jacobian" else ("press",):
            hear(view=view, start=start)
            one = drawn()
            meta = {**one.meta, "texts": texts, "labels": common_labels() | dict(one.labels), "state": now()}
            assert one.meta["says"] in texts
            data = pack(meta, one.arrays)
            assert data.startswith(b"SCNN")
            assert len(data) < 120_000


def test_the_spectrum_leaves_batch_norm_out_and_stays_narrow(controls: dict[str, Any]) -> None:
    hear(norm="batch", width="256", depth=4)
    found = lesson.spectra()
    assert found.deep.norm == "none"
    assert found.deep.width == lesson.WIDEST_SPECTRUM
    assert found.other.draw == "orthogonal"
    assert found.found.product.shape == (5, 128)


def test_product_backward_pass_and_small_steps_agree(controls: dict[str, Any]) -> None:
    for name in PRESETS:
        hear(**lesson.as_controls(PRESETS[name]))
        columns = list(check().values())
        assert float(columns[2][-1]) < 1e-12
        size = max(abs(float(v)) for v in columns[1][:-1])
        assert float(columns[3][-1]) < 1e-4 * max(size, 1e-5)


def test_the_check_is_shown_when_asked() -> None:
    at = opened(depth="6")
    at.button(key=f"{KEY}.check").click().run()
    assert not at.exception
    assert len(at.dataframe) == 1


def test_training_from_here_compares_the_present_network_with_those_that_are_kept() -> None:
    at = opened(depth="4")
    at.button(key=f"{KEY}.train").click().run()
    assert not at.exception
    assert not at.error
    table = at.dataframe[0].value
    assert len(table) == 2
    assert table.iloc[1, 3] == "0 / 50"


def test_numbers_and_figures_of_every_view_can_be_taken_away(controls: dict[str, Any]) -> None:
    hear(**lesson.as_controls(PRESETS["sigmoid-10"]))
    found = lesson.numbers()
    np.testing.assert_allclose(np.prod(found["now.gain"]), found["now.dy"][0] / found["now.dy"][-1], rtol=1e-5)
    labels = {"gradient": "G", "gain": "g", "layer": "l", "predicted": "p", "stretch": "s"}
    found_now = lesson.now()
    assert b"now" in export.svg(depth_figure([("now", found_now.flow)], found_now.expected, labels))
    hear(view="jacobian")
    assert lesson.numbers()["products"].shape == (7, 2, 2)
    hear(view="spectrum")
    assert "orthogonal.product" in lesson.numbers()
    spectra = lesson.spectra()
    assert b"normal" in export.svg(stretch_figure([("normal", spectra.found.product)], labels))


def test_a_wrong_kept_curve_in_a_link_gives_a_notice() -> None:
    at = opened(kept="relu-normal-he-99-none-none-50-64-0")
    assert len(at.warning) == 1


def test_what_is_called_predicted_is_made_of_predicted_numbers(controls: dict[str, Any]) -> None:
    for name in ("sigmoid", "relu-he", "tanh-xavier"):
        for key, value in lesson.as_controls(PRESETS[name]).items():
            state.set(key, value)
        made = drawn()
        gain2 = PRESETS[name].width * made.meta["var_w"] * made.arrays["predicted.slope2"]
        np.testing.assert_allclose(np.sqrt(gain2), made.arrays["predicted.gain"])
        assert not {"slope2", "mean_square_w"} & made.arrays.keys()
