"""Back in every lesson: however far a walk led, the lesson's own address shows what it showed when it was opened."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.e2e.links import LESSONS
from tests.e2e.seen import at_rest, difference
from tests.e2e.test_links import copied, opened

pytestmark = pytest.mark.browser

MOST = 30
"""Steps back: a walk doesn't make more places than it makes moves."""


@pytest.mark.slow
@pytest.mark.parametrize("key", LESSONS)
def test_back_leads_to_what_was_seen_when_the_lesson_was_opened(page: Page, key: str) -> None:
    before = opened(page, key)
    for move in next(iter(LESSONS[key].values())):
        move(page)
    copied(page)  # until all of it is told
    assert at_rest(page) != before, "the walk leads nowhere"
    assert "?" in page.url
    for _ in range(MOST):
        page.go_back()
        if "?" not in page.url:
            break
        at_rest(page)
    assert page.url.endswith(f"/{key}")
    assert not difference(before, page)
