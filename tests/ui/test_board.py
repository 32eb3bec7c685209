"""A lesson's picture tells one kind of change: where its controls stand, and what else the learner did."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.pages.opening import bound
from ui import lesson, state
from ui.components import board
from ui.components.board import Drawn
from ui.controls import Choice, Number, Numbers

CONTROLS = (Choice("scene", ("one", "two"), "one"), Number("T", 0.1, 20, 2), Numbers("scores", (3, 1), (1, 2, 3), 2))


@pytest.fixture(autouse=True)
def controls(monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, CONTROLS, "page")


def told(**change: object) -> list[Any]:
    """What the acts hear of a change."""
    heard: list[Any] = []
    acts: Mapping[str, Callable[[Any], None]] = {"undo": heard.append, "edit": heard.append}
    lesson._heard(CONTROLS, acts, change)
    return heard


def test_where_the_controls_stand_goes_into_the_link() -> None:
    assert told(state={"scene": "two", "T": 0.5, "scores": [1.5, -2, 0]}) == []
    assert state.query() == {"scene": "two", "T": "0.5", "scores": "1.5,-2,0"}


@pytest.mark.parametrize("stand", [None, 3, [], {}, {"scene": "sun", "T": 1000, "scores": "1,2", "other": 1}])
def test_what_can_t_be_used_changes_nothing(stand: object) -> None:
    told(state=stand)
    assert state.query() == {}


def test_one_control_that_can_t_be_used_leaves_the_others() -> None:
    told(state={"scene": "sun", "T": float("nan"), "scores": [4, 5]})
    assert state.query() == {"scores": "4,5"}


def test_what_else_the_learner_did_is_heard_by_its_name_after_the_controls() -> None:
    assert told(edit={"index": 2}, other="nobody hears this") == [{"index": 2}]
    heard: list[float] = []
    lesson._heard(CONTROLS, {"go": lambda _: heard.append(state.get("T"))}, {"go": True, "state": {"T": 7}})
    assert heard == [7]


def sent(monkeypatch: pytest.MonkeyPatch, drawn: Drawn, now: Mapping[str, Any]) -> dict[str, Any]:
    """What the browser is sent."""
    kept: list[bytes] = []
    monkeypatch.setattr(board, "listen", lambda mount, make, told, key: kept.append(make(5)))
    board.draw(lambda **_: None, drawn, now, lambda _: None, {}, key="page.board")
    length = int.from_bytes(kept[0][4:8], "little")
    meta: dict[str, Any] = json.loads(kept[0][8 : 8 + length])["meta"]
    return meta


def test_where_the_controls_stand_is_no_reason_to_draw_anew_but_another_number_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = Drawn({"scenes": ["one"]}, {"y": np.zeros(3, np.float32)})
    first = sent(monkeypatch, drawn, {"T": 1})
    assert first["state"] == {"T": 1}
    assert first["heard"] == 5
    assert sent(monkeypatch, drawn, {"T": 2})["version"] == first["version"]
    assert sent(monkeypatch, Drawn({"scenes": ["two"]}, drawn.arrays), {"T": 1})["version"] != first["version"]
    assert sent(monkeypatch, Drawn(drawn.meta, {"y": np.ones(3, np.float32)}), {"T": 1})["version"] != first["version"]


def test_a_view_may_be_drawn_by_another_component(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    monkeypatch.setattr(board, "listen", lambda mount, make, told, key: mount())
    for drawn in (Drawn(), Drawn(mount=lambda: kept.append("another"))):
        board.draw(lambda: kept.append("its own"), drawn, {}, lambda _: None, {}, key="page.board")
    assert kept == ["its own", "another"]


def test_a_lesson_s_second_picture_has_a_script_a_sheet_and_a_name_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser = tmp_path / "my_lesson" / "browser"
    browser.mkdir(parents=True)
    for name in ("board", "race"):
        (browser / f"{name}.js").write_text(f"export const name = '{name}';")
        (browser / f"{name}.css").write_text(f".{name} {{ margin: 0; }}")
    made: dict[str, dict[str, str]] = {}
    monkeypatch.setattr(board, "mounted", lambda name, **parts: made.update({name: parts}))
    file = str(browser.parent / "picture.py")
    board.board(file)
    board.board(file, script="race")
    assert list(made) == ["stepcnn.my-lesson", "stepcnn.my-lesson-race"]
    assert "'race'" in made["stepcnn.my-lesson-race"]["js"]
    assert made["stepcnn.my-lesson-race"]["css"].endswith(".race { margin: 0; }")
    assert "'board'" in made["stepcnn.my-lesson"]["js"]
