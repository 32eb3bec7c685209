"""Taking turns at what only a few may do at once."""

from __future__ import annotations

import threading
from types import TracebackType


class Turns:
    """A bound on how many threads do something at once; who has a turn may ask for it again, and need not wait.

    With a plain semaphore, as many threads as it has places, each of which asks a second time, would wait for each
    other for ever.
    """

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._held = threading.local()

    def __enter__(self) -> None:
        depth = getattr(self._held, "depth", 0)
        if depth == 0:
            self._places.acquire()
        self._held.depth = depth + 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.depth -= 1
        if self._held.depth == 0:
            self._places.release()
