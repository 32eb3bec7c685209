"""What another choice takes along."""

from __future__ import annotations

import pytest

from tests.pages.opening import bound
from ui import state
from ui.controls import Choice, Number
from ui.edits import Edits
from ui.resets import Reset, apply

EDITS = Edits({"x": "x", "weight": "w"}, most=100, example="x.0:1")
CONTROLS = (
    Choice("source", ("digit", "flower"), "digit"),
    Choice("view", ("dw", "dx", "pool"), "dw"),
    Number("cell", -1, 9, -1, integer=True),
    Number("stride", 1, 3, 1, integer=True),
    EDITS.control,
)
RESETS = (
    Reset(("source", "view"), controls=("cell",)),
    Reset(("source",), arrays=("x",)),
    Reset(("view",), through=("pool",), arrays=("x", "weight")),
)


@pytest.fixture(autouse=True)
def standing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something is typed into both arrays, and a cell chosen; nothing was changed since."""
    bound(monkeypatch, CONTROLS, "a-lesson")
    apply(RESETS, EDITS)
    state.set("edits", "x.1:2~w.0:3")
    state.set("cell", 4)


def after(**values: str | int) -> tuple[object, object]:
    for name, value in values.items():
        state.set(name, value)
    apply(RESETS, EDITS)
    return state.get("cell"), state.get("edits")


def test_another_picture_takes_its_cursor_and_its_own_numbers_along() -> None:
    assert after(source="flower") == (-1, "w.0:3")


def test_what_no_reset_names_takes_nothing_along() -> None:
    assert after(stride=2) == (4, "x.1:2~w.0:3")


def test_only_a_change_from_or_to_a_named_value_counts() -> None:
    assert after(view="dx") == (-1, "x.1:2~w.0:3")
    assert after(view="pool") == (-1, "")
    state.set("edits", "x.1:2")
    assert after(view="dw") == (-1, "")


def test_a_lesson_that_asks_for_changes_itself_hears_of_all_of_them() -> None:
    state.changed("stride")
    state.set("stride", 2)
    apply((), EDITS)
    assert after(source="flower") == (-1, "w.0:3")
    assert state.changed("stride") == {"stride": 1}


def test_a_change_counts_once() -> None:
    after(source="flower")
    state.set("cell", 7)
    assert after() == (7, "w.0:3")


def test_what_an_example_brings_along_stays() -> None:
    state.take({"source": "flower", "cell": 5, "edits": "x.2:1"})
    apply(RESETS, EDITS)
    assert (state.get("cell"), state.get("edits")) == (5, "x.2:1")
