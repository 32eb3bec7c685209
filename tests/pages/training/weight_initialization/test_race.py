"""The race of the starts: who runs, in which order, and what is kept of a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.signal import Setup
from pages.training.weight_initialization import race as racing
from pages.training.weight_initialization.compute import PRESETS, STEPS
from pages.training.weight_initialization.race import FRAME_EVERY, MINE, Race, Start, weights

TINY = Setup(depth=2, width=10, size="xavier")


def race(mine: Setup = TINY, others: int = 2) -> Race:
    starts = {MINE: Start(mine, 0.01, 3)}
    for depth, name in enumerate(list(PRESETS)[:others], 1):
        starts[name] = Start(replace(TINY, draw="uniform", depth=depth), 0.01, 0)
    return Race(starts)


@pytest.fixture(autouse=True)
def _nothing_is_kept_between_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(racing, "_FINISHED", {})


def test_the_learners_own_start_runs_first_and_all_run_to_their_end() -> None:
    found = race()
    seen = []
    while found.advance():
        seen.append(list(found.records))
    assert seen[0] == [MINE]
    assert all(len(record.losses) == STEPS and record.ended for record in found.records.values())
    assert len(found.records) == 3


def test_a_classic_start_that_was_seen_to_its_end_is_not_run_again() -> None:
    first, second = race(), race()
    while first.advance():
        pass
    steps = 0
    while second.advance():
        steps += 1
    assert steps == STEPS, "only the learner's own start is trained again"
    name = next(name for name in second.records if name != MINE)
    assert second.records[name] is first.records[name]


def test_the_same_start_gives_the_same_numbers() -> None:
    records = []
    for _ in range(2):
        one = race(others=0)
        while one.advance():
            pass
        records.append(one.records[MINE])
    np.testing.assert_array_equal(records[0].losses, records[1].losses)


def test_weights_are_sent_for_every_fifth_step_as_what_they_gained() -> None:
    one = race(others=0)
    while one.advance():
        pass
    record = one.records[MINE]
    sent = weights(record)
    assert sent["gained"].shape == (STEPS // FRAME_EVERY + 1, 8, 64)
    assert not sent["gained"][0].any()
    np.testing.assert_array_equal(sent["gained"][-1], record.rows[-1] - record.rows[0])
    assert sent["apart"].shape == (STEPS // FRAME_EVERY + 1,)
