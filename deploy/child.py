"""A child process that doesn't outlive its parent."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

PATIENCE = 8.0
"""Seconds that a child has to end by itself when asked to."""

_PR_SET_PDEATHSIG = 1


def bound_to_parent(last: signal.Signals) -> Callable[[], None] | None:
    """What a new child does first, on Linux: ask the kernel for this signal when its parent dies, however it dies."""
    if not sys.platform.startswith("linux"):
        return None
    library, parent = ctypes.CDLL(None, use_errno=True), os.getpid()

    def bind() -> None:
        library.prctl(_PR_SET_PDEATHSIG, int(last), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return bind


async def start(
    command: Sequence[str], environment: Mapping[str, str], last: signal.Signals
) -> asyncio.subprocess.Process:
    """Start it in a session of its own, so that Ctrl+C reaches the parent alone and children end in order."""
    return await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=bound_to_parent(last),
    )


async def end(process: asyncio.subprocess.Process) -> None:
    """Ask it to end, and insist when it doesn't."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), PATIENCE)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
