"""How page tests open a lesson, and what stands in for its picture while the page's own work is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.root import ROOT
from ui import state
from ui.components.bench import Events, Scene
from ui.controls import Control
from ui.figures.grids import Grid
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
    session[state._PAGE] = page
    state._bind({control.name: control for control in (*state.frame_controls(), *controls)})
    return session


def holding(**things: object) -> dict[str, Visit]:
    """Session state of a visit that holds these things already."""
    return {PLACE: Visit("", things=dict(things))}


def link(at: AppTest) -> dict[str, str]:
    """What the address says."""
    return {name: texts[0] if isinstance(texts, list) else texts for name, texts in at.query_params.items()}


@dataclass
class Bench:
    """Stands where the bench stands: keeps what it was given, and lets each thing of ``happen`` happen once."""

    scenes: list[Scene] = field(default_factory=list)
    given: list[Mapping[str, np.ndarray]] = field(default_factory=list)
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    happen: list[Callable[[Events], None]] = field(default_factory=list)

    def __call__(
        self, scene: Scene, *, arrays: Mapping[str, np.ndarray], texts: Any, events: Events, **options: Any
    ) -> None:
        if self.happen:
            self.happen.pop(0)(events)
            st.rerun()
        self.scenes.append(scene)
        self.given.append(arrays)
        self.texts = texts

    @property
    def scene(self) -> Scene:
        return self.scenes[-1]

    @property
    def arrays(self) -> Mapping[str, np.ndarray]:
        return self.given[-1]

    @property
    def notes(self) -> str:
        return " ".join(note.text for note in self.scene.notes)

    @property
    def knobs(self) -> set[str]:
        return {knob.name for knob in self.scene.knobs}

    @property
    def grids(self) -> dict[str, Grid]:
        return {grid.id: grid for row in self.scene.rows for stack in row for grid in stack if isinstance(grid, Grid)}


def do(at: AppTest, bench: Bench, what: Callable[[Events], None]) -> AppTest:
    """Let the learner do something in the picture."""
    bench.happen.append(what)
    at.run()
    assert not at.exception
    assert not at.error
    return at
