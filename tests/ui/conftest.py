"""A sample lesson in the catalogue, and the app opened at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.root import ROOT
from ui import catalogue, state

SAMPLE = catalogue.lesson_of(Path(__file__).parent / "blocks" / "sample")

OpenSample = Callable[..., AppTest]


@pytest.fixture
def sample_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample lesson is one of the course's."""
    monkeypatch.setattr(catalogue, "LESSONS", (SAMPLE, *catalogue.LESSONS))


@pytest.fixture
def open_sample(sample_texts: None) -> OpenSample:
    """A function that opens the sample lesson with these query parameters."""

    def open_(**query: str | list[str]) -> AppTest:
        at = AppTest.from_file(ROOT / "ui/site/main.py", default_timeout=30)
        for name in state.FRAME_NAMES:
            if name in query:
                at.query_params[name] = query[name]
        # AppTest learns the pages' addresses from a first run; e2e/test_frame.py opens a lesson directly.
        at.run()
        for name, text in query.items():
            at.query_params[name] = text
        return at.switch_page(str(SAMPLE.path)).run()

    return open_
