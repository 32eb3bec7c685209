"""One Chromium for all tests of a process, wherever they stand: Playwright can't be started twice in one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from benchmarks.app import QUIET
from tests.e2e.waiting import slowed

# The tabs of a context share a process, as long as one of them is open: the next one finds Streamlit's five megabytes
# of script compiled, and a page costs a third less.
FLAGS = [*QUIET, "--process-per-site"]


def chromium_path() -> str | None:
    """Where Chromium is: STEPCNN_CHROMIUM, or what the system calls it."""
    names = [os.environ.get("STEPCNN_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "chrome"]
    return next((path for name in names if name and (path := shutil.which(name))), None)


def absent(reason: str) -> None:
    """Skip where a person has no browser; fail where one is required."""
    if os.environ.get("STEPCNN_REQUIRE_BROWSER") == "1":
        pytest.fail(f"a browser is required, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        absent("no Chromium found (set STEPCNN_CHROMIUM to its path, or install it)")
    browser = slowed(playwright.chromium.launch(executable_path=path, args=FLAGS))
    yield browser
    browser.close()
