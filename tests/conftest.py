"""What all tests share: where they run, how Hypothesis draws, and the app in a browser for those that ask for it."""

from __future__ import annotations

import os

# A worker's NumPy and PyTorch work on one thread, as the server's NumPy does: on more they take the other workers'
# cores, and wait for each other longer than they work. Before either is imported: there they ask.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import settings

from tests.browser import app_url, context, page, tabs, watch
from tests.chromium import browser, playwright
from tests.e2e.waiting import TEST_SECONDS
from tests.root import ROOT

__all__ = ["app_url", "browser", "context", "page", "playwright", "tabs", "watch"]

# The same examples in every run, and no time limit on one of them. Here, above all folders: a browser test that imports
# an engine test would else do so before the engine tests' own settings were read.
settings.register_profile("stepcnn", derandomize=True, deadline=None, max_examples=60, print_blob=True)
settings.load_profile("stepcnn")


def pytest_itemcollected(item: pytest.Item) -> None:
    """A browser test has the time that its processor needs."""
    if item.get_closest_marker("browser") and not item.get_closest_marker("timeout"):
        item.add_marker(pytest.mark.timeout(TEST_SECONDS))


@pytest.fixture(autouse=True)
def in_project_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit reads .streamlit/config.toml from, and AppTest finds pages relative to, the project's root."""
    monkeypatch.chdir(ROOT)
