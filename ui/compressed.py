"""The scripts and style sheets of the page, compressed once and kept: 300 first visits are 300 answers from memory.

Streamlit sends these files as they are, since compressing them for every reader would cost more than it saves. They
never change while the server runs (their names carry a hash of what they hold, and they may be kept for a year), so
each is compressed when it is first asked for, as tightly as can be, and sent from memory from then on.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable, MutableMapping
from hashlib import blake2b
from typing import Any, NamedTuple

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Server = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

KINDS = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/wasm")
SMALLEST = 500
"""Bytes below which a file fits into one packet anyway."""
TIGHT = 9


class _Kept(NamedTuple):
    """A compressed file: what is said of it, and its bytes; none of both for a file that is better sent as it is."""

    headers: Headers
    body: bytes
    tag: bytes


class Compressed:
    """A layer around the server (ASGI) that answers for the files which never change."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._kept: dict[str, _Kept | None] = {}
        self._making: dict[str, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        if not self._asks_for_one(scope, path) or (kept := await self._file(path, scope, receive)) is None:
            await self._server(scope, receive, send)
            return
        if _header(scope, b"if-none-match") == kept.tag:
            await send({"type": "http.response.start", "status": 304, "headers": kept.headers})
            await send({"type": "http.response.body", "body": b""})
            return
        length = (b"content-length", str(len(kept.body)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [*kept.headers, length]})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else kept.body})

    def _asks_for_one(self, scope: Scope, path: str) -> bool:
        return (
            scope["type"] == "http"
            and scope["method"] in ("GET", "HEAD")
            and "/static/" in path
            and _takes_gzip(_header(scope, b"accept-encoding"))
            and not _header(scope, b"range")
        )

    async def _file(self, path: str, scope: Scope, receive: Receive) -> _Kept | None:
        """A file's compressed self; made by the first who asks, while the others wait for it."""
        if path not in self._kept:
            async with self._making.setdefault(path, asyncio.Lock()):
                try:
                    if path not in self._kept:
                        status, headers, body = await _taken(self._server, scope, receive)
                        if status != 200 or not any(b"immutable" in value for _name, value in headers):
                            return None  # not one of the page's files: such paths may be any, and aren't remembered
                        self._kept[path] = await asyncio.to_thread(_compressed, headers, body)
                finally:
                    self._making.pop(path, None)
        return self._kept[path]


def _header(scope: Scope, name: bytes) -> bytes:
    return next((bytes(value) for key, value in scope["headers"] if key == name), b"")


def _takes_gzip(accepted: bytes) -> bool:
    """Whether a browser's list of codings has gzip in it, and not with a weight of 0."""
    for one in accepted.lower().split(b","):
        name, _semicolon, weight = one.partition(b";")
        if name.strip() == b"gzip":
            return weight.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False


async def _taken(server: Server, scope: Scope, receive: Receive) -> tuple[int, Headers, bytes]:
    """The whole answer of the server to a plain request for a file."""
    status, headers, parts = 0, Headers(), []

    async def take(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    # A shortened answer (to HEAD, or to one who has the file) isn't the file; and a file on disk must come as bytes.
    plain = [(name, value) for name, value in scope["headers"] if not name.startswith(b"if-")]
    asked = {**scope, "method": "GET", "headers": plain, "extensions": {}}
    await server(asked, receive, take)
    return status, headers, b"".join(parts)


def _compressed(headers: Headers, body: bytes) -> _Kept | None:
    said = {name.lower(): value for name, value in headers}
    kind = said.get(b"content-type", b"").decode("latin-1")
    if b"content-encoding" in said or not kind.startswith(KINDS) or len(body) < SMALLEST:
        return None
    small = gzip.compress(body, TIGHT, mtime=0)
    tag = b'"' + blake2b(body, digest_size=12).hexdigest().encode() + b'-gzip"'
    ours = (b"content-length", b"etag", b"vary", b"accept-ranges")
    kept = [(name, value) for name, value in headers if name.lower() not in ours]
    kept += [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding"), (b"etag", tag)]
    return _Kept(kept, small, tag)
