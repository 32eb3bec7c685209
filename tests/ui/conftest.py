"""A sample lesson in the catalogue, and the app opened at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui import catalogue, i18n, state

HERE = Path(__file__).parent
SAMPLE = catalogue.Lesson(
    key="sample",
    file="tests/ui/sample_lesson.py",
    part="blocks",
    title={"en": "A sample lesson", "zh": "示例课"},
    goal={"en": "Every part of the frame once.", "zh": "框架的每个部分各出现一次。"},
    prerequisites=("watch-it-train",),
)

OpenSample = Callable[..., AppTest]


@pytest.fixture
def sample_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prose of the sample lesson from beside this file, all other prose as usual."""
    real = i18n.source
    monkeypatch.setattr(
        i18n,
        "source",
        lambda key, to: HERE / "assets" / "text" / to / "sample.md" if key == "sample" else real(key, to),
    )
    i18n.blocks.cache_clear()


@pytest.fixture
def open_sample(monkeypatch: pytest.MonkeyPatch, sample_texts: None) -> OpenSample:
    """A function that opens the sample lesson with these query parameters."""
    monkeypatch.setattr(catalogue, "LESSONS", (SAMPLE, *catalogue.LESSONS))

    def open_(**query: str | list[str]) -> AppTest:
        at = AppTest.from_file(HERE.parents[1] / "ui/site/main.py", default_timeout=30)
        for name in state.FRAME_NAMES:
            if name in query:
                at.query_params[name] = query[name]
        # AppTest learns the pages' addresses from a first run; e2e/test_frame.py opens a lesson directly.
        at.run()
        for name, text in query.items():
            at.query_params[name] = text
        return at.switch_page(str(SAMPLE.path)).run()

    return open_
