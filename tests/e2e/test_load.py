"""Many learners at once: every page arrives whole."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from benchmarks.load import NAMES, references
from benchmarks.visitor import Page, open_once
from tests.asynchronous import run

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AT_ONCE = 50


def test_fifty_who_open_every_lesson_at_once_are_each_shown_the_whole_page(app_url: str) -> None:
    async def crowd() -> list[Page]:
        whole = await references(app_url, NAMES)
        names = itertools.islice(itertools.cycle(NAMES), AT_ONCE)
        return await asyncio.gather(*(open_once(app_url, name, whole) for name in names))

    assert [page.faults for page in run(crowd()) if page.faults] == []
