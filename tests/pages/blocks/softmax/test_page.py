"""The page of "Softmax and scores" without a browser: its link, its events, its checks and its downloads."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.losses import sigmoid
from engine.losses.softmax import softmax
from pages.blocks.softmax import controls as lesson
from pages.blocks.softmax.compute import two_losses
from pages.blocks.softmax.figure import shares_figure, temperature_figure
from pages.blocks.softmax.labels import FORMULAS, labels
from tests.pages.opening import bound, visit
from ui import catalogue, i18n, state
from ui.figures import export


def opened(**query: str) -> AppTest:
    return visit(str(catalogue.lesson("softmax").path), query)


@pytest.fixture
def controls(monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, lesson.CONTROLS, "softmax")


@pytest.mark.usefixtures("controls")
def test_what_is_taken_away_holds_the_curriculum_s_numbers() -> None:
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


@pytest.mark.usefixtures("controls")
def test_what_the_browser_tells_goes_into_the_link() -> None:
    told = {"scene": "margins", "scores": [1.5, -2, 0, 4.25], "truth": 3, "T": 0.5, "large": [1000, 1, 2], "warm": [1]}
    state.hear(lesson.CONTROLS, told)
    assert state.query() == {
        "scene": "margins", "scores": "1.5,-2,0,4.25", "truth": "3", "T": "0.5", "large": "1000,1,2"
    }  # fmt: skip


@pytest.mark.usefixtures("controls")
def test_a_truth_beyond_the_classes_is_the_last_of_them() -> None:
    state.set("scores", (1, 2))
    state.set("truth", 5)
    assert lesson.truth() == 1
    assert lesson.numbers()["dz"].shape == (2,)


def test_numpy_says_inf_and_nan_and_the_shift_cures_both() -> None:
    at = opened()
    at.button(key="softmax.check-overflow").click().run()
    assert not at.exception
    table = at.dataframe[0].value
    assert table["float32 · as it stands · p"].tolist() == ["nan"] * 3
    assert table["float64 · as it stands · e"].tolist()[2] == "inf"
    assert table["float64 · as it stands · p"].tolist()[2] == "nan"
    assert table["float32 · shifted · p"].tolist() == ["0", "0", "1"]


def test_the_slopes_agree_with_central_differences() -> None:
    at = opened(scores="3,1,-3,0.5", truth="3")
    at.button(key="softmax.check").click().run()
    assert not at.exception
    line = next(text.value for text in at.markdown if "Jacobian: **" in text.value)
    assert float(line.split("**")[1]) < 1e-8


def test_every_scene_has_its_words_in_both_languages() -> None:
    for to in ("en", "zh"):
        assert {f"scene-{scene}" for scene in lesson.SCENES} <= set(i18n.blocks("softmax", to))
    assert set(FORMULAS) == set(lesson.SCENES) == {n.removeprefix("scene_") for n in labels() if "scene_" in n}


def test_the_figures_say_the_shares() -> None:
    text = export.svg(shares_figure(np.array([3.0, 1, -3]), 1)).decode()
    for share in ("0.879", "0.119", "0.002", "−0.881"):
        assert share in text
    figure = temperature_figure(np.array([1.0, -2, 0]), 2.0, {"temperature": "T"})
    assert len(figure.axes[0].lines) == 4
    ends = [line.get_ydata()[-1] for line in figure.axes[0].lines[:3]]
    assert sum(ends) == pytest.approx(1)


def test_what_the_text_says_of_its_scores_is_computed() -> None:
    # [G] (3, 1, -3) and (1, -2, 0) at T = 1 and 2; where floats end.
    told = lesson.text_numbers()
    assert told["three_shares"] == "0.8789, 0.1189, 0.0022"
    assert told["warm_shares"] == "0.705, 0.035, 0.259"
    assert told["warmer_shares"] == "0.547, 0.122, 0.331"
    assert (told["float32"], told["float32_log"], told["float64_log"]) == ("3.4·10³⁸", "88.7", "709.8")


def test_with_two_classes_the_share_is_the_sigmoid_of_the_lead() -> None:
    rng = np.random.default_rng(0)
    for z in rng.normal(0, 4, (20, 2)):
        assert softmax(z[None])[0, 0] == pytest.approx(sigmoid(np.array([z[0] - z[1]]))[0])
    assert float(lesson.text_numbers()["two"]) == pytest.approx(softmax(np.array([[3.0, 1.0]]))[0, 0], abs=5e-5)


def test_where_the_answer_is_wrong_the_true_scores_slope_is_at_least_one_half() -> None:
    rng, smallest = np.random.default_rng(0), 1.0
    for z in rng.normal(0, 2, (2000, 3)):
        slope = two_losses(z, 0)[3][0]
        if z.argmax() != 0:
            smallest = min(smallest, -slope)
            assert slope <= -0.5
    assert smallest < 0.6
    assert "near 1." not in i18n.blocks("softmax", "en")["slopes"].body


def test_the_hinge_leaves_the_true_class_out_of_its_sum() -> None:
    assert "j≠y" in FORMULAS["margins"]
    z = np.array([1.0, 3.0, -2.0])
    others = sum(max(0, z[j] - z[1] + 1) for j in range(3) if j != 1)
    assert two_losses(z, 1)[0] == pytest.approx(others)
