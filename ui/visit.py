"""What a reader's tab holds on the server besides its link: runs, a network carried along, a picture handed in.

    held("training", Desk)          # made when first asked for
    keep("network", parcel)         # put there
    kept("network")                 # or None

A reload is a new session to Streamlit. So a visit has a random token, which the tab keeps in its own storage
(ui/components/tab), and the session that comes after a reload takes up, by that token, what the one before it held.
What nobody takes up is let go of after ``limits.VISIT_SECONDS``, the oldest first where there are more than
``limits.VISITS``. A tab that is still open gives nothing away: a copy of it, which has its token, begins anew.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import limits

PLACE = "stepcnn.visit"

T = TypeVar("T")
Answer = Literal["taken", "open", "unknown"]


@runtime_checkable
class Work(Protocol):
    """Something held that goes on by itself. Anything else that is held is plain data."""

    def begun(self) -> bool:
        """Whether there is something to be lost."""
        ...

    def rest(self) -> None:
        """Nobody looks: do nothing until somebody does."""
        ...

    def clear(self) -> None:
        """End for good."""
        ...


@dataclass
class Visit:
    """What one tab holds. ``left`` is when its session ended, None while it hasn't."""

    session: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    things: dict[str, Any] = field(default_factory=dict)
    left: float | None = None

    def rest(self) -> None:
        """Keep only what would be lost, and let it rest."""
        works = {name: thing for name, thing in self.things.items() if isinstance(thing, Work)}
        for name, work in works.items():
            if work.begun():
                work.rest()
            else:
                del self.things[name]

    def clear(self) -> None:
        """Let go of everything."""
        for thing in self.things.values():
            if isinstance(thing, Work):
                thing.clear()
        self.things.clear()


class Cloakroom:
    """The visits of a server: those that go on, and those that may be taken up again."""

    def __init__(self, *, seconds: float = limits.VISIT_SECONDS, places: int = limits.VISITS) -> None:
        self._seconds, self._places = seconds, places
        self._lock = threading.Lock()
        self._visits: dict[str, Visit] = {}
        self._timer: threading.Timer | None = None

    def enter(self, visit: Visit) -> None:
        """A session began."""
        with self._lock:
            self._visits[visit.token] = visit

    def leave(self, visit: Visit) -> None:
        """A session ended: what it held waits here."""
        visit.rest()
        with self._lock:
            visit.left = time.monotonic()
            if not visit.things:
                self._visits.pop(visit.token, None)
        self.sweep()

    def take_up(self, visit: Visit, token: str, is_open: Callable[[str], bool]) -> Answer:
        """Give the visit what the one of this token held; ``is_open`` tells whether a session's tab is there."""
        with self._lock:
            before = self._visits.get(token)
            if before is None or before is visit:
                return "unknown"
            if before.left is None and is_open(before.session):
                return "open"
            # Its own session may end later, and then finds nothing more to leave here.
            things, before.things = before.things, {}
            self._visits.pop(token)
        for name, thing in things.items():
            own = visit.things.get(name)
            if isinstance(own, Work):
                own.clear()
            visit.things[name] = thing
        return "taken"

    def sweep(self) -> None:
        """Let go of what has waited too long, or is one too many."""
        with self._lock:
            waiting = sorted((v for v in self._visits.values() if v.left is not None), key=lambda v: v.left or 0.0)
            now = time.monotonic()
            late = [v for v in waiting if now - (v.left or 0.0) >= self._seconds]
            gone = waiting[: max(len(late), len(waiting) - self._places)]
            for visit in gone:
                del self._visits[visit.token]
            stay = waiting[len(gone) :]
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if stay:
                self._timer = threading.Timer(self._seconds - (now - (stay[0].left or 0.0)), self.sweep)
                self._timer.daemon = True
                self._timer.start()
        for visit in gone:
            visit.clear()


CLOAKROOM = Cloakroom()
"""The one of this server."""


def visit() -> Visit:
    """This session's visit."""
    found = st.session_state.get(PLACE)
    if not isinstance(found, Visit):
        context = get_script_run_ctx()
        found = Visit(context.session_id if context else "")
        st.session_state[PLACE] = found
        CLOAKROOM.enter(found)
        _until_the_session_ends(found.token, found)
    return found


@st.cache_resource(scope="session", on_release=CLOAKROOM.leave, show_spinner=False)
def _until_the_session_ends(token: str, _visit: Visit) -> Visit:
    """Streamlit tells by this alone that a session has ended."""
    return _visit


def held(name: str, make: Callable[[], T]) -> T:
    """What this visit holds under a name; made when it is first asked for."""
    things = visit().things
    if name not in things:
        things[name] = make()
    found: T = things[name]
    return found


def keep(name: str, thing: object) -> None:
    """Hold something under a name, instead of what was there."""
    visit().things[name] = thing


def kept(name: str) -> Any:
    """What this visit holds under a name, or None."""
    return visit().things.get(name)


def take_up(token: str) -> Answer:
    """Take up, after a reload, what the tab's visit before this one held."""
    return CLOAKROOM.take_up(visit(), token, _is_open)


def _is_open(session: str) -> bool:
    """Whether a session's tab is connected; one that was closed or reloaded isn't."""
    return runtime.exists() and runtime.get_instance().is_active_session(session)
