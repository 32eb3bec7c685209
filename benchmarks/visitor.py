"""A visitor without a browser: opens a lesson as Streamlit's page does, and looks for what is missing from it.

It draws nothing and runs no script, so that hundreds of them fit into one process beside the server that they measure.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120.0
"""Seconds after which a page that hasn't come is counted as lost."""
_FILES = re.compile(r"""(?:src|href)=["']\.?/?(static/[^"']+)["']""")
_NEEDED = ("section-exercises", "section-code-")


class Picture(NamedTuple):
    """A component that a fragment draws, and what it was sent."""

    widget: str
    fragment: str
    data: bytes

    @property
    def meta(self) -> dict[str, Any]:
        """The header of what it was sent (ui/components/pack.py)."""
        length = int.from_bytes(self.data[4:8], "little")
        meta: dict[str, Any] = json.loads(self.data[8 : 8 + length])["meta"]
        return meta


@dataclass
class Page:
    """What a server sent for one page: where each element and section stands, and what went wrong."""

    seconds: float = 0.0
    size: int = 0
    outline: dict[tuple[int, ...], str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    script: str = ""
    pictures: dict[str, Picture] = field(default_factory=dict)
    """What fragments draw with numbers of their own, by the component's name: what a visitor can press."""

    def take(self, message: ForwardMsg) -> None:
        """Put what a message says in its place."""
        if message.HasField("page_not_found"):
            self.faults.append("page not found")
        if message.HasField("new_session"):
            self.script = message.new_session.page_script_hash
        if not message.HasField("delta"):
            return
        place, delta = tuple(message.metadata.delta_path), message.delta
        if delta.HasField("add_block"):
            self.outline[place] = delta.add_block.id or str(delta.add_block.WhichOneof("type"))
        elif delta.HasField("new_element"):
            element = delta.new_element
            kind = str(element.WhichOneof("type"))
            self.outline[place] = kind
            if kind == "bidi_component" and delta.fragment_id:
                drawn = element.bidi_component
                self.pictures[drawn.component_name] = Picture(drawn.id, delta.fragment_id, drawn.bytes)
            if kind == "exception":
                self.faults.append(f"exception: {element.exception.message}")
            elif kind == "alert" and element.alert.format == Alert.ERROR:
                self.faults.append(f"error shown: {element.alert.body[:80]}")

    def compare(self, whole: Page) -> None:
        """What another visitor was shown and this one wasn't is a fault."""
        for place in sorted(whole.outline.keys() - self.outline.keys()):
            self.faults.append(f"missing: {whole.outline[place]} at {place}")
        for needed in _NEEDED:
            if not any(needed in kind for kind in self.outline.values()):
                self.faults.append(f"missing: {needed}")


@asynccontextmanager
async def visit(url: str, *, compressed: bool = False, cookie: str = "") -> AsyncIterator[ClientConnection]:
    """A connection as a browser's tab holds one; it ends with the block."""
    parts = urlsplit(url)
    address = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}{parts.path.rstrip('/')}/_stcore/stream"
    async with connect(
        address,
        origin=f"{parts.scheme}://{parts.netloc}",  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie} if cookie else None,
        compression="deflate" if compressed else None,
        max_size=None,
        open_timeout=PATIENCE,
        ping_interval=None,
        proxy=None,
    ) as connection:
        yield connection


async def open_page(connection: ClientConnection, url: str, name: str, query: str = "") -> Page:
    """Ask for a page, and wait until its script has run to the end."""
    asked = BackMsg()
    state = asked.rerun_script
    state.page_name, state.query_string = name, query
    context = state.context_info
    context.url, context.locale, context.timezone, context.color_scheme = f"{url}/{name}", "en-US", "UTC", "light"
    return await ask(connection, asked)


async def ask(connection: ClientConnection, asked: BackMsg) -> Page:
    """Send a message, and take what comes until a script has run to the end."""
    page, began = Page(), time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE):
            await connection.send(asked.SerializeToString())
            while True:
                data = await connection.recv()
                page.size += len(data)
                message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
                page.take(message)
                if message.WhichOneof("type") == "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        continue
                    if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        page.faults.append("the script can't be read")
                    break
    except TimeoutError:
        page.faults.append(f"nothing after {PATIENCE:.0f} s")
    page.seconds = time.perf_counter() - began
    return page


async def open_once(url: str, name: str, whole: Mapping[str, Page], *, files: Sequence[str] | None = None) -> Page:
    """One tab from its opening to its closing: the connection, the page, and before them its files where asked for."""
    began, size = time.perf_counter(), 0
    try:
        if files is not None:
            size = await fetch(url, files)
        async with visit(url) as connection:
            page = await open_page(connection, url, name)
            page.seconds, page.size = time.perf_counter() - began, page.size + size
    except OSError as error:
        page = Page(time.perf_counter() - began, faults=[f"{type(error).__name__}: {error}"])
    if name in whole:
        page.compare(whole[name])
    return page


# Files over HTTP, on one connection that is kept.


async def get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, path: str) -> bytes:
    """One file as it travels, asked for as a browser does."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip, br\r\n\r\n".encode())
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if found := re.search(r"content-length: (\d+)", head):
        return await reader.readexactly(int(found[1]))
    parts: list[bytes] = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)


async def fetch(url: str, files: Sequence[str]) -> int:
    """The bytes that these files weigh on their way."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    try:
        return sum([len(await get(reader, writer, parts.netloc, path)) for path in files])
    finally:
        writer.close()


def files_of(index: str) -> list[str]:
    """The page itself, and the scripts and style sheets that it names."""
    return ["/", *dict.fromkeys("/" + path for path in _FILES.findall(index))]
