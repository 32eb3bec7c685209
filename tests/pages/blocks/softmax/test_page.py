"""The page of "Softmax and scores" without a browser: its link, its events, its checks and its downloads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.blocks.softmax import controls as lesson
from pages.blocks.softmax.figure import shares_figure, temperature_figure
from pages.blocks.softmax.labels import FORMULAS, labels
from tests.pages.opening import visit
from ui import catalogue, i18n
from ui.figures import export


def opened(**query: str) -> AppTest:
    return visit(str(catalogue.lesson(lesson.KEY).path), query)


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


def test_what_is_taken_away_holds_the_curriculum_s_numbers(controls: Controls) -> None:
    # [G] All of the part's numbers, from the page's own defaults.
    found = lesson.numbers()
    np.testing.assert_allclose(found["p"], [0.8789, 0.1189, 0.0022], atol=5e-5)
    np.testing.assert_allclose(found["warm.p1"], [0.705, 0.035, 0.259], atol=6e-4)
    np.testing.assert_allclose(found["warm.p"], [0.547, 0.122, 0.331], atol=6e-4)
    assert np.isnan(found["large.float32"]).all()
    assert np.isnan(found["large.float64"]).tolist() == [False, False, True]
    np.testing.assert_allclose(found["large.shifted"], [0, 0, 1], atol=1e-140)
    assert found["margins.hinge"] == 0
    assert (10, -2, 3) in lesson.EXAMPLES["margins"]
    assert (10, -100, -100) in lesson.EXAMPLES["margins"]


def test_what_the_browser_tells_goes_into_the_controls_and_comes_back(controls: Controls) -> None:
    told = lesson.now() | {
        "scene": "margins",
        "scores": [1.5, -2, 0, 4.25],
        "truth": 3,
        "T": 0.5,
        "large": [1000, 1, 2],
    }
    lesson.act(told)
    assert lesson.now() == told
    assert controls.values["scores"] == "1.5,-2,0,4.25"


@pytest.mark.parametrize(
    "told", [None, 3, {}, {"scores": [1]}, {"scores": "x", "T": 1000, "scene": "sun", "large": [1, 2]}]
)
def test_what_can_t_be_read_changes_nothing(controls: Controls, told: Any) -> None:
    before = dict(controls.values)
    lesson.act(told)
    assert controls.values == before


def test_a_truth_beyond_the_classes_is_the_last_of_them(controls: Controls) -> None:
    controls.set("scores", "1,2")
    controls.set("truth", 5)
    assert lesson.truth() == 1
    assert lesson.numbers()["dz"].shape == (2,)


def test_numpy_says_inf_and_nan_and_the_shift_cures_both() -> None:
    at = opened()
    at.button(key=f"{lesson.KEY}.check-overflow").click().run()
    assert not at.exception
    table = at.dataframe[0].value
    assert table["float32 · as it stands · p"].tolist() == ["nan"] * 3
    assert table["float64 · as it stands · e"].tolist()[2] == "inf"
    assert table["float64 · as it stands · p"].tolist()[2] == "nan"
    assert table["float32 · shifted · p"].tolist() == ["0", "0", "1"]


def test_the_slopes_agree_with_central_differences() -> None:
    at = opened(scores="3,1,-3,0.5", truth="3")
    at.button(key=f"{lesson.KEY}.check").click().run()
    assert not at.exception
    line = next(text.value for text in at.markdown if "Jacobian: **" in text.value)
    assert float(line.split("**")[1]) < 1e-8


def test_every_scene_has_its_words_in_both_languages() -> None:
    for to in ("en", "zh"):
        assert {f"scene-{scene}" for scene in lesson.SCENES} <= set(i18n.blocks(lesson.KEY, to))
    assert set(FORMULAS) == set(lesson.SCENES) == {n.removeprefix("scene_") for n in labels() if "scene_" in n}


def test_the_figures_say_the_shares() -> None:
    text = export.svg(shares_figure(np.array([3.0, 1, -3]), 1)).decode()
    for share in ("0.879", "0.119", "0.002", "−0.881"):
        assert share in text
    figure = temperature_figure(np.array([1.0, -2, 0]), 2.0, {"temperature": "T"})
    assert len(figure.axes[0].lines) == 4
    ends = [line.get_ydata()[-1] for line in figure.axes[0].lines[:3]]
    assert sum(ends) == pytest.approx(1)
