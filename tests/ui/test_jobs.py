"""Background jobs: they do exactly what they are told, wait in line, and leave no thread behind."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace

import numpy as np
import pytest

from tests.background import SOON, Held, eventually, no_thread_is_left, threads
from ui import limits
from ui.jobs import Job, Line

__all__ = ["no_thread_is_left"]


class Counter:
    """Work that counts its steps and ends after `last`."""

    def __init__(self, last: int = 10**9, seconds: float = 0.001) -> None:
        self.steps, self.last, self.seconds = 0, last, seconds

    def advance(self) -> bool:
        if self.steps >= self.last:
            return False
        time.sleep(self.seconds)
        self.steps += 1
        return True


def job_of(work: Counter, patience: float = 60.0, line: Line | None = None) -> Job:
    return Job(work.advance, line=line or Line(2), patience=patience)


def test_a_new_job_has_no_thread_and_takes_no_step() -> None:
    work = Counter()
    assert job_of(work).status == "paused"
    assert (threads(), work.steps) == (0, 0)


def test_it_plays_until_paused_and_goes_on_where_it_stopped() -> None:
    work = Counter()
    job = job_of(work)
    job.play()
    assert job.status == "running"
    assert eventually(lambda: work.steps > 5)
    job.pause()
    assert job.wait(SOON)
    assert eventually(lambda: threads() == 0), "a paused job costs no thread, and without one takes no step"
    stopped = work.steps
    job.play()
    assert eventually(lambda: work.steps > stopped)
    job.stop()


@pytest.mark.parametrize("steps", [1, 7])
def test_so_many_steps_are_exactly_so_many(steps: int) -> None:
    work = Counter()
    job = job_of(work)
    job.play(steps)
    assert job.wait(SOON)
    assert (work.steps, job.status) == (steps, "paused")


def test_steps_that_are_asked_for_during_a_step_come_on_top_of_it() -> None:
    held = Held()
    job = Job(held.advance, line=Line(1), patience=60)
    job.play(1, more=True)
    assert held.inside.wait(SOON)
    job.play(1, more=True)
    job.play(1, more=True)
    held.go.set()
    assert job.wait(SOON)
    assert (held.steps, job.status) == (3, "paused")


def test_work_that_ends_ends_its_job() -> None:
    work = Counter(last=3)
    job = job_of(work)
    job.play()
    assert job.wait(SOON)
    assert (work.steps, job.status) == (3, "ended")
    job.play()
    assert work.steps == 3


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The clock of the jobs, which stands still unless it is set."""
    clock = SimpleNamespace(now=0.0, sleep=time.sleep)
    clock.monotonic = lambda: clock.now
    monkeypatch.setattr("ui.jobs.time", clock)
    return clock


def test_a_job_that_nobody_looks_at_pauses_itself_and_can_be_resumed(clock: SimpleNamespace) -> None:
    work = Counter()
    job = job_of(work, patience=10)
    job.play()
    assert eventually(lambda: work.steps > 0)
    clock.now += 11
    assert job.wait(SOON)
    assert (job.status, job.abandoned) == ("paused", True)
    before = work.steps
    job.play(1)
    assert job.wait(SOON)
    assert (work.steps, job.abandoned) == (before + 1, False)


def test_looking_keeps_it_going(clock: SimpleNamespace) -> None:
    work = Counter()
    job = job_of(work, patience=10)
    job.play()
    for _ in range(5):
        clock.now += 8
        job.look()
        before = work.steps
        assert eventually(lambda before=before: work.steps > before + 1)  # type: ignore[misc]
        assert job.status == "running"
    clock.now += 11
    assert eventually(lambda: job.status == "paused")
    assert job.abandoned


def test_pausing_and_playing_in_a_hurry_never_runs_two_steps_at_once() -> None:
    inside: list[int] = []
    most: list[int] = []

    def advance() -> bool:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.002)
        inside.pop()
        return True

    job = Job(advance, line=Line(4), patience=60)
    for _ in range(60):
        job.play()
        time.sleep(0.001)
        job.pause()
    job.stop()
    assert max(most) == 1


def test_a_pace_is_kept() -> None:
    work = Counter(seconds=0)
    job = job_of(work)
    job.pace(20)
    began = time.monotonic()
    job.play()
    assert eventually(lambda: work.steps >= 8)
    assert work.steps <= 20 * (time.monotonic() - began) + 1
    job.stop()


def test_a_slow_pace_does_not_delay_the_pause() -> None:
    work = Counter(seconds=0)
    job = job_of(work)
    job.pace(1 / (5 * SOON))
    job.play()
    assert eventually(lambda: work.steps == 1)
    job.pause()
    assert job.wait(SOON), "it doesn't wait until the next step would be due"


def test_a_job_that_is_paused_and_played_in_the_middle_of_a_step_does_not_rest_after_it() -> None:
    steps: list[int] = []

    def advance() -> bool:
        steps.append(1)
        if len(steps) == 1:
            job.pause()
            job.play()
        return True

    job = Job(advance, line=Line(1), patience=60)
    job.pace(1 / (5 * SOON))
    job.play()
    assert eventually(lambda: len(steps) > 1), "as one that is woken out of its rest"
    job.stop()


def test_an_error_ends_the_job_and_is_kept_for_the_page() -> None:
    def advance() -> bool:
        raise ValueError("broken on purpose")

    job = Job(advance, line=Line(1))
    job.play()
    assert eventually(lambda: job.status == "ended")
    assert str(job.error) == "broken on purpose"


def test_who_finds_every_place_taken_knows_how_many_are_before_it() -> None:
    line = Line(2, notice=0.02)
    held = [Held(), Held()]
    works = [Counter(), Counter()]
    holders = [Job(one.advance, line=line, patience=60) for one in held]
    waiting = [job_of(work, line=line) for work in works]
    for holder, one in zip(holders, held, strict=True):
        holder.play()
        assert one.inside.wait(SOON)
    for number, job in enumerate(waiting, 1):
        job.play()
        assert eventually(lambda job=job, number=number: job.ahead == number)  # type: ignore[misc]
    assert [job.status for job in (*holders, *waiting)] == ["running", "running", "queued", "queued"]
    assert [work.steps for work in works] == [0, 0]
    held[0].go.set()
    assert eventually(lambda: works[0].steps > 0 and works[1].steps > 0), "one free place serves all who wait"
    held[1].go.set()
    for job in (*holders, *waiting):
        job.stop()


def test_one_that_waits_in_line_can_give_up_and_come_back() -> None:
    line = Line(1, notice=0.0)
    held, work = Held(), Counter()
    holder, waiting = Job(held.advance, line=line, patience=60), job_of(work, line=line)
    holder.play()
    assert held.inside.wait(SOON)
    for _ in range(3):
        waiting.play()
        assert eventually(lambda: waiting.status == "queued")
        waiting.pause()
        assert waiting.wait(SOON)
        assert (waiting.status, waiting.ahead, work.steps) == ("paused", 0, 0)
    waiting.play()
    held.go.set()
    assert eventually(lambda: work.steps > 0)
    for job in (holder, waiting):
        job.stop()


def in_line(work: Counter, line: Line) -> Job:
    """A job that stands in this line, and has given up waiting for the moment."""
    job = job_of(work, line=line)
    assert not line.take(job, timeout=0)
    return job


def test_a_place_that_comes_free_while_nobody_waits_for_it_is_kept_for_the_first_in_line() -> None:
    line = Line(1)
    assert line.take(job_of(Counter()), timeout=0)
    late, other = (in_line(Counter(), line) for _ in range(2))
    line.give()
    assert not line.take(other, timeout=0), "it is taken, by one that hasn't come for it yet"
    assert line.take(late, timeout=0)
    line.give()
    assert line.take(other, timeout=0)


def test_a_place_that_comes_free_for_one_that_leaves_goes_to_the_next() -> None:
    line = Line(1)
    assert line.take(job_of(Counter()), timeout=0)
    leaving, other = (in_line(Counter(), line) for _ in range(2))
    line.give()
    line.leave(leaving)
    assert line.take(other, timeout=0)


def test_runs_that_sleep_between_their_steps_keep_nobody_waiting() -> None:
    line = Line(1, notice=0.0)
    slow = [Counter(seconds=0) for _ in range(4)]
    paced = [job_of(work, line=line) for work in slow]
    for job in paced:
        job.pace(0.2)
        job.play()
    assert eventually(lambda: all(work.steps == 1 for work in slow)), "each takes its step, though there is one place"
    assert [job.status for job in paced] == ["running"] * 4, "who sleeps is at work, and waits for nobody"
    quick = Counter()
    third = job_of(quick, line=line)
    third.play()
    assert eventually(lambda: quick.steps > 50), "whose place is free between their steps"
    assert [work.steps for work in slow] == [1] * 4
    for job in (*paced, third):
        job.stop()


def test_at_full_speed_all_take_as_many_steps() -> None:
    line = Line(2)
    works = [Counter() for _ in range(6)]
    jobs = [job_of(work, line=line) for work in works]
    for job in jobs:
        job.play()
    assert eventually(lambda: all(work.steps for work in works)), "all have their threads"
    before = [work.steps for work in works]
    assert eventually(lambda: all(work.steps > at + 30 for work, at in zip(works, before, strict=True)))
    steps = [work.steps - at for work, at in zip(works, before, strict=True)]
    for job in jobs:
        job.stop()
    assert max(steps) - min(steps) < 20, f"in turns, not {steps}"


def test_a_run_at_full_speed_rests_between_its_steps_while_readers_wait_for_their_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ui.jobs.MANNERS", 60.0)
    work, let_in = Counter(seconds=0), threading.Event()

    def reader() -> None:
        with limits.SCRIPTS.taken("page"):
            let_in.set()

    with ExitStack() as pages:
        for _ in range(limits.SCRIPTS.places):
            pages.enter_context(taken_on_a_thread())
        waiting = threading.Thread(target=reader)
        waiting.start()
        assert eventually(lambda: limits.SCRIPTS.waiting == 1)
        job = job_of(work)
        job.play()
        assert eventually(lambda: work.steps == 1)
        assert not eventually(lambda: work.steps > 1, 0.2)
    assert let_in.wait(SOON)
    waiting.join(SOON)
    job.pause()
    job.play()
    assert eventually(lambda: work.steps > 50), "nobody waits any more"
    job.stop()


@contextmanager
def taken_on_a_thread() -> Iterator[None]:
    """A script that is being drawn."""
    inside, end = threading.Event(), threading.Event()

    def draw() -> None:
        with limits.SCRIPTS.taken("page"):
            inside.set()
            end.wait(SOON)

    thread = threading.Thread(target=draw)
    thread.start()
    assert inside.wait(SOON)
    yield
    end.set()
    thread.join(SOON)


def test_no_more_step_at_once_than_there_are_places() -> None:
    inside: list[int] = []
    most: list[int] = []

    def advance() -> bool:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.001)
        inside.pop()
        return True

    line = Line(2)
    jobs = [Job(advance, line=line, patience=60) for _ in range(6)]
    for job in jobs:
        job.play()
    assert eventually(lambda: len(most) > 100)
    for job in jobs:
        job.stop()
    assert max(most) == 2


def test_a_step_that_fails_gives_its_place_back() -> None:
    def advance() -> bool:
        raise ValueError("broken on purpose")

    line, work = Line(1), Counter()
    failing, other = Job(advance, line=line), job_of(work, line=line)
    failing.play()
    assert eventually(lambda: failing.status == "ended")
    other.play()
    assert eventually(lambda: work.steps > 0)
    other.stop()


def test_stopping_frees_the_thread_and_the_memory() -> None:
    class Holder:
        def __init__(self) -> None:
            self.weights = np.zeros(10**6)

        def advance(self) -> bool:
            self.weights += 1
            return True

    holder = Holder()
    alive = weakref.ref(holder)
    job = Job(holder.advance, line=Line(1))
    del holder
    job.play()
    assert eventually(lambda: threads() == 1)
    job.stop()
    assert eventually(lambda: threads() == 0)
    assert alive() is None
    assert job.status == "stopped"
