"""Waiting until a server answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from deploy.options import Server
from deploy.problems import Problem

PATH = "/_stcore/health"
START_SECONDS = 90.0
_PAUSE = 0.1


Question = Callable[[Server], Awaitable[bool]]


async def is_well(server: Server) -> bool:
    """Whether it says so itself. The request is one line here, and needs no thread and no library."""
    try:
        async with asyncio.timeout(2), _connected(server) as (reader, writer):
            writer.write(f"GET {PATH} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n".encode())
            return b" 200 " in await reader.readline()
    except (OSError, TimeoutError):
        return False


async def is_open(server: Server) -> bool:
    """Whether it takes connections."""
    try:
        async with asyncio.timeout(2), _connected(server):
            return True
    except (OSError, TimeoutError):
        return False


async def until(server: Server, name: str, well: Question) -> None:
    """Until the answer is yes.

    Raises:
        Problem: it wasn't within START_SECONDS.
    """
    before = time.monotonic() + START_SECONDS
    while not await well(server):
        if time.monotonic() > before:
            raise Problem(f"{name} didn't answer within {START_SECONDS:g} s; what it said itself stands above.")
        await asyncio.sleep(_PAUSE)


@asynccontextmanager
async def _connected(server: Server) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(server.host, server.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
