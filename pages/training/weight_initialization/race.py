"""The race of the starts: which first weights learn? One run at a time, in the background of a session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.data.digits import digits
from engine.signal import Setup
from pages.training.weight_initialization.compute import PRESETS, Record, Training
from pages.training.weight_initialization.controls import MINE, RATES, setup, shaped
from ui import state, visit
from ui.jobs import Job


@dataclass(frozen=True)
class Start:
    """What a run is made from; the same start gives the same numbers."""

    setup: Setup
    lr: float
    seed: int


_FINISHED: dict[Start, Record] = {}
"""Runs of the classic experiments that anyone on this server has seen to their end."""
_LOCK = threading.Lock()


@dataclass
class Race:
    """The learner's own start first, then the classic experiments."""

    starts: dict[str, Start]
    records: dict[str, Record] = field(default_factory=dict)
    _training: Training | None = None

    @classmethod
    def of_now(cls) -> Race:
        """From the settings as they stand."""
        lr, mine = float(state.get("lr")), setup()
        known = {name: Start(one, lr, 0) for name, one in PRESETS.items()}
        own = Start(mine, lr, int(state.get("seed")))
        starts = known if own in known.values() else {MINE: own} | known
        first = next(name for name, start in starts.items() if start == own)
        return cls({first: own} | starts)

    @property
    def first(self) -> str:
        """The start that the learner had chosen."""
        return next(iter(self.starts))

    def advance(self) -> bool:
        """Take a step of the first run that isn't at its end; False when all are."""
        for name, start in self.starts.items():
            if name in self.records and self.records[name].ended:
                continue
            done = _FINISHED.get(start)
            if done is not None:
                self.records[name] = done
                continue
            if self._training is None:
                self._training = train(start)
            more = self._training.advance()
            self.records[name] = self._training.record()
            if not more:
                self._training = None
                if name != MINE:
                    with _LOCK:
                        _FINISHED[start] = self.records[name]
            return True
        return False


def train(start: Start) -> Training:
    """A run on the digits, at its beginning."""
    data = digits()
    return Training(
        start.setup,
        (shaped(data.train_x, start.setup), data.train_y),
        (shaped(data.validation_x, start.setup), data.validation_y),
        lr=start.lr,
        seed=start.seed,
    )


class Track:
    """Room for one race: another one ends it."""

    def __init__(self) -> None:
        self.race: Race | None = None
        self.job: Job | None = None

    def start(self) -> None:
        """Begin a race from the settings as they stand."""
        self.clear()
        self.race = Race.of_now()
        self.job = Job(self.race.advance)
        self.job.play()

    def begun(self) -> bool:
        """Whether a race was begun."""
        return self.race is not None

    def rest(self) -> None:
        """Take no further step while nobody looks."""
        if self.job is not None:
            self.job.pause()

    def clear(self) -> None:
        """End the race that is on."""
        if self.job is not None:
            self.job.stop()
        self.race = self.job = None


def track() -> Track:
    """This visit's track."""
    return visit.held("race", Track)


def act(change: Mapping[str, Any]) -> None:
    """What the learner did: begin a race, choose a learning rate, or whose units are shown."""
    if change.get("lr") in RATES:
        state.set("lr", change["lr"])
    if change.get("units") in (MINE, *PRESETS):
        state.set("units", change["units"])
    if change.get("go"):
        state.set("units", MINE)
        track().start()


def words(block: Callable[..., str]) -> dict[str, str]:
    """The race's question and what is to be said of it."""
    heading, _, body = block("race").partition("\n")
    return {"title": heading.lstrip("# "), "text": " ".join(body.split())}
