"""The page of "Neuron" without a browser: its link, its events, its check and what is taken away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.blocks.neuron import controls as lesson
from pages.blocks.neuron.compute import FUNCTIONS, two_layers_for
from pages.blocks.neuron.labels import FORMULAS, NAMES, labels
from pages.blocks.neuron.picture import functions
from tests.pages.opening import visit
from ui import catalogue, i18n


def opened(**query: str) -> AppTest:
    return visit(str(catalogue.lesson(lesson.KEY).path), query)


class Controls:
    """Stands where ui.state stands: the controls' values, checked as ui.state checks them."""

    def __init__(self, **values: Any) -> None:
        self.controls = {control.name: control for control in lesson.CONTROLS}
        self.values = {name: control.default for name, control in self.controls.items()} | values

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


def test_the_lesson_opens_with_the_curriculum_s_vote_and_nand(controls: Controls) -> None:
    # [G] 4·1 + 1·3 - 3·2 = 1, below 3: 0; NAND of (0, 1): 1.
    x, voter = lesson.vote()
    assert lesson.now()["vote"] == {"x": [4, 1, -3], "w": [1, 3, 2], "threshold": 3}
    assert (voter.sums(x) + 3).tolist() == [1]
    assert voter.outputs(x).tolist() == [0]
    assert lesson.now()["unit"] == {"w": [-2, -2], "b": 3}
    assert lesson.numbers()["unit.y"][lesson.now()["at"]] == 1


def test_the_two_layers_wait_for_one_drag_to_become_xor(controls: Controls) -> None:
    assert np.array_equal(lesson.numbers()["layers.y"], [1, 1, 1, 1])
    controls.set("net", "2,2,-1,-2,-2,3,2,2,-3")
    assert tuple(lesson.numbers()["layers.y"]) == FUNCTIONS[lesson.XOR]


def test_what_the_browser_tells_goes_into_the_controls_and_comes_back(controls: Controls) -> None:
    told = lesson.now() | {
        "scene": "line", "at": 3, "goal": 6, "found": 16387, "soft": "8", "unit": {"w": [1.25, -0.5], "b": -0.75},
    }  # fmt: skip
    lesson.act(told)
    assert controls.values["unit"] == "1.25,-0.5,-0.75"
    assert lesson.now() == told


@pytest.mark.parametrize(
    "told", [None, 7, {}, {"scene": "moon", "at": "x", "unit": 3}, {"vote": {"x": []}, "unit": {}, "net": []}]
)
def test_what_can_t_be_read_changes_nothing(controls: Controls, told: Any) -> None:
    before = dict(controls.values)
    lesson.act(told)
    assert controls.values == before


def test_every_scene_opens_by_its_link() -> None:
    for scene in lesson.SCENES:
        at = opened(scene=scene)
        assert at.session_state[f"{lesson.KEY}.scene"] == scene


def test_the_check_finds_fourteen_functions_and_names_the_two_missing() -> None:
    at = opened()
    at.button(key=f"{lesson.KEY}.check").click().run()
    assert not at.exception
    assert not at.error
    table = at.dataframe[0].value
    counts = table.iloc[:, 2].tolist()
    assert sum(counts) == lesson.LINES
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
        texts = i18n.blocks(lesson.KEY, to)
        assert {f"scene-{scene}" for scene in lesson.SCENES} <= set(texts)
    assert set(FORMULAS) == set(lesson.SCENES) == {n.removeprefix("scene_") for n in labels() if "scene_" in n}
