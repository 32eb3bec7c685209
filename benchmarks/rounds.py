"""Contenders take turns: a batch of steps each, round after round, every round in another order.

So what slows the machine down for a while slows everybody. Each contender is a process of its own: threads,
memory and caches are nobody else's, and who isn't asked sleeps.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.worker import Answer

ROOT = Path(__file__).parents[1]
WARM_UP_STEPS = 3
AGREEMENT = 1e-3
"""How far the contenders' witnesses may lie apart, relative to ours: float32, added up in different orders."""


@dataclass(frozen=True)
class Plan:
    """How much is measured: so many rounds, batches of at least so many seconds, and the threads of a contender."""

    rounds: int
    seconds: float
    threads: int


@dataclass(frozen=True)
class Measured:
    """A contender's median time for one step, its memory, and its witness after the first steps.

    ``share`` is the part of its turns in which it had a core; on several threads it may be more than 1.
    """

    ms: float
    share: float
    imports_mb: float
    peak_mb: float
    witness: float | None


class Worker:
    """A contender's process, and the questions to it."""

    def __init__(self, contender: str, workload: str, threads: int) -> None:
        self._who = f"{contender} on {workload}"
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", contender, workload],
            cwd=ROOT,
            env=os.environ | dict.fromkeys(names, str(threads)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, steps: int = 1, seconds: float = 0.0) -> None:
        """Set it to work, without waiting."""
        if self._process.stdin is None:
            raise RuntimeError(f"{self._who} can't be asked.")
        self._process.stdin.write(json.dumps({"steps": steps, "seconds": seconds}) + "\n")
        self._process.stdin.flush()

    def wait(self) -> str:
        """Its next line. Raises RuntimeError if it ended; what it said on its standard error stands above."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"The process of {self._who} ended before it answered; its message stands above.")
        return line

    def answer(self) -> Answer:
        return Answer(**json.loads(self.wait()))

    def batch(self, seconds: float) -> Answer:
        """A batch of steps, waited for."""
        self.ask(seconds=seconds)
        return self.answer()

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def workers(contenders: Sequence[str], workload: str, threads: int) -> Iterator[list[Worker]]:
    """A process for each contender, ready to be asked, and ended afterwards whatever happens."""
    with ExitStack() as stack:
        started = []
        for contender in contenders:
            worker = Worker(contender, workload, threads)
            stack.callback(worker.end)
            started.append(worker)
        for worker in started:
            worker.wait()
        yield started


def measure(workload: str, contenders: Sequence[str], plan: Plan) -> dict[str, Measured]:
    """Every contender's median over the rounds. Raises ValueError where they don't compute the same."""
    with workers(contenders, workload, plan.threads) as started:
        team = dict(zip(contenders, started, strict=True))
        witnesses = {}
        for name, worker in team.items():
            worker.ask(steps=WARM_UP_STEPS)
            witnesses[name] = worker.answer().witness
        expect_agreement(workload, witnesses)
        answers: dict[str, list[Answer]] = {name: [] for name in team}
        for number in range(plan.rounds + 1):
            for name in turned(contenders, number):
                answers[name].append(team[name].batch(plan.seconds))
    return {
        name: Measured(
            # The first round is a warm-up too.
            median(answer.ms for answer in own[1:]),
            share(own[1:]),
            own[-1].imports / 1e6,
            own[-1].peak / 1e6,
            witnesses[name],
        )
        for name, own in answers.items()
    }


def share(answers: Sequence[Answer]) -> float:
    """The part of all these turns that was spent on a core."""
    return sum(answer.processor for answer in answers) / sum(answer.seconds for answer in answers)


def difference(witnesses: dict[str, float | None]) -> float:
    """The largest relative difference of a witness from ours; 0 where nobody else has one."""
    known = {name: value for name, value in witnesses.items() if value is not None}
    ours = known.pop("ours", None)
    if ours is None:
        return 0.0
    apart = [abs(value - ours) / abs(ours) for value in known.values()]
    # max() would lose a nan that isn't the first.
    return math.nan if any(map(math.isnan, apart)) else max(apart, default=0.0)


def expect_agreement(workload: str, witnesses: dict[str, float | None]) -> None:
    """Raises ValueError unless every witness is ours but for rounding: times of different sums mean nothing."""
    if not difference(witnesses) <= AGREEMENT:
        told = ", ".join(f"{name} {value:.6g}" for name, value in witnesses.items() if value is not None)
        raise ValueError(
            f"{workload}: the contenders don't compute the same. After {WARM_UP_STEPS} steps they are at {told}; "
            f"a relative difference of {AGREEMENT:g} was expected at most."
        )


def turned(names: Sequence[str], number: int) -> list[str]:
    """The names in an order that begins one further in every round."""
    at = number % len(names)
    return [*names[at:], *names[:at]]


@dataclass(frozen=True)
class Crowded:
    """A contender's median time for one step while the other cores idle, and while they are busy.

    ``idle_share`` and ``busy_share`` are the parts of its turns in which it had a core. Well under 1, a third
    program was at work, and the times say more about that one.
    """

    idle_ms: float
    busy_ms: float
    idle_share: float
    busy_share: float

    @property
    def slowdown(self) -> float:
        return self.busy_ms / self.idle_ms


def measure_crowded(workload: str, contenders: Sequence[str], plan: Plan) -> dict[str, Crowded]:
    """The same workload on one thread, in turns with idle cores and while every other core trains a network too.

    The busy processes stop by themselves; a round that outlasted them isn't counted.
    """
    idle: dict[str, list[Answer]] = {name: [] for name in contenders}
    busy: dict[str, list[Answer]] = {name: [] for name in contenders}
    others = (os.cpu_count() or 1) - 1
    with workers([*contenders, *["ours"] * others], workload, 1) as started:
        team, crowd = dict(zip(contenders, started, strict=False)), started[len(contenders) :]
        for worker in started:
            worker.batch(plan.seconds)
        for number in range(plan.rounds):
            order = turned(contenders, number)
            for name in order:
                idle[name].append(team[name].batch(plan.seconds))
            start = perf_counter()
            for worker in crowd:
                worker.ask(seconds=2 * len(order) * plan.seconds + 0.2)
            pressed = {name: team[name].batch(plan.seconds) for name in order}
            took = perf_counter() - start
            if all(worker.answer().seconds > took for worker in crowd):
                for name, answer in pressed.items():
                    busy[name].append(answer)
    if others == 0 or not all(busy.values()):
        return {}
    return {
        name: Crowded(
            median(answer.ms for answer in idle[name]),
            median(answer.ms for answer in busy[name]),
            share(idle[name]),
            share(busy[name]),
        )
        for name in contenders
    }
