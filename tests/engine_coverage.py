"""Which of the engine's lines its own tests run, counted while all tests run: PYTEST_PLUGINS=tests.engine_coverage."""

from __future__ import annotations

import pytest
from coverage import Coverage

from tests.root import ROOT

OWN = ROOT / "tests" / "engine"
LINES = Coverage(config_file=str(ROOT / "pyproject.toml"))


counting = False


def count(on: bool) -> None:
    global counting
    if on != counting:
        (LINES.start if on else LINES.stop)()
        counting = on


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """From the first import on: a definition's line is run by it."""
    count(True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Whatever else runs the engine doesn't test it."""
    count(item.path.is_relative_to(OWN))


def pytest_unconfigure() -> None:
    count(False)
    LINES.save()
