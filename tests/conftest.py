"""What all tests share: no test may leave the machine or depend on the directory it is started from."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def in_project_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit reads .streamlit/config.toml from, and AppTest finds pages relative to, the project's root."""
    monkeypatch.chdir(ROOT)
