"""The race of the starts, and its picture: which first weights learn? One run at a time, in the background."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.data.digits import CLASSES, digits
from engine.signal import Setup
from engine.types import Array
from pages.training.weight_initialization.compute import PRESETS, STEPS, Record, Training, apart, smoothed
from pages.training.weight_initialization.controls import MINE, RATES, setup, shaped
from pages.training.weight_initialization.words import percent, race_names, recipe
from ui import state, visit
from ui.components.board import Drawn, board
from ui.i18n import _
from ui.jobs import Job

MOUNT = board(__file__, "plot", script="race")
FRAME_EVERY = 5
"""Weights are sent for every fifth step."""


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


def start(_go: object) -> None:
    """Begin a race; it shows the learner's own units first."""
    state.set("units", MINE)
    track().start()


def drawn() -> Drawn:
    """The race as it stands. Each picture of one that is on asks for the next, so it goes on while someone looks."""
    race, job = track().race, track().job
    if job is not None:
        job.look()
    records = dict(race.records) if race else {}
    first = race.first if race else ""
    units = state.get("units")
    shown = units if units in records else first
    status = job.status if job else "paused"
    names = race_names()
    meta = {
        "mine": MINE,
        "status": status,
        "ahead": job.ahead if job and status == "queued" else 0,
        "failed": bool(job and job.error),
        "rates": RATES,
        "steps": STEPS,
        "guess": math.log(CLASSES),
        "units": shown,
        "recipe": recipe(race.starts[shown].setup) if race and shown else "",
        "starts": [
            _start(name, names.get(name, _("yours")), record, name == first) for name, record in records.items()
        ],
    }
    arrays: dict[str, Array] = {f"loss.{name}": smoothed(record.losses) for name, record in records.items()}
    if shown in records:
        arrays |= weights(records[shown])
    return Drawn(meta, arrays, _labels())


def weights(record: Record) -> dict[str, Array]:
    """What the first units' weights have gained since the start (frames, units, inputs), and how far apart the units
    are at each of these steps (frames,)."""
    frames = record.rows[::FRAME_EVERY]
    return {"gained": (frames - frames[0]).astype(np.float32), "apart": apart(frames).astype(np.float32)}


def _start(name: str, label: str, record: Record, is_first: bool) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "first": is_first,
        "step": len(record.losses),
        "ended": record.ended,
        "stopped": record.ended and record.accuracy is None,
        "accuracy": percent(record.accuracy) if record.accuracy is not None else "",
    }


def _labels() -> dict[str, str]:
    return {
        "train": _("Train from here"),
        "again": _("Train again from here"),
        "loss": _("loss"),
        "step": _("step"),
        "guess": _("guessing: ln 10"),
        "rate": _("learning rate"),
        "right": _("{share} of the held-out digits right"),
        "stopped": _("outgrew float32 at step {step}"),
        "queued": _("{count} ahead of you"),
        "failed": _("Something went wrong in this run. Train again."),
        "gained": _("What the first eight units have learnt: W − W at the start"),
        "unit": _("unit {number}"),
        "apart": _("largest difference between two units' weights: {value}"),
        "nothing": _("No weights yet: train first."),
        "scrub": _("step of training"),
        "plot": _("The loss of every start, step by step"),
        "curve": _("click a start to see its units"),
    }
