"""The bench's Python side: what is sent, and what of the browser's answers is believed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.explain import rules
from engine.explain.rule import Read, of
from engine.layers import Conv2d
from ui.components import bench as module
from ui.components.bench import Edited, Events, Knob, Note, Rested, Scene, hear, payload
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


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.state, "get", lambda name: {"present": False, "lang": "en"}[name])
    monkeypatch.setattr(module, "bench_labels", lambda: {"input": "Input"})


def sent(scene: Scene = SCENE, **arrays: np.ndarray) -> dict[str, Any]:
    data = payload(scene, {"x": X, "w": W, "y": Y} | arrays, {"words": ("Why?", "So **{value}**.")}, {"own": "Own"})
    length = int.from_bytes(data[4:8], "little")
    return json.loads(data[8 : 8 + length])["meta"]


def test_a_scene_is_sent_as_plain_data() -> None:
    meta = sent()
    x, times, stack, equals, y = meta["rows"][0]
    assert (times, equals) == ("∗", "=")
    assert (x["view"], x["shape"], x["pad"]) == ("map", [2, 4, 4], [1, 1])
    assert stack[0]["view"] == "kernel"
    assert y["rule"]["group"] == {"term": "c", "cursor": "in"}
    assert y["rule"]["right"]["array"] == "w"
    assert y["rule"]["also"][0]["array"] == "columns"
    assert meta["labels"] == {"input": "Input", "own": "Own"}
    assert meta["notes"] == [{"text": "a **note**", "flagged": True}]


def test_the_version_follows_what_is_drawn_and_not_where_the_cursor_rests() -> None:
    version = sent()["version"]
    assert sent(replace(SCENE, start=3, cursors={"in": 1}, active="B"))["version"] == version
    assert sent(replace(SCENE, held=True, unfolded=True, scope="layer", pane="code"))["version"] == version
    assert sent(replace(SCENE, text="other"))["version"] != version
    assert sent(y=Y + 1)["version"] != version


def test_a_wish_to_begin_anew_is_another_version() -> None:
    first, again = (payload(SCENE, {"x": X, "w": W, "y": Y}, {}, {}, asked) for asked in (0, 1))
    assert first != again


def test_how_one_stands_is_taken_as_far_as_it_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: dict[str, Any] = {}
    controls = {control.name: control for control in module.standing.CONTROLS}
    monkeypatch.setattr(
        module.standing.state, "set", lambda name, value: taken.update({name: controls[name].write(value)})
    )
    told = {"held": True, "unfolded": False, "scope": "everything", "pane": "code", "active": "Y", "other": 1}
    module.standing.take(told, SCENE.rows)
    assert taken == {"held": "1", "unfolded": "0", "pane": "code", "result": ""}
    taken.clear()
    module.standing.take({"active": "Y"}, ())
    assert not taken, "where the lesson itself names the result"


def test_what_the_browser_says_reaches_the_lesson() -> None:
    heard: list[Any] = []
    events = Events(edit=heard.append, set=heard.append, act=heard.append, place=heard.append)
    hear(events, "edit", {"array": "w", "index": 4, "value": 2})
    hear(events, "set", {"stride": 2})
    hear(events, "act", "undo")
    hear(events, "place", {"cell": 7, "cursors": {"k": 1}})
    hear(events, "place", {"cell": 7, "cursors": {}, "active": "B"})
    assert heard == [Edited("w", 4, 2.0), {"stride": 2}, "undo", Rested(7, {"k": 1}), Rested(7, {}, "B")]


@pytest.mark.parametrize(
    ("name", "value"),
    [("edit", None), ("edit", {"array": "w"}), ("set", 3), ("act", None), ("place", {"cell": None}), ("place", "x")],
)
def test_what_cannot_be_read_is_left_out(name: str, value: Any) -> None:
    def never(_event: Any) -> None:
        raise AssertionError

    hear(Events(edit=never, set=never, act=never, place=never), name, value)
