"""How page tests open a lesson, and what stands in for its picture while the page's own work is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Self

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.root import ROOT
from ui import state
from ui.components import board
from ui.components.bench import Knob, Note
from ui.components.board import Drawn
from ui.components.telling import Change
from ui.controls import Control
from ui.prose import Block
from ui.visit import PLACE, Visit


def visit(file: str, query: Mapping[str, str]) -> AppTest:
    """Open a lesson's page by a link with this query; it must come without a complaint."""
    at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=60)
    for name in state.FRAME_NAMES:
        if name in query:
            at.query_params[name] = query[name]
    at.run()  # AppTest learns the pages' addresses from a first run
    for name, text in query.items():
        at.query_params[name] = text
    at.switch_page(file).run()
    assert not at.exception
    assert not at.error
    return at


def bound(monkeypatch: pytest.MonkeyPatch, controls: Sequence[Control], page: str) -> dict[str, Any]:
    """Controls bound as a page binds them, in a session of the test's own."""
    session: dict[str, Any] = {}
    monkeypatch.setattr(state, "st", SimpleNamespace(session_state=session, context=SimpleNamespace(locale="en")))
    state.bind(*controls, page=page)
    return session


def holding(**things: object) -> dict[str, Visit]:
    """Session state of a visit that holds these things already."""
    return {PLACE: Visit("", things=dict(things))}


def link(at: AppTest) -> dict[str, str]:
    """What the address says."""
    return {name: texts[0] if isinstance(texts, list) else texts for name, texts in at.query_params.items()}


@dataclass
class Picture:
    """Stands where a lesson's picture stands: keeps what it is sent, and lets each change of ``happen`` happen once."""

    sent: list[Drawn] = field(default_factory=list)
    now: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Block] = field(default_factory=dict)
    happen: list[Change] = field(default_factory=list)

    def __call__(
        self, mount: object, drawn: Drawn, now: Mapping[str, Any], told: Any, texts: Mapping[str, Block], *, key: str
    ) -> None:
        if self.happen:
            told(self.happen.pop(0))
            st.rerun()
        self.sent.append(drawn)
        self.now, self.texts = now, texts

    @classmethod
    def instead(cls, monkeypatch: pytest.MonkeyPatch) -> Self:
        """One that stands there for the rest of the test."""
        made = cls()
        monkeypatch.setattr(board, "draw", made)
        return made

    @property
    def meta(self) -> Mapping[str, Any]:
        return self.sent[-1].meta

    @property
    def arrays(self) -> Mapping[str, np.ndarray]:
        return self.sent[-1].arrays


class Bench(Picture):
    """The same where the picture is a bench: its knobs, its notes and its grids by id."""

    @property
    def scene(self) -> SimpleNamespace:
        knobs, notes = ([kind(**one) for one in self.meta[name]] for name, kind in (("knobs", Knob), ("notes", Note)))
        return SimpleNamespace(**self.meta | {"knobs": knobs, "notes": notes})

    @property
    def notes(self) -> str:
        return " ".join(note.text for note in self.scene.notes)

    @property
    def knobs(self) -> set[str]:
        return {knob.name for knob in self.scene.knobs}

    @property
    def grids(self) -> dict[str, SimpleNamespace]:
        stacks = [item if isinstance(item, list) else [item] for row in self.meta["rows"] for item in row]
        return {grid["id"]: SimpleNamespace(**grid) for stack in stacks for grid in stack if isinstance(grid, dict)}


def do(at: AppTest, picture: Picture, **change: Any) -> AppTest:
    """Let the learner do something in the picture."""
    picture.happen.append(change)
    at.run()
    assert not at.exception
    assert not at.error
    return at


def edit(array: str, index: int, value: float) -> list[dict[str, Any]]:
    """A number that is typed into a bench."""
    return [{"array": array, "index": index, "value": value}]
