"""The stage: one cursor over forward, loss, backward and update, with every number explained in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import streamlit as st

from pages.backprop.forward_backward.compute import Experiment
from pages.backprop.forward_backward.labels import labels
from pages.backprop.forward_backward.stops import Stops
from ui import state
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.pack import pack

BROWSER = Path(__file__).parent / "browser"

RATES = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

_mount = mounted(
    "stepcnn.stage",
    html='<div class="stage-root bench-root"></div>',
    css=style("shared/bench.css") + style(BROWSER / "stage.css"),
    js=module(BROWSER / "stage.js"),
)


@dataclass(frozen=True)
class Edited:
    """A number that the learner replaced, in an array of the network or in the image ("x")."""

    array: str
    index: int
    value: float


@dataclass(frozen=True)
class Beginning:
    """Where a stage begins: at which stop, with which channels chosen. With another ``scene`` it begins again.

    ``standing`` is the rest of it: ``cell`` of the ``result``, ``choice`` of an update's weights, and how one stands
    before any bench (``ui.components.bench.standing``). What it leaves out is as usual.
    """

    scene: int = 0
    at: str = ""
    cursors: Mapping[str, int] = field(default_factory=dict)
    standing: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StageEvents:
    """What the learner did on the stage; None and False where nothing."""

    edit: Edited | None = None
    lr: float | None = None
    repeat: bool = False
    undo: bool = False
    reset: bool = False
    at: str | None = None
    cursors: Mapping[str, int] | None = None
    standing: Mapping[str, Any] | None = None


NAMES = ("place", "edit", "lr", "repeat", "undo", "reset")


def stage(
    experiment: Experiment,
    *,
    on_events: Callable[[StageEvents], None],
    texts: Mapping[str, tuple[str, str]],
    beginning: Beginning = Beginning(),
    key: str = "stage",
) -> None:
    """Draw an experiment. ``texts`` holds (heading, sentence) of every ``stop-…`` block. ``on_events`` runs before the
    page is drawn again, so that one run answers a change; moving and pointing stay in the browser, and only where the
    cursor comes to rest is told."""

    def heard(name: str) -> None:
        on_events(read_event(name, st.session_state.get(key, {}).get(name)))

    callbacks = {f"on_{name}_change": partial(heard, name) for name in NAMES}
    _mount(key=key, data=payload(experiment, texts=texts, beginning=beginning), **callbacks)


def read_event(name: str, value: Any) -> StageEvents:
    """What came from the browser under one of ``NAMES``, as an event; nothing where it can't be read."""
    if name == "edit":
        return StageEvents(edit=_edited(value))
    if name == "lr" and isinstance(value, int | float):
        return StageEvents(lr=float(value))
    if name in ("repeat", "undo", "reset"):
        return StageEvents(**{name: bool(value)})
    if name == "place" and isinstance(value, Mapping):
        chosen = value.get("cursors")
        numbers = {str(k): int(v) for k, v in chosen.items()} if isinstance(chosen, Mapping) else None
        rest = value.get("standing")
        standing = {str(k): v for k, v in rest.items()} if isinstance(rest, Mapping) else None
        return StageEvents(at=str(value.get("at", "")), cursors=numbers, standing=standing)
    return StageEvents()


def payload(experiment: Experiment, *, texts: Mapping[str, tuple[str, str]], beginning: Beginning) -> bytes:
    """Everything that the stage draws, as one block of bytes."""
    stops = Stops(experiment)
    arrays = stops.arrays()
    e = experiment
    version = blake2b(digest_size=8)
    for array in arrays.values():
        version.update(array.tobytes())
    present = bool(state.get("present"))
    told = (e.lr, e.losses, e.target, sorted(texts.items()), len(e.edits), present, beginning.scene)
    version.update(repr(told).encode())
    restart = blake2b(e.original_x.tobytes() + bytes([e.target]), digest_size=8)
    for array in e.original.params.values():
        restart.update(array.tobytes())
    meta: dict[str, Any] = {
        "version": version.hexdigest(),
        "restart": restart.hexdigest(),
        "scene": beginning.scene,
        "at": beginning.at,
        "cursors": stops.best() | dict(beginning.cursors),
        "standing": dict(beginning.standing),
        "stops": [stop.as_data(dict(e.network.layers)) for stop in stops.stops()],
        "columns": [asdict(column) for column in stops.columns()],
        "last": stops.places[-1].step.name,
        "target": e.target,
        "lr": e.lr,
        "rates": RATES,
        "loss": _finite(e.loss),
        "loss_after": _finite(e.loss_after),
        "losses": [_finite(loss) for loss in e.losses],
        "edits": [_edit(e, edit.array, edit.index, edit.value) for edit in e.edits],
        "texts": {name: list(text) for name, text in texts.items()},
        "labels": labels(),
        "present": present,
    }
    return pack(meta, arrays)


def _edit(e: Experiment, array: str, index: int, now: float) -> dict[str, Any]:
    before = e.original_x if array == "x" else e.original.params[array]
    return {"name": "image" if array == "x" else array, "was": float(before.flat[index]), "now": now}


def _edited(found: Any) -> Edited | None:
    if not isinstance(found, Mapping) or not {"array", "index", "value"} <= found.keys():
        return None
    return Edited(str(found["array"]), int(found["index"]), float(found["value"]))


def _finite(value: float) -> float | None:
    """JSON has no word for infinity: None says that the loss is no longer a number."""
    return value if value == value and abs(value) != float("inf") else None
