"""``python -m deploy``: start, say one address, and end without a trace."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

from deploy.limits import ROOT
from deploy.options import parse
from deploy.problems import Problem
from deploy.running import address, start


def main() -> int:
    """Run until told to stop; the exit code says whether it could be started."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    problems: list[str] = []
    try:
        asyncio.run(_until_told())
    except* Problem as group:
        problems += [str(problem) for problem in _leaves(group)]
    sys.stderr.writelines(f"{problem}\n" for problem in dict.fromkeys(problems))
    return 1 if problems else 0


async def _until_told() -> None:
    options = parse()
    os.chdir(ROOT)
    stop = asyncio.Event()
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    async with AsyncExitStack() as stack:
        if await _before(start(options, stack), stop.wait()):
            sys.stdout.write(f"StepCNN: {address(options)}\n")
            sys.stdout.flush()
            await stop.wait()


async def _before(work: Coroutine[Any, Any, object], rival: Coroutine[Any, Any, object]) -> bool:
    """Whether the work ended first. What is late is called off; what failed, fails here."""
    first, second = tasks = asyncio.create_task(work), asyncio.create_task(rival)
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    done = first.done()
    (second if done else first).cancel()
    await asyncio.wait(tasks)
    if done:
        first.result()
    return done


def _leaves(group: BaseExceptionGroup[Problem]) -> list[Problem]:
    return [
        leaf for one in group.exceptions for leaf in (_leaves(one) if isinstance(one, BaseExceptionGroup) else [one])
    ]


if __name__ == "__main__":
    sys.exit(main())
