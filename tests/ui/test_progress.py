"""Progress: what a browser or a file says is checked, merged and bounded, and comes back from what was exported."""

from __future__ import annotations

import json
from typing import Any

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from ui import catalogue, limits, progress
from ui.progress import Progress, ProgressError, read, take_over

GOOD = {"lesson": "softmax", "exercise": progress.exercises_of("softmax")[0], "seed": 3, "tries": 2, "solved": True}
FIRST = Progress(**GOOD)


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session that knows nothing yet."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def text(*records: Any) -> str:
    return json.dumps(list(records))


def test_what_was_exported_is_read_back() -> None:
    take_over(text(GOOD))
    exported = progress.as_json()
    progress.clear()
    assert not progress.records()
    assert take_over(exported) == 1
    assert list(progress.records().values()) == [FIRST]


def test_solved_stays_solved_and_the_larger_number_of_tries_counts() -> None:
    take_over(text(GOOD))
    take_over(text({**GOOD, "tries": 7, "solved": False}))
    take_over(text({**GOOD, "tries": 1}))
    assert list(progress.records().values()) == [Progress(**{**GOOD, "tries": 7})]


WRONG = (
    {"lesson": "gone"}, {"lesson": ["softmax"]}, {"lesson": None}, {"exercise": "gone"}, {"exercise": {}},
    {"exercise": "../../etc"}, {"seed": -1}, {"seed": 10_000}, {"seed": "3"}, {"seed": True}, {"seed": 1.0},
    {"tries": -1}, {"tries": None}, {"tries": float("nan")},
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_record_that_fits_no_exercise_is_left_out_and_the_others_are_kept(wrong: dict[str, Any]) -> None:
    assert read(text({**GOOD, **wrong}, 1, "x", None, [], GOOD)) == [FIRST]


@pytest.mark.parametrize("content", ["", "{", "null", '{"a": 1}', "[" * 100_000, b"\xff\xfe\x00", "1" * 10_000])
def test_what_is_no_progress_gets_a_plain_message(content: str | bytes) -> None:
    with pytest.raises(ProgressError, match="no progress of this course"):
        read(content)


def test_a_file_that_is_too_large_or_of_something_else_gets_a_message_of_its_own() -> None:
    with pytest.raises(ProgressError, match="too large"):
        read(" " * (limits.PROGRESS_BYTES + 1))
    with pytest.raises(ProgressError, match="Nothing in this file"):
        read(text({**GOOD, "lesson": "gone"}))


@given(some.recursive(some.none() | some.booleans() | some.integers() | some.text(), some.lists, max_leaves=5))
def test_whatever_the_browser_tells_nothing_is_raised(told: Any) -> None:
    progress._hear(told)
    progress._hear(json.dumps([{"lesson": told, "exercise": told, "seed": told, "tries": told}]))
    assert not progress.records()


def test_tries_and_records_are_bounded_and_what_was_solved_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PROGRESS_RECORDS", 3)
    take_over(text({**GOOD, "tries": 10**12}))
    assert progress.records()[FIRST.name].tries == limits.PROGRESS_TRIES
    for seed in range(10, 20):
        progress.count_try("softmax", FIRST.exercise, seed, right=False)
    assert list(progress.records()) == [FIRST.name, *(f"softmax/{FIRST.exercise}/{seed}" for seed in (18, 19))]


def test_an_exercise_counts_once_however_often_it_was_solved() -> None:
    take_over(text(GOOD, {**GOOD, "seed": 4}))
    assert progress.solved("softmax") == {FIRST.exercise}
    assert progress.tally("softmax") == f"1 of {len(progress.exercises_of('softmax'))} solved"


def test_the_table_names_lesson_and_exercise() -> None:
    take_over(text(GOOD))
    assert f"| {catalogue.lesson('softmax').title['en']} |" in progress.as_markdown().decode()
    assert progress.as_markdown().decode().endswith(" | 3 | 2 | ✓ |\n")


def home(records: dict[str, Progress], **query: str) -> AppTest:
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    at.session_state["stepcnn.progress"] = records
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


@pytest.mark.parametrize(("to", "some_of", "all_of"), [("en", "1 of", "all solved"), ("zh", "1 / ", "全部解出")])
def test_the_map_says_what_was_solved(monkeypatch: pytest.MonkeyPatch, to: str, some_of: str, all_of: str) -> None:
    monkeypatch.undo()  # here the session is the app's own
    solved = [Progress("neuron", exercise, 0, 1, True) for exercise in progress.exercises_of("neuron")]
    at = home({record.name: record for record in [FIRST, *solved]}, lang=to)
    labels = {link.proto.page: link.proto.label for link in at.get("page_link")}
    assert some_of in labels["softmax"]
    assert all_of in labels["neuron"]
    assert "badge" not in labels["pooling"]
