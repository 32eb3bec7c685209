"""Tabs for the tests: one goes from test to test and is as new for each; what a page does in it is watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, ViewportSize

from tests.e2e.waiting import SLOW, count_runs

WINDOW: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# A page of the app's own that has no script: what a page before it kept can be forgotten there.
EMPTY = "/_stcore/health"


@dataclass
class Watch:
    """What a page must not do: complain in its console, or ask anyone but the app."""

    base: str
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def error(self, error: object) -> None:
        self.complaints.append(str(error))

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.base, self.base.replace("http", "ws", 1), "data:", "blob:")):
            self.outside.append(request.url)


@contextmanager
def watching(tab: Page, watch: Watch) -> Iterator[Page]:
    """Fails afterwards when what was done in the tab meanwhile complained or asked outside."""
    tab.on("console", watch.console)
    tab.on("pageerror", watch.error)
    tab.on("request", watch.request)
    yield tab
    assert not watch.outside, "requests that left the app"
    assert not watch.complaints, "complaints in the browser's console"


@contextmanager
def watched_tab(context: BrowserContext, watch: Watch) -> Iterator[Page]:
    """A tab that is closed afterwards; fails when it complained or asked outside."""
    with watching(context.new_page(), watch) as tab:
        count_runs(tab)
        try:
            yield tab
        finally:
            tab.close()
            # Only the cache stays for the next tab, nothing that a page kept.
            context.clear_cookies()


class Tabs:
    """The tab that tests hand on: to open one anew costs nearly half as much as the page that is opened in it."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.tab: Page | None = None
        # Of each tab, as more than one may be lent at a time: the visit that goes on in it, who listens there, and
        # whether it can't be made as new.
        self.visits: dict[Page, str | None] = {}
        self.heard: dict[Page, list[tuple[Any, Callable[..., Any]]]] = {}
        self.spoilt: set[Page] = set()

    @contextmanager
    def lent(self, watch: Watch, visit: str | None = None) -> Iterator[Page]:
        """A tab of 1440×900 in which nothing has been opened yet, as far as its next page can tell.

        Of those who name the same visit, the next one finds the app open, on the page that the last one left.
        """
        tab, self.tab = self.tab or self._opened(), None
        if self.visits.get(tab) != visit:
            self._leave(tab)
        self.visits[tab] = visit
        self.heard[tab] = []
        with watching(tab, watch):
            try:
                yield tab
            finally:
                self._taken_back(tab, self.heard.pop(tab))

    def _opened(self) -> Page:
        """A new tab, which notices what can be undone in it and what can't."""
        tab = self.context.new_page()
        count_runs(tab)
        on, add_init_script = tab.on, tab.add_init_script

        def hears(event: Any, handler: Callable[..., Any]) -> None:
            self.heard[tab].append((event, handler))
            on(event, handler)

        def runs_always(*what: Any, **how: Any) -> None:
            self.spoilt.add(tab)
            self._leave(tab)
            add_init_script(*what, **how)

        tab.on, tab.add_init_script = hears, runs_always  # type: ignore[method-assign]
        return tab

    def _taken_back(self, tab: Page, heard: list[tuple[Any, Callable[..., Any]]]) -> None:
        if tab in self.spoilt or tab.is_closed():
            self.spoilt.discard(tab)
            tab.close()
        else:
            tab.unroute_all(behavior="ignoreErrors")
            tab.set_default_timeout(SLOW)
            tab.set_viewport_size(WINDOW)
            tab.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")
            tab.mouse.move(0, 0)
            if self.visits[tab] is None:
                self._leave(tab)
            if self.tab:
                self.tab.close()
            self.tab = tab
        for event, handler in heard:
            tab.remove_listener(event, handler)

    def _leave(self, tab: Page) -> None:
        """Nothing is open there any more, as far as the next page can tell."""
        tab.goto(EMPTY)
        tab.evaluate("sessionStorage.clear()")
        session = self.context.new_cdp_session(tab)
        session.send("Page.resetNavigationHistory")
        # A renderer that nobody presses for memory keeps what all its pages left, and grows by 20 MB a page.
        session.send("HeapProfiler.collectGarbage")
        session.detach()
        self.context.clear_cookies()
