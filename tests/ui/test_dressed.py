"""The page's own HTML comes with the style sheets; whatever else the server sends stays as it is."""

from __future__ import annotations

import pytest

from tests.asynchronous import run
from ui.compressed import Headers, Message, Receive, Scope, Send
from ui.dressed import SERVER, Dressed

PAGE = b"<html><body><p>A page</p></body></html>"
STYLED = b"<html><body><p>A page</p><style>p { color: red }</style>" + SERVER + b"</body></html>"
ASKS_FOR_A_PAGE: Headers = [(b"accept", b"text/html,*/*"), (b"if-none-match", b"'tag'"), (b"cookie", b"a=b")]


def answer(kind: bytes, asked: Headers, method: str = "GET") -> tuple[dict[bytes, bytes], bytes, list[bytes]]:
    """What arrives of a page that the server sends in two parts: headers, body, and what the server was asked with."""
    sent: list[Message] = []
    heard: list[bytes] = []

    async def server(scope: Scope, _receive: Receive, send: Send) -> None:
        heard.extend(name for name, _value in scope["headers"])
        said = [(b"Content-Type", kind), (b"Content-Length", str(len(PAGE)).encode()), (b"ETag", b"'tag'")]
        await send({"type": "http.response.start", "status": 200, "headers": said})
        await send({"type": "http.response.body", "body": PAGE[:10], "more_body": True})
        await send({"type": "http.response.body", "body": PAGE[10:]})

    async def take(message: Message) -> None:
        sent.append(message)

    async def nothing() -> Message:
        return {}

    scope: Scope = {"type": "http", "method": method, "path": "/", "headers": asked}
    run(Dressed(server, lambda: "p { color: red }")(scope, nothing, take))
    headers = {name.lower(): value for name, value in sent[0]["headers"]}
    return headers, b"".join(part.get("body", b"") for part in sent[1:]), heard


def test_a_page_arrives_with_the_sheets_at_its_end_where_they_have_the_last_word() -> None:
    headers, body, heard = answer(b"text/html; charset=utf-8", ASKS_FOR_A_PAGE)
    assert body == STYLED
    assert headers[b"content-length"] == str(len(STYLED)).encode()
    assert b"etag" not in headers, "the tag is that of the file without the sheets"
    assert heard == [b"accept", b"cookie"], "whoever has the old file must not be told that it is the same"


@pytest.mark.parametrize(
    ("kind", "asked", "method"),
    [
        (b"text/css", ASKS_FOR_A_PAGE, "GET"),
        (b"text/html", [(b"accept", b"*/*")], "GET"),
        (b"text/html", ASKS_FOR_A_PAGE, "HEAD"),
    ],
)
def test_whatever_isnt_a_page_that_is_opened_stays_as_it_is(kind: bytes, asked: Headers, method: str) -> None:
    headers, body, _heard = answer(kind, asked, method)
    assert body == PAGE
    assert headers[b"content-length"] == str(len(PAGE)).encode()
