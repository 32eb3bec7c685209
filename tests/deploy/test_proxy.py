"""What nginx does for a single request: cookies, compression, headers and limits, asked without a browser."""

from __future__ import annotations

import gzip
import http.client
import re
import signal
from collections.abc import Iterator
from contextlib import closing
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy import limits, static
from tests.browser import free_port
from tests.deploy.running import Running, needs_nginx, running, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def ask(
    base: str, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, Message, bytes]:
    """Status, headers and body of one request, as they come: nothing is followed, kept or unpacked."""
    with closing(http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)) as connection:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def given(headers: Message) -> list[str]:
    """The processes that an answer names in its cookie."""
    return re.findall(r"stepcnn_process=(\d*);", " ".join(headers.get_all("Set-Cookie", [])))


def test_newcomers_are_dealt_out_in_turn(two: Running) -> None:
    names = [given(ask(two.base, "/neuron")[1]) for _ in range(8)]
    assert names.count(["1"]) == names.count(["2"]) == 4


@pytest.mark.parametrize("name", ["1", "2"])
def test_who_has_a_process_keeps_it_and_gets_no_new_cookie(two: Running, name: str) -> None:
    for path in ("/neuron", "/_stcore/health", "/_stcore/host-config"):
        status, headers, _ = ask(two.base, path, Cookie=f"stepcnn_process={name}")
        assert status == 200
        assert given(headers) == []


def test_a_name_that_nobody_has_is_replaced(two: Running) -> None:
    assert given(ask(two.base, "/neuron", Cookie="stepcnn_process=99")[1]) in (["1"], ["2"])


def test_a_cookie_is_read_by_no_script_and_sent_to_no_other_site(two: Running) -> None:
    cookies = ask(two.base, "/neuron")[1].get_all("Set-Cookie", [])
    (mine,) = [cookie for cookie in cookies if cookie.startswith("stepcnn_process")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(mine.split("; "))
    assert "Secure" not in mine
    outside = ask(two.base, "/neuron", X_Forwarded_Proto="https")[1].get_all("Set-Cookie", [])
    assert any(cookie.startswith("stepcnn_process") and "Secure" in cookie for cookie in outside)


def test_a_script_comes_compressed_for_ever_and_without_a_process(two: Running) -> None:
    file = max(static.streamlit_files().glob("js/index.*.js"), key=lambda path: path.stat().st_size)
    path, plain = f"/static/js/{file.name}", file.read_bytes()
    status, headers, body = ask(two.base, path, Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in headers["Cache-Control"]
    assert headers.get_all("Set-Cookie") is None
    assert len(body) < len(plain) / 2
    assert gzip.decompress(body) == plain
    assert ask(two.base, path)[2] == plain


def test_security_headers_are_on_pages_and_scripts(two: Running) -> None:
    headers = ask(two.base, "/neuron")[1]
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Server"] == "nginx"


def test_a_body_over_the_limit_is_refused_before_a_process_sees_it(two: Running) -> None:
    over = {"Content_Length": str(limits.upload_kilobytes() * 1024 + 1)}
    assert ask(two.base, "/_stcore/upload_file/a/b", method="PUT", **over)[0] == 413
    # A smaller one gets to a process, which misses the token.
    assert ask(two.base, "/_stcore/upload_file/a/b", method="PUT", body=b"x" * 100)[0] == 403
    assert ask(two.base, "/neuron", method="POST", body=b"x" * 2**17)[0] == 413


def test_uploads_that_are_refused_halfway_send_nobody_s_readers_away(two: Running) -> None:
    mine = {"Cookie": "stepcnn_process=1"}
    for _ in range(12):
        status, _, _ = ask(two.base, "/_stcore/upload_file/a/b", method="PUT", body=b"x" * 2**22, **mine)
        assert status in (403, 502)
        assert given(ask(two.base, "/_stcore/health", **mine)[1]) == []


def test_what_is_the_server_s_own_business_stays_there(two: Running) -> None:
    assert ask(two.base, "/_stcore/metrics")[0] == 404


@pytest.fixture
def nobody_behind(tmp_path: Path) -> Iterator[Running]:
    """nginx alone, before a server that isn't there."""
    needs_nginx()
    with running(tmp_path / "log.txt", "--servers", f"127.0.0.1:{free_port()}") as deployment:
        yield deployment


def test_without_a_process_a_plain_page_says_so_in_both_languages_and_nothing_is_left(nobody_behind: Running) -> None:
    status, headers, body = ask(nobody_behind.base, "/neuron?units=3")
    assert status == 503
    assert headers["Retry-After"]
    assert headers["Cache-Control"] == "no-store"
    page = body.decode()
    assert 'http-equiv="refresh"' in page
    assert "can't answer just now" in page
    assert "暂时无法回应" in page
    assert ask(nobody_behind.base, "/_stcore/health")[0] == 502
    # Ctrl+C, where the other deployments are told to stop.
    assert nobody_behind.stop(signal.SIGINT) == 0
    until(f"nothing left, but there is {nobody_behind.left()}", lambda: not nobody_behind.left(), 10)


def test_a_port_that_is_taken_is_said_and_nothing_is_started(two: Running, tmp_path: Path) -> None:
    port = urlsplit(two.base).port
    with (
        pytest.raises(pytest.fail.Exception, match=rf"ended with 1:\n127\.0\.0\.1:{port} .*Give another --port"),
        running(tmp_path / "log.txt", "--port", str(port)),
    ):
        pass
