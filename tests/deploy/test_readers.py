"""Readers of two processes behind nginx, in Chromium: everything works through it, and a process may die."""

from __future__ import annotations

import io
import os
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, WebSocket, expect

from tests.deploy.running import Running, until
from tests.e2e.waiting import quiet, settled
from tests.tabs import WINDOW, Watch, watched_tab

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

VISITS = 12
"""Newcomers are dealt out in turn; these are more than enough for both processes to have one."""
# A mark that goes when the page is loaded anew, and is set when its script runs again.
WATCHED = """() => {
  const app = document.querySelector(".stApp");
  window.drawnAnew = false;
  new MutationObserver(() => {
    if (app.dataset.testScriptState === "running") window.drawnAnew = true;
  }).observe(app, { attributes: true });
}"""


def drawn(page: Page) -> None:
    """Until the page has been drawn to the end."""
    expect(page.locator(".st-key-frame-buttons")).to_be_visible()
    settled(page)


@dataclass
class Reader:
    """A browser of its own, with one tab, that remembers its lost connections and what it said."""

    context: BrowserContext
    page: Page
    watch: Watch
    lost: list[str] = field(default_factory=list)
    said: list[object] = field(default_factory=list)

    def listen(self, socket: WebSocket) -> None:
        socket.on("close", lambda closed: self.lost.append(closed.url))
        socket.on("framesent", lambda frame: self.said.append(frame))

    def open(self, path: str) -> None:
        self.page.goto(path)
        drawn(self.page)

    @property
    def process(self) -> str:
        """The name of its process: what the cookie says."""
        (name,) = [cookie["value"] for cookie in self.context.cookies() if cookie["name"] == "stepcnn_process"]
        return name


@pytest.fixture(scope="module")
def readers(browser: Browser, two: Running) -> Iterator[tuple[Reader, Reader]]:
    """One reader of each process. Both must end without a complaint in the console or a request to another host."""
    with ExitStack() as stack:
        found: dict[str, Reader] = {}
        for _ in range(VISITS):
            context = browser.new_context(base_url=two.base, viewport=WINDOW, locale="en-US")
            stack.callback(context.close)
            watch = Watch(two.base)
            reader = Reader(context, stack.enter_context(watched_tab(context, watch)), watch)
            reader.page.on("websocket", reader.listen)
            reader.page.goto("/_stcore/health")
            found.setdefault(reader.process, reader)
            if len(found) == 2:
                break
        assert set(found) == {"1", "2"}, f"{VISITS} newcomers were all sent to the same process"
        yield found["1"], found["2"]


def test_lessons_open_and_each_reader_keeps_to_its_process(readers: tuple[Reader, Reader]) -> None:
    for reader, lesson in zip(readers, ("/convolution", "/vanishing"), strict=True):
        name = reader.process
        reader.open(lesson)
        expect(reader.page.get_by_test_id("stException")).to_have_count(0)
        assert reader.process == name


def test_an_uploaded_picture_arrives(readers: tuple[Reader, Reader]) -> None:
    upload(readers[1])


def upload(reader: Reader) -> None:
    """Choose a picture of a one, nearly as large as a file may be, and see it taken."""
    image = Image.new("RGB", (1200, 1350), (240, 240, 240))
    image.paste((30, 30, 30), (560, 280, 640, 1120))
    file = io.BytesIO()
    image.save(file, "BMP")
    reader.open("/forward-backward?digit=17")
    row = reader.page.locator(".st-key-picture-input")
    row.get_by_test_id("stPopover").get_by_role("button").click()
    reader.page.locator(".st-key-picture-chooser").get_by_text("Upload", exact=True).click()
    reader.page.locator("input[type=file]").set_input_files(
        {"name": "one.bmp", "mimeType": "image/bmp", "buffer": file.getvalue()}
    )
    expect(row).to_contain_text("Your picture")


def test_a_download_arrives(readers: tuple[Reader, Reader]) -> None:
    page = readers[0].page
    readers[0].open("/convolution")
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button", name="NPZ").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.namelist()
        assert archive.testzip() is None


def test_training_runs(readers: tuple[Reader, Reader]) -> None:
    page = readers[1].page
    readers[1].open("/watch-it-train?speed=full")
    page.locator(".round.epoch").click()
    expect(page.locator(".watch-it-train")).to_have_attribute("data-step", "23")
    expect(page.locator(".watch-it-train")).to_have_attribute("data-status", "paused")


def test_the_language_changes(readers: tuple[Reader, Reader]) -> None:
    readers[0].open("/neuron")
    language(readers[0], "简体中文")
    expect(readers[0].page.locator("h1").first).to_have_text("神经元")


def language(reader: Reader, label: str) -> None:
    """Press the button that changes it; the page's first press after whatever happened before."""
    before = reader.page.locator("h1").first.inner_text()
    reader.page.locator(".st-key-frame-language").get_by_role("button", name=label).click()
    expect(reader.page.locator("h1").first).not_to_have_text(before)


@contextmanager
def held_up(pid: int) -> Iterator[None]:
    """A process that does nothing during the block."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_killed_process_costs_its_readers_a_moment_and_the_others_nothing(
    two: Running, readers: tuple[Reader, Reader], record_property: Callable[[str, object], None]
) -> None:
    struck, other = readers
    link = "/convolution?stride=2"
    for each in readers:
        each.open(link)
        quiet(each.page, each.said)
        each.page.evaluate(WATCHED)
        each.lost.clear()
    address, victim = struck.page.url, two.server("1")
    assert victim is not None

    # The one who would start it again is held up, or a slow browser might find it back already.
    with held_up(two.program.pid):
        began = time.monotonic()
        os.kill(victim, signal.SIGKILL)
        # Nobody presses anything: the client comes again by itself, and the other process draws the page for it.
        struck.page.wait_for_function("window.drawnAnew")
        drawn(struck.page)
        record_property("seconds until the page was whole", round(time.monotonic() - began, 1))

    assert struck.lost
    assert struck.process == "2"
    assert struck.page.url == address
    # The reader's progress is in the browser; what a lesson shows of it belongs here, before the first press.
    language(struck, "简体中文")
    assert "stride=2" in struck.page.url

    assert other.lost == []
    assert not other.page.evaluate("window.drawnAnew")
    assert other.process == "2"
    language(other, "简体中文")

    until("the process is there again", lambda: two.answers("1"))
    assert two.server("1") != victim
    # Who had to move stays: the session is in the other process now.
    struck.open("/pooling")
    assert struck.process == "2"


def test_who_had_to_move_uploads_to_the_new_process_though_the_old_one_is_back(readers: tuple[Reader, Reader]) -> None:
    upload(readers[0])
