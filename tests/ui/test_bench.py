"""The bench's Python side: what is sent, and what of the browser's tellings is believed."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from engine.explain import rules
from engine.explain.rule import Read, of
from engine.layers import Conv2d
from tests.pages.opening import bound
from ui import edits as edits_module
from ui import state
from ui.components.bench import Knob, Note, Scene, bench, standing, undoing
from ui.components.board import Drawn
from ui.controls import Number
from ui.edits import Edits
from ui.figures import grids

X, W, Y = np.zeros((1, 2, 4, 4)), np.zeros((3, 2, 3, 3)), np.zeros((1, 3, 2, 2))
RULE = grids.rule_data(
    rules.forward_rule(Conv2d(2, 3, 3), X.shape, Y.shape),
    {"weight": "w"},
    group=("c", "in"),
    also=[Read("columns", (2, 9), (of("c"), of("a")))],
)
SCENE = Scene(
    "one",
    rows=[
        [
            grids.maps("X", "input", "x", X.shape, "in", pad=(1, 1)),
            "∗",
            [grids.kernel("W", "kernel", "w", W.shape, "k", "in")],
            "=",
            grids.maps("Y", "output", "y", Y.shape, "k", result=True, rule=RULE),
        ]
    ],
    text="words",
    knobs=[Knob("step", "stride", "stride", 1, 1, 4)],
    notes=[Note("a **note**", flagged=True)],
)


def sent(scene: Scene = SCENE, **arrays: np.ndarray) -> Drawn:
    return bench(scene, {"x": X, "w": W, "y": Y} | arrays, {"own": "Own"})


def test_a_scene_is_sent_as_plain_data() -> None:
    drawn = sent()
    meta = json.loads(json.dumps(drawn.meta))
    x, times, stack, equals, y = meta["rows"][0]
    assert (times, equals) == ("∗", "=")
    assert (x["view"], x["shape"], x["pad"]) == ("map", [2, 4, 4], [1, 1])
    assert stack[0]["view"] == "kernel"
    assert y["rule"]["group"] == {"term": "c", "cursor": "in"}
    assert y["rule"]["right"]["array"] == "w"
    assert y["rule"]["also"][0]["array"] == "columns"
    assert drawn.labels["own"] == "Own"
    assert {"formula", "input", "locked"} <= drawn.labels.keys()
    assert meta["notes"] == [{"text": "a **note**", "flagged": True}]


def test_numbers_travel_as_float32_half_as_many_bytes_as_the_engine_s() -> None:
    assert sent().dtype is np.float32


# ---- how one stands before a bench ----

STANDING = (standing.cell(99), Number("k", 0, 9, 0, integer=True), standing.RESULT, *standing.HOW)


def test_how_one_stands_is_taken_as_far_as_it_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, STANDING, "page")
    told = {"cell": 7, "k": 99, "result": "Y", "held": True, "unfolded": False, "scope": "everything", "pane": "code"}
    state.hear(STANDING, told | {"other": 1})
    assert state.query() == {"cell": "7", "result": "Y", "held": "1", "pane": "code"}


# ---- typed numbers ----

EDITS = Edits({"w": "w", "x": "x"}, most=40, example="w.4:2~x.12:0.5", alias={"x0": "x"})


@pytest.fixture
def edits(monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, (EDITS.control,), "page")


@pytest.mark.usefixtures("edits")
def test_what_is_typed_is_put_into_the_arrays_and_can_be_taken_back() -> None:
    EDITS.acts["edit"]([{"array": "w", "index": 4, "value": 2}, {"array": "x0", "index": 1, "value": 0.5}])
    assert state.query() == {"edits": "w.4:2~x.1:0.5"}
    put = EDITS.put({"w": np.zeros(9), "x": np.zeros(4)})
    assert (put["w"][4], put["x"][1]) == (2, 0.5)
    assert [knob.name for knob in undoing(EDITS)] == ["undo", "restore"]
    EDITS.acts["undo"](True)
    assert state.query() == {"edits": "w.4:2"}
    EDITS.acts["restore"](True)
    assert state.query() == {}
    assert undoing(EDITS) == []


@pytest.mark.usefixtures("edits")
def test_numbers_of_another_picture_are_forgotten_alone() -> None:
    state.set("edits", "w.4:2~x.1:0.5")
    EDITS.forget(["x"])
    assert state.query() == {"edits": "w.4:2"}


@pytest.mark.usefixtures("edits")
@pytest.mark.parametrize(
    "told", [None, 3, {}, [3], [{"array": "w"}], [{"array": "gone", "index": 0, "value": 1}],
             [{"array": "w", "index": "x", "value": 1}], [{"array": "w", "index": 0, "value": None}]],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out(told: Any) -> None:
    EDITS.acts["edit"](told)
    assert state.query() == {}


@pytest.mark.usefixtures("edits")
def test_numbers_that_don_t_fit_into_the_link_are_refused_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(edits_module.st, "toast", said.append)
    for index in range(9):
        EDITS.acts["edit"]([{"array": "w", "index": index, "value": 1.5}])
    assert len(state.query()["edits"]) <= 40
    assert said == ["So many changed numbers don't fit into the link: undo some first."] * len(said)
    assert said
