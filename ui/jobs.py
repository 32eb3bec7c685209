"""Work in the background of a session: it runs while someone looks, steps in turns when the machine is full,
and leaves no thread behind.

A job has a thread only while it plays. Pausing lets the thread end; playing starts a new one, which goes on
where the last one stopped. So a job that is forgotten costs no thread, whatever happened to its tab.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Literal, NamedTuple

from ui import limits

Status = Literal["paused", "queued", "running", "ended", "stopped"]

PATIENCE = 10.0
"""Seconds without a `look` after which a job pauses itself: its page was left. (A closed tab ends it at once.)

More than an old laptop takes for a picture while the server is busy with a whole class: a run that is watched goes on.
"""
MANNERS = 0.1
"""Seconds that a job at full speed rests after a step while readers wait for their pages: two scripts draw at once, and
beside as many jobs that never rest they would have half of the interpreter."""
NOTICE = 0.5
"""Seconds that a job stands in line before it is said to wait: shorter ones are what sharing the cores looks like."""

log = logging.getLogger(__name__)


class _Wait(NamedTuple):
    turn: threading.Event
    since: float


class Line:
    """Before each step a job takes one of `places`, and gives it back after it; who finds none waits, first come first.

    So jobs at full speed step in turns, and one that sleeps between its steps keeps nobody waiting.
    """

    def __init__(self, places: int, notice: float = NOTICE) -> None:
        self.places = places
        self._notice = notice
        self._lock = threading.Lock()
        self._inside = 0
        self._waiting: dict[Job, _Wait] = {}

    def take(self, job: Job, timeout: float) -> bool:
        """Whether the job has a place now, after at most `timeout` seconds; if not, it keeps its place in the line."""
        with self._lock:
            turn = self._waiting.setdefault(job, _Wait(threading.Event(), time.monotonic())).turn
            self._call()
        turn.wait(timeout)
        with self._lock:
            if turn.is_set():
                del self._waiting[job]
            return turn.is_set()

    def give(self) -> None:
        """Hand a place on to the first in the line."""
        with self._lock:
            self._inside -= 1
            self._call()

    def leave(self, job: Job) -> None:
        """Wait no longer."""
        with self._lock:
            wait = self._waiting.pop(job, None)
            if wait is not None and wait.turn.is_set():  # called at the moment in which it left
                self._inside -= 1
                self._call()

    def ahead(self, job: Job) -> int:
        """How many places must come free before this job steps; 0 unless it has waited for long enough to be told."""
        with self._lock:
            uncalled = [other for other, wait in self._waiting.items() if not wait.turn.is_set()]
            if job not in uncalled or time.monotonic() - self._waiting[job].since < self._notice:
                return 0
            return uncalled.index(job) + 1

    def _call(self) -> None:
        """Give the places that are free to those who have waited longest; each is theirs until they come for it."""
        for wait in self._waiting.values():
            if self._inside < self.places and not wait.turn.is_set():
                self._inside += 1
                wait.turn.set()


LINE = Line(limits.JOBS)
"""The line that all sessions of this server share."""


class Job:
    """Calls `advance` again and again on a thread of its own, until it returns False.

    `play` and `pause` as often as you like; `look` says that someone is watching; `stop` is for good and lets
    go of everything that `advance` holds.
    """

    def __init__(self, advance: Callable[[], bool], *, line: Line = LINE, patience: float = PATIENCE) -> None:
        self._advance: Callable[[], bool] | None = advance
        self._line = line
        self._patience = patience
        self._lock = threading.Lock()
        self._interrupt = threading.Event()
        self._thread: threading.Thread | None = None
        self._wanted = False
        self._budget: int | None = None
        self._ended = False
        self._looked = 0.0
        self._rate: float | None = None
        self.abandoned = False
        self.error: Exception | None = None

    @property
    def status(self) -> Status:
        """What the job does at this moment."""
        if self._advance is None:
            return "stopped"
        if self._ended:
            return "ended"
        if not self._wanted:
            return "paused"
        return "queued" if self.ahead else "running"

    @property
    def ahead(self) -> int:
        """How many other jobs it waits for."""
        return self._line.ahead(self)

    def look(self) -> None:
        """Someone is watching: go on."""
        self._looked = time.monotonic()

    def pace(self, steps_per_second: float | None) -> None:
        """Take at most this many steps a second; None is as fast as it goes."""
        self._rate = steps_per_second

    def play(self, steps: int | None = None, *, more: bool = False) -> None:
        """Go on where it stopped: for this many steps, or until it is told otherwise.

        With ``more`` they come on top of those that were asked for and aren't taken yet.
        """
        with self._lock:
            if self._advance is None or self._ended:
                return
            self.look()
            self.abandoned = False
            owed = self._budget if more and self._wanted else None
            self._budget = steps if steps is None or owed is None else steps + owed
            self._wanted = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="stepcnn-job", daemon=True)
                self._thread.start()

    def pause(self) -> None:
        """Take no further step; the one being taken is finished."""
        with self._lock:
            self._wanted = False
            self._interrupt.set()

    def stop(self, timeout: float = 1.0) -> None:
        """End for good, and forget the work with all its arrays."""
        self.pause()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)
        self._advance = None

    def wait(self, timeout: float) -> bool:
        """Wait until no thread of this job runs; False if that takes longer than `timeout` seconds."""
        thread = self._thread
        if thread is not None:
            with limits.SCRIPTS.away():
                thread.join(timeout)
        return self._thread is None

    def _work(self) -> None:
        try:
            while self._goes_on():
                if self._line.take(self, timeout=0.1):
                    began = time.monotonic()
                    try:
                        self._take_a_step()
                    finally:
                        self._line.give()
                    self._rest(began)
        except Exception as error:  # shown on the page by whoever looks next; the thread must end cleanly
            log.exception("A background job failed")
            with self._lock:
                self.error, self._ended, self._wanted, self._thread = error, True, False, None

    def _goes_on(self) -> bool:
        with self._lock:
            if self._wanted and time.monotonic() - self._looked > self._patience:
                self._wanted, self.abandoned = False, True
            self._interrupt.clear()  # not in `play`: a thread that is about to rest would rest though it was woken
            if not self._wanted:
                self._line.leave(self)
                self._thread = None
            return self._wanted

    def _take_a_step(self) -> None:
        advance = self._advance
        more = advance() if advance is not None else False
        with self._lock:
            if not more:
                self._ended, self._wanted = True, False
            elif self._budget is not None:
                self._budget -= 1
                self._wanted = self._wanted and self._budget > 0

    def _rest(self, began: float) -> None:
        rest = 1 / self._rate - (time.monotonic() - began) if self._rate else 0.0
        if limits.SCRIPTS.waiting:
            rest = max(rest, MANNERS)
        # Without a pace this still lets other threads have the interpreter, so that pages answer at once.
        if rest > 0 and self._wanted:
            self._interrupt.wait(rest)
        else:
            time.sleep(0)
