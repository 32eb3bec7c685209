"""The stage: one cursor over forward, loss, backward and update, with every number explained in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

import streamlit as st

from engine.experiment import Experiment
from ui import state
from ui.components.modules import module, style
from ui.components.pack import pack
from ui.components.stage.labels import labels
from ui.figures.stops import Stops

RATES = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

_mount = st.components.v2.component(
    "stepcnn.stage",
    html='<div class="stage-root"></div>',
    css=style("stage/stage.css"),
    js=module("stage/stage.js"),
)


@dataclass(frozen=True)
class Edited:
    """A number that the learner replaced, in an array of the network or in the image ("x")."""

    array: str
    index: int
    value: float


@dataclass(frozen=True)
class StageEvents:
    """What the learner did on the stage in this run; None and False where nothing."""

    edit: Edited | None
    lr: float | None
    repeat: bool
    undo: bool
    reset: bool
    at: str | None
    cursors: Mapping[str, int] | None


def stage(
    experiment: Experiment,
    *,
    texts: Mapping[str, tuple[str, str]],
    at: str = "",
    cursors: Mapping[str, int] | None = None,
    key: str = "stage",
) -> StageEvents:
    """Draw an experiment. ``texts`` holds (heading, sentence) of every ``stop-…`` block; ``at`` and ``cursors`` say
    where to begin. What the learner changes comes back as events; moving and pointing never do."""
    data = payload(experiment, texts=texts, at=at, cursors=cursors or {})
    names = ("place", "edit", "lr", "repeat", "undo", "reset")
    found = _mount(key=key, data=data, **{f"on_{name}_change": _nothing for name in names})
    place = found.get("place") or {}
    edit = found.get("edit")
    return StageEvents(
        edit=_edited(edit),
        lr=float(found["lr"]) if isinstance(found.get("lr"), int | float) else None,
        repeat=bool(found.get("repeat")),
        undo=bool(found.get("undo")),
        reset=bool(found.get("reset")),
        at=str(place["at"]) if "at" in place else None,
        cursors={str(k): int(v) for k, v in place["cursors"].items()} if "cursors" in place else None,
    )


def payload(
    experiment: Experiment, *, texts: Mapping[str, tuple[str, str]], at: str, cursors: Mapping[str, int]
) -> bytes:
    """Everything that the stage draws, as one block of bytes."""
    stops = Stops(experiment)
    arrays = stops.arrays()
    e = experiment
    version = blake2b(digest_size=8)
    for array in arrays.values():
        version.update(array.tobytes())
    version.update(repr((e.lr, e.losses, e.target, sorted(texts.items()), len(e.edits))).encode())
    meta: dict[str, Any] = {
        "version": version.hexdigest(),
        "restart": blake2b(e.original_x.tobytes() + bytes([e.target]), digest_size=8).hexdigest(),
        "at": at,
        "cursors": stops.best() | dict(cursors),
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
        "present": bool(state.get("present")),
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


def _nothing() -> None:
    """Streamlit reports a value of a component only where somebody listens."""
