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
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
)

from tests.chromium import absent, chromium_path
from tests.e2e.waiting import SLOW, count_runs
from tests.root import ROOT

START_SECONDS = 60
WINDOW = {"width": 1440, "height": 900}
expect.set_options(timeout=SLOW)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Watch:
    """What a page must not do: complain in its console, or ask anyone but the app."""

    base: str
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        # On a deep link Streamlit looks for its server below the page's own path first, and finds none there.
        probing = "404" in message.text and ("_stcore/" in message.location["url"])
        if message.type == "error" and not probing:
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def error(self, error: object) -> None:
        self.complaints.append(str(error))

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.base, self.base.replace("http", "ws", 1), "data:", "blob:")):
            self.outside.append(request.url)


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


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Iterator[Page]:
    """A fresh tab of 1440×900; the test fails when the tab complained or asked outside."""
    with watched_tab(context, watch) as tab:
        yield tab


@contextmanager
def watched_tab(context: BrowserContext, watch: Watch) -> Iterator[Page]:
    """A tab that is closed afterwards; fails when it complained or asked outside."""
    tab = context.new_page()
    tab.on("console", watch.console)
    tab.on("pageerror", watch.error)
    tab.on("request", watch.request)
    count_runs(tab)
    try:
        yield tab
    finally:
        tab.close()
        # Only the cache stays for the next tab, nothing that a page kept.
        context.clear_cookies()
    assert not watch.outside, "requests that left the app"
    assert not watch.complaints, "complaints in the browser's console"
