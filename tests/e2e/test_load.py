"""Many learners at once: every page arrives whole."""

from __future__ import annotations

import asyncio
import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.load import NAMES, references
from benchmarks.visitor import Page, open_once

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AT_ONCE = 50


def test_fifty_who_open_every_lesson_at_once_are_each_shown_the_whole_page(app_url: str) -> None:
    async def crowd() -> list[Page]:
        whole = await references(app_url, NAMES)
        names = itertools.islice(itertools.cycle(NAMES), AT_ONCE)
        return await asyncio.gather(*(open_once(app_url, name, whole) for name in names))

    # On a thread of their own: Playwright's loop of the other browser tests may still run on this one.
    with ThreadPoolExecutor(1) as visitors:
        pages = visitors.submit(lambda: asyncio.run(crowd())).result()
    assert [page.faults for page in pages if page.faults] == []
