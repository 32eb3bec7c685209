"""The page of "Cross-entropy against quadratic cost" without a browser."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.backprop.cross_entropy_quadratic import controls as lesson
from pages.backprop.cross_entropy_quadratic.compute import COSTS, learn
from pages.backprop.cross_entropy_quadratic.figure import learning_figure
from tests.pages.opening import bound
from tests.root import ROOT
from ui import catalogue, i18n, state
from ui.figures import export

KEY = "cross-entropy-quadratic"


@pytest.fixture
def controls(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The lesson's controls as its page binds them, in a session of the test's own."""
    return bound(monkeypatch, lesson.CONTROLS, KEY)


def now() -> dict[str, Any]:
    return {control.name: state.get(control.name) for control in lesson.CONTROLS}


def test_it_opens_on_a_badly_wrong_unit_that_two_costs_teach(controls: dict[str, Any]) -> None:
    found = lesson.numbers()
    assert found["quadratic.a"][0] == found["cross_entropy.a"][0] == pytest.approx(0.982, abs=5e-4)
    assert found["quadratic.dw"].shape == (301,)
    np.testing.assert_allclose(found["quadratic.dz"], (found["quadratic.a"] - 0) * found["quadratic.slope"], rtol=1e-12)
    np.testing.assert_allclose(found["cross_entropy.dz"], found["cross_entropy.a"] - 0, rtol=1e-9)


def test_what_the_browser_tells_goes_into_the_controls_and_comes_back(controls: dict[str, Any]) -> None:
    told = now() | {"w": -1.25, "b": 0.5, "y": "1", "epochs": "50", "epoch": 7, "show": "gradient"}
    state.hear(lesson.CONTROLS, told)
    assert now() == told


@pytest.mark.parametrize("told", [None, 3, {}, {"w": 99, "b": "x", "y": "2", "epoch": -1, "show": "sun", "lr": 0}])
def test_what_can_t_be_read_changes_nothing(controls: dict[str, Any], told: Any) -> None:
    before = now()
    state.hear(lesson.CONTROLS, told)
    assert now() == before


def test_both_gradients_agree_with_small_steps() -> None:
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    at.run()
    at.query_params["w"] = "-1.5"
    at.query_params["x"] = "2"
    at.switch_page(str(catalogue.lesson(KEY).path)).run()
    at.button(key=f"{KEY}.check").click().run()
    assert not at.exception
    line = next(text.value for text in at.markdown if "difference: **" in text.value)
    assert float(line.split("**")[1]) < 1e-9


def test_every_situation_has_its_words_in_both_languages() -> None:
    for to in ("en", "zh"):
        assert {"say-wrong", "say-middling", "say-right", "say-between"} <= set(i18n.blocks(KEY, to))


def test_the_figure_names_both_costs(controls: dict[str, Any]) -> None:
    words = {"quadratic": "Q", "cross_entropy": "CE", "epoch": "epoch", "answer": "a", "gradient": "g"}
    figure = learning_figure(lesson.learnings(), words)
    assert len(figure.axes) == 2
    assert b">CE<" in export.svg(figure)


def test_what_the_text_says_of_the_two_costs_is_computed() -> None:
    told = lesson.text_numbers()
    assert (told["a"], told["slope"], told["quadratic"], told["cross_entropy"]) == (
        "0.982",
        "0.0177",
        "0.0173",
        "0.982",
    )
    assert told["times"] == f"{1 / 0.0176627:.0f}"
    for name, cost in (("near_quadratic", "quadratic"), ("near_cross_entropy", "cross_entropy")):
        w, b = lesson.STARTS[2]
        found = learn(cost, w, b, x=1, y=0, lr=0.15, epochs=300).a
        assert float(told[name]) == pytest.approx(found[-1], abs=5e-4)
        assert found[-1] < 0.1
    assert 0 < float(told["far_before"]) - float(told["far_after"]) < 1e-3


def test_cross_entropy_is_never_below_0_and_nears_it_where_the_answer_is_right() -> None:
    loss = COSTS["cross_entropy"]
    for y in (0.0, 1.0):
        values = [loss.forward(np.array([[z]]), np.array([[y]]))[0] for z in np.linspace(-40, 40, 81)]
        assert min(values) >= 0
        assert values[-1 if y else 0] < 1e-12


def test_no_sentence_calls_the_gradient_a_pull() -> None:
    for block in i18n.blocks(KEY, "en").values():
        assert "pull" not in block.body
        assert "pull" not in block.heading
