"""The page of "Neuron" without a browser: its link, its events, its check and what is taken away."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.blocks.neuron import controls as lesson
from pages.blocks.neuron.check import LINES
from pages.blocks.neuron.compute import FUNCTIONS, Unit, two_layers_for
from pages.blocks.neuron.labels import FORMULAS, NAMES, labels
from pages.blocks.neuron.picture import functions
from tests.pages.opening import bound, visit
from ui import catalogue, i18n, state


def opened(**query: str) -> AppTest:
    return visit(str(catalogue.lesson("neuron").path), query)


@pytest.fixture
def controls(monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, lesson.CONTROLS, "neuron")


@pytest.mark.usefixtures("controls")
def test_the_lesson_opens_with_the_curriculum_s_vote_and_nand() -> None:
    # [G] 4·1 + 1·3 - 3·2 = 1, below 3: 0; NAND of (0, 1): 1.
    x, voter = lesson.vote()
    assert x.tolist() == [[4, 1, -3]]
    assert voter == Unit((1, 3, 2), -3)
    assert (voter.sums(x) + 3).tolist() == [1]
    assert voter.outputs(x).tolist() == [0]
    assert lesson.unit() == Unit((-2, -2), 3)
    assert lesson.numbers()["unit.y"][state.get("at")] == 1


@pytest.mark.usefixtures("controls")
def test_the_two_layers_wait_for_one_drag_to_become_xor() -> None:
    assert np.array_equal(lesson.numbers()["layers.y"], [1, 1, 1, 1])
    state.set("net", (2, 2, -1, -2, -2, 3, 2, 2, -3))
    assert tuple(lesson.numbers()["layers.y"]) == FUNCTIONS[lesson.XOR]


@pytest.mark.usefixtures("controls")
def test_what_is_taken_away_are_the_steps_of_the_unit_that_learns_and_the_map_of_the_one_that_slides() -> None:
    assert lesson.learner() == Unit((-1, 2), -1)
    assert lesson.numbers()["learn.change"].shape == (0, 3)
    state.set("taken", "123")
    found = lesson.numbers()
    assert found["learn.error"].tolist() == [-1, 0, 1]
    assert found["learn.change"].tolist() == [[0, -0.5, -0.5], [0, 0, 0], [0.5, 0.5, 0.5]]
    assert [*found["learn.weight"], *found["learn.bias"]] == [-0.5, 2, -1]
    assert found["patch.y"].tolist() == (found["patch.z"] > 0).tolist()
    for answer, made in (("sum", found["patch.z"]), ("relu", np.maximum(found["patch.z"], 0))):
        state.set("answer", answer)
        np.testing.assert_array_equal(lesson.numbers()["patch.y"], made)


@pytest.mark.usefixtures("controls")
def test_what_the_browser_tells_goes_into_the_link() -> None:
    told = {"scene": "line", "at": 3, "goal": 6, "found": 16387, "soft": "8", "unit": [1.25, -0.5, -0.75]}
    stays = {"vote": [4, 1, -3, 1, 3, 2, 3], "net": [2, 2, -1, -2, -2, 3, 2, 2, -1], "aim": 6, "edge": "step"}
    state.hear(lesson.CONTROLS, told | stays)
    assert state.query() == {
        "scene": "line", "at": "3", "goal": "6", "found": "16387", "soft": "8", "unit": "1.25,-0.5,-0.75"
    }  # fmt: skip
    assert lesson.unit() == Unit((1.25, -0.5), -0.75)


@pytest.mark.parametrize(
    "told", [{"scene": "moon", "at": "x", "unit": 3}, {"vote": [4, 1], "unit": [], "net": [1] * 8 + [float("nan")]}]
)
@pytest.mark.usefixtures("controls")
def test_what_can_t_be_read_changes_nothing(told: object) -> None:
    state.set("unit", (2, -2, 1))
    state.hear(lesson.CONTROLS, told)
    assert state.query() == {"unit": "2,-2,1"}


def test_every_scene_opens_by_its_link() -> None:
    for scene in lesson.SCENES:
        at = opened(scene=scene)
        assert at.session_state["neuron.scene"] == scene


def test_the_check_finds_fourteen_functions_and_names_the_two_missing() -> None:
    at = opened()
    at.button(key="neuron.check").click().run()
    assert not at.exception
    assert not at.error
    table = at.dataframe[0].value
    counts = table.iloc[:, 2].tolist()
    assert sum(counts) == LINES
    assert [NAMES[i] for i, count in enumerate(counts) if not count] == ["XOR", "XNOR"]
    assert any("XOR · XNOR" in text.value for text in at.markdown)


def test_the_browser_gets_lines_layers_and_circuits_for_all_sixteen() -> None:
    given = functions()
    assert [f["name"] for f in given] == list(NAMES)
    assert [f["name"] for f in given if f["line"] is None] == ["XOR", "XNOR"]
    xor = given[lesson.XOR]
    assert xor["layers"][0] == {"w": list(two_layers_for(FUNCTIONS[6]).hidden[0].weight), "b": -1.0}
    assert len(xor["circuit"]["gates"]) == 4


def test_every_scene_has_its_words_in_both_languages() -> None:
    for to in ("en", "zh"):
        texts = i18n.blocks("neuron", to)
        assert {f"scene-{scene}" for scene in lesson.SCENES} <= set(texts)
    assert set(FORMULAS) == set(lesson.SCENES) == {n.removeprefix("scene_") for n in labels() if "scene_" in n}
