"""The browser puts a count's word in as the server does."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Page

from ui.components.modules import module
from ui.i18n import fill

pytestmark = pytest.mark.browser


def test_the_browser_and_the_server_fill_a_sentence_alike(page: Page) -> None:
    words = "{n} {n|step is|steps are} left of {all}"
    page.goto("/")
    url = "data:text/javascript;base64," + base64.b64encode(module("shared/dom.js").encode()).decode()
    given: list[dict[str, object]] = [{"n": n, "all": "1,000"} for n in (0, 1, 2, 3, 11, 21, 1000, "1", "1,000")]
    said = page.evaluate(
        """async ([url, words, given]) => {
          const { fill } = await import(url);
          return given.map((values) => fill(words, values));
        }""",
        [url, words, given],
    )
    assert said == [fill(words.replace("{", "{{").replace("}", "}}"), values) for values in given]
    assert said[1] == "1 step is left of 1,000"
