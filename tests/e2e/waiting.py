"""What browser tests wait for: states of the page, never a time; and how patient they are until a state is there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext, Page, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# How many times slower Chromium's processor is to be, as on a learner's old machine: STEPCNN_SLOWER=6.
SLOWER = float(os.environ.get("STEPCNN_SLOWER") or 1)
# Milliseconds after which a state that isn't there won't come. Only a test that fails ever waits so long.
SLOW = round(30_000 * max(3.0, SLOWER))
# Seconds that one test may take, on such a processor.
TEST_SECONDS = 600 * max(1.0, SLOWER / 2)
# Milliseconds after which a component tells the server what rests: more than the longest of them waits.
REST_MS = 700

_runs: WeakKeyDictionary[Page, int] = WeakKeyDictionary()
_sockets: WeakKeyDictionary[Page, WebSocket] = WeakKeyDictionary()
_FRAME = "() => new Promise(requestAnimationFrame)"
_RUNS = "document.querySelector('[data-test-script-state]')?.dataset.testScriptState === 'notRunning'"
# Where everything stands that can push a picture aside. Looked at again and again, in the page's own time, until the
# script has ended, its widgets and typefaces are there and nothing has moved between two looks.
_STILL = """async (runs) => {
  const places = (root) => [...root.querySelectorAll("*")].map((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return `${x} ${y} ${width} ${height}` + (node.shadowRoot ? places(node.shadowRoot) : "");
  }).join();
  const look = async () => {
    await new Promise((done) => setTimeout(done, 40));
    await new Promise(requestAnimationFrame);
    const there = !document.querySelector("[data-testid=stSkeleton], [data-testid=stAppSkeleton]");
    return eval(runs) && there && document.fonts.status === "loaded" ? places(document.body) : null;
  };
  for (let before = await look(), now; ; before = now) {
    now = await look();
    if (now !== null && now === before) return;
  }
}"""
# A clock that stands: what a component has put off until it rests is kept back, and comes once the clock goes on.
_STOP = """() => {
  const { setTimeout, clearTimeout } = window, kept = new Map();
  window.setTimeout = (run, after = 0, ...rest) => {
    if (after < 100) return setTimeout(run, after, ...rest);
    const id = -1 - kept.size - Math.random();
    kept.set(id, () => run(...rest));
    return id;
  };
  window.clearTimeout = (id) => { if (!kept.delete(id)) clearTimeout(id); };
  window.clockGoesOn = () => {
    Object.assign(window, { setTimeout, clearTimeout });
    for (const run of kept.values()) run();
  };
}"""


def settled(page: Page) -> None:
    """Until the page's script has run to the end."""
    page.wait_for_function(_RUNS)


def count_runs(tab: Page) -> None:
    """Count how often the server says that a tab's script has ended; said before anything is opened there."""
    _runs[tab] = 0

    def heard(frame: bytes | str) -> None:
        if isinstance(frame, bytes) and ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished":
            _runs[tab] += 1

    def connected(socket: WebSocket) -> None:
        _sockets[tab] = socket
        socket.on("framereceived", heard)

    tab.on("websocket", connected)


@contextmanager
def ended(page: Page) -> Iterator[None]:
    """What is pressed in here is told to the server; afterwards it has said that the script so started ended."""
    before, until = _runs[page], time.monotonic() + SLOW / 1000
    yield
    while _runs[page] == before:
        assert time.monotonic() < until, "the server didn't answer"
        page.evaluate(_FRAME)


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """As ``ended``, and the page knows it.

    The page itself doesn't say so reliably: a short run may begin and end between two of its frames.
    """
    with ended(page):
        yield
    page.evaluate(_FRAME)
    settled(page)


def still(page: Page) -> None:
    """Until nothing on the page moves any more: what is measured now is where it stays."""
    settled(page)
    page.evaluate(_STILL, _RUNS)


def words_to_server(page: Page) -> list[object]:
    """What the page will say to its server, each word when it is said."""
    said: list[object] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: said.append(frame))

    if page in _sockets:
        listen(_sockets[page])
    page.on("websocket", listen)
    return said


def rested(page: Page, within: int = REST_MS) -> None:
    """Until the page has done all that it had put off for so many milliseconds at most.

    A timer started now ends after those that were started before, however slow the page is.
    """
    page.evaluate("(ms) => new Promise((done) => setTimeout(done, ms))", within)


def quiet(page: Page, said: list[object]) -> int:
    """Until the page has nothing more to say of its own; how many words that took."""
    while True:
        still(page)
        before = len(said)
        rested(page)
        still(page)
        if len(said) == before:
            return before


def soon(page: Page, holds: Callable[[], None]) -> None:
    """Until an assertion holds that needs more of the page than ``expect`` can say, or fails with its last words."""
    until = time.monotonic() + SLOW / 1000
    while True:
        try:
            return holds()
        except AssertionError:
            if time.monotonic() > until:
                raise
        page.evaluate("new Promise(requestAnimationFrame)")


@contextmanager
def clock_standing(page: Page) -> Iterator[None]:
    """However slow the machine, nothing rests in here: what a component tells once it rests, it tells afterwards."""
    page.evaluate(_STOP)
    yield
    page.evaluate("window.clockGoesOn()")


def slowed(browser: Browser) -> Browser:
    """The browser, each of whose tabs has the processor that SLOWER asks for, and tests' own patience."""
    new_context, new_page = browser.new_context, browser.new_page

    def context(**how: object) -> BrowserContext:
        made = new_context(**how)  # type: ignore[arg-type]
        made.set_default_timeout(SLOW)
        made.on("page", slow_tab)
        return made

    def page(**how: object) -> Page:
        made = new_page(**how)  # type: ignore[arg-type]
        made.set_default_timeout(SLOW)
        slow_tab(made)
        return made

    browser.new_context, browser.new_page = context, page  # type: ignore[method-assign]
    return browser


def slow_tab(tab: Page) -> None:
    """From here on the tab's processor is SLOWER times slower."""
    if SLOWER > 1:
        tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
