"""From a race of starts to what its component draws."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.data.digits import CLASSES
from engine.types import Array
from pages.training.weight_initialization.compute import STEPS, Record, apart, smoothed
from pages.training.weight_initialization.controls import RATES
from pages.training.weight_initialization.race import Track
from pages.training.weight_initialization.words import percent, recipe
from ui.components.pack import pack
from ui.i18n import _, language

FRAME_EVERY = 5
"""Weights are sent for every fifth step."""


def picture(
    track: Track, names: Mapping[str, str], words: Mapping[str, str], *, units: str, lr: str, heard: int
) -> bytes:
    """Everything that the component draws. names: of the classic experiments; words: question and sentences of the
    lesson's prose; units: whose weights are shown."""
    race, job = track.race, track.job
    records = dict(race.records) if race else {}
    first = race.first if race else ""
    shown = units if units in records else first
    status = job.status if job else "paused"
    meta = {
        "language": language(),
        "heard": heard,
        "words": {**_words(), **words},
        "status": status,
        "ahead": job.ahead if job and status == "queued" else 0,
        "failed": bool(job and job.error),
        "rates": RATES,
        "lr": lr,
        "steps": STEPS,
        "guess": math.log(CLASSES),
        "first": first,
        "units": shown,
        "recipe": recipe(race.starts[shown].setup) if race and shown else "",
        "starts": [
            _start(name, names.get(name, _("yours")), record, name == first) for name, record in records.items()
        ],
    }
    arrays: dict[str, Array] = {f"loss.{name}": smoothed(record.losses) for name, record in records.items()}
    if shown in records:
        arrays |= weights(records[shown])
    return pack(meta, arrays)


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


def _words() -> dict[str, str]:
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
