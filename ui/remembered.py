"""Which large messages a browser is told to take from what it has had before.

What a page was sent already travels as a short reference. The browser keeps a message until so many runs have ended
since it was last used (``global.maxCachedMessageAge``), and says with every request what it keeps. But on a slow line a
run's end may still be on its way to it when it asks; it then lets go of what it has just said that it keeps, and a page
that refers to it is lost ("Cached ForwardMsg MISS"). What was last used so few runs ago that no end of a run, heard or
on its way, can make it old is referred to; everything else travels whole.
"""

from __future__ import annotations

from functools import wraps
from typing import Any
from weakref import WeakKeyDictionary

from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext


class Remembered:
    """The large messages of one tab, and in which of its runs each was used last."""

    def __init__(self, most: int) -> None:
        self._most, self._run = most, 0
        self._last: dict[str, int] = {}

    def begin(self) -> None:
        """Another run begins, so one more end is, or will be, on its way."""
        self._run += 1
        self._last = {name: run for name, run in self._last.items() if self._run - run <= self._most}

    def used(self, name: str) -> bool:
        """Whether the browser is sure to have this message still; from now on it has."""
        safe = name in self._last
        self._last[name] = self._run
        return safe


_tabs: WeakKeyDictionary[PagesManager, Remembered] = WeakKeyDictionary()


def of(run: ScriptRunContext) -> Remembered:
    """Those of the tab that a run belongs to."""
    if run.pages_manager not in _tabs:
        _tabs[run.pages_manager] = Remembered(int(config.get_option("global.maxCachedMessageAge")))
    return _tabs[run.pages_manager]


def refer_safely() -> None:
    """From now on Streamlit refers to nothing that a browser may have let go."""
    if hasattr(ScriptRunContext.enqueue, "__wrapped__"):
        return
    reset, enqueue = ScriptRunContext.reset, ScriptRunContext.enqueue

    @wraps(reset)
    def begun(run: ScriptRunContext, *args: Any, **kwargs: Any) -> None:
        of(run).begin()
        reset(run, *args, **kwargs)

    @wraps(enqueue)
    def sent(run: ScriptRunContext, msg: ForwardMsg) -> None:
        populate_hash_if_needed(msg)
        if msg.metadata.cacheable and not of(run).used(msg.hash):
            run.cached_message_hashes -= {msg.hash}
        enqueue(run, msg)

    ScriptRunContext.reset = begun  # type: ignore[method-assign, assignment]
    ScriptRunContext.enqueue = sent  # type: ignore[method-assign, assignment]
