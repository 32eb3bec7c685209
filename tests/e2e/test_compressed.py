"""The page's files travel compressed, from memory, and arrive as they are."""

from __future__ import annotations

import gzip
import http.client
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from ui.compressed import SMALLEST

pytestmark = pytest.mark.browser


def get(url: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One answer as it travels."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def files(url: str) -> list[str]:
    """The scripts and style sheets that the page names; its fonts are compressed as they are."""
    return [
        "/" + path for path in re.findall(r'(?:src|href)="\./(static/[^"]+\.(?:js|css))"', get(url, "/")[2].decode())
    ]


def test_every_script_and_style_sheet_travels_compressed_and_arrives_as_it_is(app_url: str) -> None:
    named = files(app_url)
    assert {path.rpartition(".")[2] for path in named} == {"js", "css"}
    for path in named:
        _, plain_head, plain = get(app_url, path)
        status, head, body = get(app_url, path, Accept_Encoding="gzip, deflate, br, zstd")
        if len(plain) < SMALLEST:
            continue
        assert (status, head["content-encoding"], head["vary"]) == (200, "gzip", "Accept-Encoding")
        assert head["cache-control"] == plain_head["cache-control"] == "public, immutable, max-age=31536000"
        assert head["content-type"] == plain_head["content-type"]
        assert head["etag"] != plain_head["etag"], "two forms of a file aren't the same to a cache between"
        assert gzip.decompress(body) == plain
        assert int(head["content-length"]) == len(body) < len(plain)


def test_a_file_that_the_browser_has_is_not_sent_again(app_url: str) -> None:
    path = files(app_url)[0]
    _, head, _ = get(app_url, path, Accept_Encoding="gzip")
    status, again, body = get(app_url, path, Accept_Encoding="gzip", If_None_Match=head["etag"])
    assert (status, body, again["etag"]) == (304, b"", head["etag"])
    status, asked, body = get(app_url, path, "HEAD", Accept_Encoding="gzip")
    assert (status, body, asked["content-length"]) == (200, b"", head["content-length"])


@pytest.mark.parametrize("accepts", ["", "br", "gzip;q=0"])
def test_who_can_t_read_it_compressed_gets_it_as_it_is(app_url: str, accepts: str) -> None:
    status, head, body = get(app_url, files(app_url)[0], Accept_Encoding=accepts)
    assert (status, "content-encoding" in head) == (200, False)
    assert len(body) == int(head["content-length"])


def test_a_part_and_a_file_that_isn_t_there_are_the_server_s_own_business(app_url: str) -> None:
    path = files(app_url)[0]
    status, head, body = get(app_url, path, Accept_Encoding="gzip", Range="bytes=0-9")
    assert (status, "content-encoding" in head, len(body)) == (206, False, 10)
    assert get(app_url, "/static/js/none.js", Accept_Encoding="gzip")[1].get("cache-control") != head["cache-control"]


def test_a_first_visit_weighs_less_than_a_megabyte_and_a_half(browser: Browser, app_url: str) -> None:
    page = browser.new_context(base_url=app_url).new_page()
    weight = []
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.on("Network.loadingFinished", lambda event: weight.append(event["encodedDataLength"]))
    page.goto("/softmax")
    page.locator(".st-key-section-exercises").wait_for()
    page.wait_for_load_state("networkidle")
    page.context.close()
    assert 100_000 < sum(weight) < 1_500_000
