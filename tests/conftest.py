"""What all tests share: where they run, and how Hypothesis draws."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.browser import browser, playwright

__all__ = ["browser", "playwright"]

# The same examples in every run, and no time limit on one of them. Here, above all folders: a browser test that imports
# an engine test would else do so before the engine tests' own settings were read.
settings.register_profile("stepcnn", derandomize=True, deadline=None, max_examples=60, print_blob=True)
settings.load_profile("stepcnn")

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def in_project_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit reads .streamlit/config.toml from, and AppTest finds pages relative to, the project's root."""
    monkeypatch.chdir(ROOT)
