"""Many learners at once: every page arrives whole."""

from __future__ import annotations

import asyncio
import itertools
import time

import pytest

from benchmarks.load import NAMES, references
from benchmarks.trainer import step_of, train
from benchmarks.visitor import Page, open_once
from tests.asynchronous import run

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AT_ONCE = 50
TRAINS = 10.0
"""Seconds."""


def test_fifty_who_open_every_lesson_at_once_are_each_shown_the_whole_page(app_url: str) -> None:
    async def crowd() -> list[Page]:
        whole = await references(app_url, NAMES)
        names = itertools.islice(itertools.cycle(NAMES), AT_ONCE)
        return await asyncio.gather(*(open_once(app_url, name, whole) for name in names))

    assert [page.faults for page in run(crowd()) if page.faults] == []


def test_a_visitor_who_trains_really_trains(app_url: str) -> None:
    """Or what is measured beside trainings would be measured beside nothing."""
    pictures: list[Page] = []
    run(train(app_url, time.perf_counter() + TRAINS, pictures))
    assert [page.faults for page in pictures if page.faults] == []
    assert step_of(pictures[-1]) > 0
