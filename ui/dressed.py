"""The page's own HTML comes with the style sheets of every page: Streamlit would send them a moment after the first
text, and all that stands there already would jump to its place.

They stand behind everything else of the document, where they have the last word over Streamlit's own. Beside them
stands where the server is: below a lesson's own address Streamlit would look for it first, and find nothing there.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from ui.compressed import Headers, Message, Receive, Scope, Send, Server

END = b"</body>"
# As far as a lesson's address goes before its name: that is where the scripts of the page are, too.
SERVER = b'<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href };</script>'
# An answer that is made here must not be taken for the file that Streamlit has: no part of it, and no "not modified".
_OF_THE_FILE = (b"content-length", b"etag", b"last-modified", b"accept-ranges")
_FOR_THE_FILE = (b"if-none-match", b"if-modified-since", b"range", b"accept-encoding")


class Dressed:
    """A layer around the server (ASGI) that puts ``sheet()``, and where it is itself, into every page that it sends."""

    def __init__(self, server: Server, sheet: Callable[[], str]) -> None:
        self._server = server
        self._added = f"<style>{sheet()}</style>".encode() + SERVER

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _asks_for_a_page(scope):
            await self._server(scope, receive, send)
            return
        kept = [(name, value) for name, value in scope["headers"] if name.lower() not in _FOR_THE_FILE]
        await self._server({**scope, "headers": kept, "extensions": {}}, receive, _Dressing(send, self._added))


def _asks_for_a_page(scope: Scope) -> bool:
    """Whether a browser opens an address; scripts, pictures and the connection ask for other kinds of things."""
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


class _Dressing:
    """Passes an answer on; if it is a page, with the style sheet in it."""

    def __init__(self, send: Send, added: bytes) -> None:
        self._send = send
        self._added = added
        self._start: MutableMapping[str, Any] = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: Headers = [(name.lower(), value) for name, value in message["headers"]]
            if any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers):
                own = [(name, value) for name, value in headers if name not in _OF_THE_FILE]
                self._start = {**message, "headers": own}
                return
        elif self._start:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish()
            return
        await self._send(message)

    async def _finish(self) -> None:
        body = self._body.replace(END, self._added + END, 1)
        self._start["headers"].append((b"content-length", str(len(body)).encode()))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})
