"""What the tests of background jobs share: work whose steps are held, and a watch that no thread is left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

SOON = 20.0
"""Seconds after which what isn't there won't come. Only a test that fails ever waits so long."""


def threads() -> int:
    return sum(thread.name == "stepcnn-job" for thread in threading.enumerate())


def eventually(fact: Callable[[], bool], seconds: float = SOON) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if fact():
            return True
        time.sleep(0.005)
    return fact()


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    assert eventually(lambda: threads() == 0), "a job's thread outlived its test"


class Held:
    """Work whose every step waits until it is let go; `inside` says that one is being taken."""

    def __init__(self) -> None:
        self.steps, self.inside, self.go = 0, threading.Event(), threading.Event()

    def advance(self) -> bool:
        self.inside.set()
        self.go.wait(SOON)
        self.steps += 1
        return True
