"""Keeps one process alive: what died is started again, at once the first time, then ever more patiently."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deploy import child

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
PROVEN = 30.0
"""Seconds after which a process counts as sound: when it dies later, that isn't held against the next one."""

log = logging.getLogger("deploy")


@dataclass
class Backoff:
    """How long to wait before the next start: not at all for one that had been sound, then 0.5 s, 1 s, 2 s … 30 s."""

    pause: float = 0.0

    def after(self, lived: float) -> float:
        """The pause before the next start of a process that lived so many seconds."""
        if lived >= PROVEN:
            self.pause = 0.0
        now = self.pause
        self.pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, 2 * self.pause))
        return now


@dataclass
class Kept:
    """A process that is kept: the first start is awaited, later ones happen by themselves until it is let go."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    last: signal.Signals
    """What the kernel sends it when this program is killed."""
    process: asyncio.subprocess.Process | None = None
    died: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it has ended by itself for the first time."""
    _backoff: Backoff = field(default_factory=Backoff)
    _watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, and watch it from now on."""
        self.process = await child.start(self.command, self.environment, self.last)
        self._watch = asyncio.create_task(self._keep(), name=self.name)

    async def stop(self) -> None:
        """Let it go: it is ended and not started again."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        if self.process is not None:
            await child.end(self.process)

    async def _keep(self) -> None:
        while True:
            assert self.process is not None
            began = time.monotonic()
            code = await self.process.wait()
            self.died.set()
            pause = self._backoff.after(time.monotonic() - began)
            log.warning("%s ended (%s); started again%s", self.name, code, f" in {pause:g} s" if pause else "")
            await asyncio.sleep(pause)
            self.process = await child.start(self.command, self.environment, self.last)
