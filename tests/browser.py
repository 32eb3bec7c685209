"""The running app in Chromium: one server for the whole run, and no request that leaves it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.chromium import absent, chromium_path
from tests.e2e.waiting import SLOW
from tests.root import ROOT
from tests.tabs import WINDOW, Tabs, Watch

START_SECONDS = 60
expect.set_options(timeout=SLOW)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(log: Path, script: str = "app.py") -> Iterator[str]:
    """The app on a free port of its own; gives its address, and ends the server afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    address = ["--server.address", "127.0.0.1"]
    with log.open("w") as file:
        server = subprocess.Popen([*command, *address], cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(10)


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, started once and ended with the tests."""
    if chromium_path() is None:
        absent("no Chromium found (set STEPCNN_CHROMIUM to its path, or install it)")
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as base:
        yield base


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers; fails with its own words when it ends or takes too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the app didn't start within {START_SECONDS} s:\n{log.read_text()}")


@pytest.fixture
def watch(app_url: str) -> Watch:
    """What the page of this test has done so far."""
    return Watch(app_url)


@pytest.fixture(scope="session")
def context(browser: Browser, app_url: str) -> Iterator[BrowserContext]:
    """What the tabs of all tests share: above all a cache and a process for Streamlit's five megabytes of script."""
    context = browser.new_context(base_url=app_url, viewport=WINDOW, locale="en-US")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=app_url)
    context.new_page().goto("/_stcore/health")  # keeps the tabs' process
    yield context
    context.close()


@pytest.fixture(scope="session")
def tabs(context: BrowserContext) -> Tabs:
    """The tab that all tests of a process hand on."""
    return Tabs(context)


@pytest.fixture
def page(request: pytest.FixtureRequest, tabs: Tabs, watch: Watch) -> Iterator[Page]:
    """A tab of 1440×900, as new or in one visit; the test fails when what it did there complained or asked outside."""
    failed = request.session.testsfailed
    with tabs.lent(watch, visit=str(request.path) if request.node.get_closest_marker("one_visit") else None) as tab:
        yield tab
        if request.session.testsfailed > failed:
            tabs.spoilt.add(tab)
