"""All that was asked for, brought up in order: the servers, then nginx before them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from deploy import health, nginx, ports, servers
from deploy.options import Options, Server
from deploy.problems import Problem
from deploy.supervisor import Kept

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Addresses to listen on that are no addresses to go to, and where this machine finds itself then."""


async def start(options: Options, stack: AsyncExitStack) -> None:
    """Start everything and wait until it is well; the stack ends it, nginx first.

    Raises:
        Problem: it can't be started.
    """
    if options.proxy:
        await _with_proxy(options, stack)
    else:
        own = tuple(Server(options.address, options.port + number) for number in range(options.processes))
        for server in own:
            ports.must_be_free(server.host, server.port)
        async with asyncio.TaskGroup() as group:
            await _servers(own, stack, group)


async def _with_proxy(options: Options, stack: AsyncExitStack) -> None:
    program = nginx.program(options.nginx)
    ports.must_be_free(options.address, options.port)
    own = () if options.servers else ports.free(options.processes)
    async with asyncio.TaskGroup() as group:
        await _servers(own, stack, group)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stepcnn-deploy-")))
        before = own or await nginx.resolved(options.servers)
        await nginx.prepare(folder, nginx.where(options, before))
        await nginx.check(program, folder)
    proxy = Kept("nginx", nginx.command(program, folder), os.environ, signal.SIGTERM)
    await stack.enter_async_context(_running([proxy]))
    await _until_open(proxy, _here(Server(options.address, options.port)), health.is_open)


async def _servers(own: Sequence[Server], stack: AsyncExitStack, group: asyncio.TaskGroup) -> None:
    """Start them; the group waits until they are well."""
    kept = servers.kept(own)
    await stack.enter_async_context(_running(kept))
    for process, server in zip(kept, own, strict=True):
        group.create_task(_until_open(process, _here(server), health.is_well))


async def _until_open(process: Kept, server: Server, well: health.Question) -> None:
    """Until it answers; a process that ends before it ever did won't do better at the next try.

    Raises:
        Problem: it ended, or took too long.
    """
    waiting, died = (
        asyncio.create_task(health.until(server, process.name, well)),
        asyncio.create_task(process.died.wait()),
    )
    try:
        await asyncio.wait((waiting, died), return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            raise Problem(f"{process.name} ended while it was being started; what it said itself stands above.")
        waiting.result()
    finally:
        waiting.cancel()
        died.cancel()


@asynccontextmanager
async def _running(kept: Sequence[Kept]) -> AsyncIterator[None]:
    try:
        for process in kept:
            await process.start()
        yield
    finally:
        await asyncio.gather(*(process.stop() for process in kept))


def _here(server: Server) -> Server:
    return Server(EVERYWHERE.get(server.host, server.host), server.port)


def address(options: Options) -> str:
    """What to type into a browser; without a proxy, what to give to the one that runs elsewhere."""
    host = socket.gethostname() if options.address in EVERYWHERE else options.address
    host = f"[{host}]" if ":" in host else host
    if not options.proxy:
        return " ".join(f"{host}:{options.port + number}" for number in range(options.processes))
    return f"{'https' if options.certificate else 'http'}://{host}:{options.port}"
