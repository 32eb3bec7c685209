"""How many pages are drawn at once: scripts take turns.

Streamlit runs each reader's script on a thread of its own. A hundred of them at once don't draw faster than a few,
since Python runs one at a time; they only fight for it, and the connections, which share it, wait for all of them. So a
script stands in line before it begins, first come, first served; what answers a reader's hand (a fragment) goes in a
line of its own, and the two lines alternate: a slider answers although a class is just opening the lesson.

Whoever was let in never stands in line again. What waits or computes outside of Python gives its place up meanwhile
(`away`) and takes it back unasked, though there be more than places for a moment: it may hold what another waits for.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Literal

Kind = Literal["page", "fragment"]


class Turns:
    """So many places, and two lines before them."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._lock = threading.Lock()
        self._inside = 0
        self._lines: dict[Kind, deque[threading.Event]] = {"page": deque(), "fragment": deque()}
        self._next: Kind = "fragment"
        self._mine = threading.local()

    @property
    def inside(self) -> int:
        """How many scripts run."""
        return self._inside

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return sum(map(len, self._lines.values()))

    @contextmanager
    def taken(self, kind: Kind) -> Iterator[None]:
        """Wait for a place, keep it for the block; within another such block on the same thread nothing happens."""
        if self._holds():
            yield
            return
        self._enter(kind)
        self._mine.holds = True
        try:
            yield
        finally:
            self._mine.holds = False
            self._leave()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Let another have the place during the block; nothing happens on a thread that has none."""
        if not self._holds():
            yield
            return
        self._mine.holds = False
        self._leave()
        try:
            yield
        finally:
            with self._lock:
                self._inside += 1
            self._mine.holds = True

    def _holds(self) -> bool:
        return getattr(self._mine, "holds", False)

    def _enter(self, kind: Kind) -> None:
        with self._lock:
            if self._inside < self.places and not self.waiting:
                self._inside += 1
                return
            turn = threading.Event()
            self._lines[kind].append(turn)
        turn.wait()

    def _leave(self) -> None:
        with self._lock:
            self._inside -= 1
            while self._inside < self.places and self.waiting:
                line = self._lines[self._next] or self._lines[_OTHER[self._next]]
                self._next = _OTHER[self._next]
                self._inside += 1
                line.popleft().set()


_OTHER: dict[Kind, Kind] = {"page": "fragment", "fragment": "page"}


class Heavy:
    """A place among few for what keeps a core busy; it isn't Python that runs there, so other scripts may.

    Who has a place may ask for it again, and need not wait: as many threads as there are places, each of which asked a
    second time, would else wait for each other for ever.
    """

    def __init__(self, places: int, turns: Turns) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._turns = turns
        self._mine = threading.local()

    def __enter__(self) -> None:
        depth = getattr(self._mine, "depth", 0)
        if depth == 0:
            away = self._turns.away()
            away.__enter__()
            self._places.acquire()
            self._mine.away = away
        self._mine.depth = depth + 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mine.depth -= 1
        if self._mine.depth == 0:
            self._places.release()
            self._mine.away.__exit__(None, None, None)
