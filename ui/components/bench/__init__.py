"""A bench: pictures of explained grids, with words, a few settings and the arithmetic of any cell.

    bench(
        Scene("conv", rows=[[x, "∗", kernel, "=", y]], text="slide", formula=formula("conv")),
        arrays={"x": x, "weight": w, "y": y},
        texts={"slide": ("What does the kernel see?", "… **{value}** at row {row}, column {column}")},
        events=Events(edit=take_edit, set=take_settings),
        key="convolution.bench",
    )

Pointing, walking and playing stay in the browser (shared/bench.js). What was typed or chosen comes back as an
event before the page, or the fragment around, runs again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from hashlib import blake2b
from typing import Any, Literal

import numpy as np
import streamlit as st

from engine.types import Array
from ui import state
from ui.components.bench import standing
from ui.components.bench.labels import bench_labels
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.pack import pack
from ui.figures.grids import Picture, picture_data

HTML = '<div class="bench-root"></div>'

_mount = mounted("stepcnn.bench", html=HTML, css=style("shared/bench.css"), js=module("shared/workbench.js"))


@dataclass(frozen=True)
class Knob:
    """A setting in the row above the pictures: a number that steps, pills, a list, or a button.

    ``options`` are (value, word) of a choice or select; ``flagged`` marks a value that doesn't fit.
    """

    kind: Literal["step", "choice", "select", "button"]
    name: str
    label: str
    value: str | int | None = None
    low: int = 0
    high: int = 0
    options: Sequence[tuple[str, str]] = ()
    flagged: bool = False


@dataclass(frozen=True)
class Note:
    """A line above the pictures; ``flagged`` warns. ``**…**`` is strong."""

    text: str
    flagged: bool = False


@dataclass(frozen=True)
class Scene:
    """What is shown at one time.

    id        another id is another scene: the cursor begins anew. The same id keeps it over changes
    rows      the pictures, one under the other; of each, input left, output right
    text      the block of ``texts`` that the column of words shows
    how       the way the terms make a result: "sum", "max", "gate", "route", "given"; a grid may have its own
    start     the entry explained at first; the largest one if None
    kicker    the small line above the heading
    formula   HTML, with ``<v g="X">…</v>`` around the symbol that grid X shows; ``shapes`` the line beneath it
    code      what ``ui.figures.formulas.source`` gives
    facts     gaps of the texts, besides value, row, column, k, count, bias and channel, which the browser fills
    cursors   the channel that each cursor begins at
    align     "end" sets the pictures on one line instead of around one
    plays     whether the cells can be played one by one
    tells     whether the page wants to know where the cursor rests (``Events.place``)
    active    the id of the result that is explained at first, where there are several; the first one if None
    held, unfolded, scope, pane: how one stands before it; ``bench`` puts in what the link says
    """

    id: str
    rows: Sequence[Picture]
    text: str
    how: str = "sum"
    start: int | None = None
    kicker: str = ""
    formula: str = ""
    shapes: str = ""
    code: Mapping[str, Any] | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)
    cursors: Mapping[str, int] = field(default_factory=dict)
    knobs: Sequence[Knob] = ()
    notes: Sequence[Note] = ()
    align: Literal["center", "end"] = "center"
    plays: bool = True
    tells: bool = False
    active: str | None = None
    held: bool = False
    unfolded: bool = False
    scope: Literal["map", "layer"] = "map"
    pane: Literal["formula", "code"] = "formula"

    def as_data(self) -> dict[str, Any]:
        """Plain JSON."""
        own = {name: getattr(self, name) for name in self.__dataclass_fields__}
        own |= {"rows": [picture_data(row) for row in self.rows], "facts": dict(self.facts)}
        own |= {"cursors": dict(self.cursors), "knobs": [asdict(knob) for knob in self.knobs]}
        return own | {"notes": [asdict(note) for note in self.notes], "code": self.code and dict(self.code)}


@dataclass(frozen=True)
class Edited:
    """A number that the learner replaced: entry ``index`` of the flat array."""

    array: str
    index: int
    value: float


@dataclass(frozen=True)
class Rested:
    """Where the cursor came to rest: the explained entry, the channel of each cursor, and the result's id."""

    cell: int
    cursors: Mapping[str, int]
    active: str = ""


@dataclass(frozen=True)
class Events:
    """What to call for what the learner did; each runs before the page is drawn again.

    ``edit`` hears a typed number, ``set`` the settings that changed ({name: value}: check them, they come from the
    browser), ``act`` a button's name, ``place`` where the cursor rests.
    """

    edit: Callable[[Edited], None] | None = None
    set: Callable[[Mapping[str, Any]], None] | None = None
    act: Callable[[str], None] | None = None
    place: Callable[[Rested], None] | None = None


def bench(
    scene: Scene,
    *,
    arrays: Mapping[str, Array],
    texts: Mapping[str, tuple[str, str]],
    events: Events = Events(),
    key: str,
    labels: Mapping[str, str] | None = None,
    mount: Callable[..., Any] = _mount,
) -> None:
    """Draw a scene.

    Args:
        scene: what is shown.
        arrays: every array that a grid shows or a rule reads, by name; ``was:name`` marks what differs from before.
        texts: (heading, sentence) by name; gaps ``{value}``, ``**…**`` strong.
        events: what to call when the learner changes something.
        key: of the component on this page.
        labels: words for roles and notes of the lesson's own, besides ``bench_labels``.
        mount: a component of the lesson's own whose script extends shared/workbench.js.
    """

    def heard(name: str) -> None:
        value = st.session_state.get(key, {}).get(name)
        if name == "place" and isinstance(value, Mapping):
            standing.take(value, scene.rows if scene.active is None else ())
        hear(events, name, value)

    callbacks = {f"on_{name}_change": partial(heard, name) for name in ("edit", "set", "act", "place")}
    active = scene.active or standing.result(scene.rows)
    shown = replace(scene, active=active, **standing.now()) if scene.tells else scene
    mount(key=key, data=payload(shown, arrays, texts, labels or {}, state.taken()), **callbacks)


def hear(events: Events, name: str, value: Any) -> None:
    """Hand on what came from the browser; what can't be read is left out."""
    if name == "edit" and events.edit and isinstance(value, Mapping) and {"array", "index", "value"} <= value.keys():
        events.edit(Edited(str(value["array"]), int(value["index"]), float(value["value"])))
    elif name == "set" and events.set and isinstance(value, Mapping):
        events.set({str(key): found for key, found in value.items()})
    elif name == "act" and events.act and isinstance(value, str):
        events.act(value)
    elif name == "place" and events.place and isinstance(value, Mapping) and isinstance(value.get("cell"), int):
        cursors = value.get("cursors")
        chosen = cursors if isinstance(cursors, Mapping) else {}
        place = Rested(value["cell"], {str(k): int(v) for k, v in chosen.items()}, str(value.get("active") or ""))
        events.place(place)


STANDING = ("start", "cursors", "active", *standing.HOW)


def payload(
    scene: Scene,
    arrays: Mapping[str, Array],
    texts: Mapping[str, tuple[str, str]],
    labels: Mapping[str, str],
    asked: int = 0,
) -> bytes:
    """Everything that the bench draws, as one block of bytes; with another ``asked`` it begins where the scene says."""
    meta = scene.as_data() | {
        "texts": {name: list(text) for name, text in texts.items()},
        "labels": bench_labels() | dict(labels),
        "present": bool(state.get("present")),
        "asked": asked,
    }
    sent = {name: np.asarray(array, np.float32) for name, array in arrays.items()}
    # Where the cursor begins is no reason to draw anew: the browser itself may just have told it.
    drawn = {name: value for name, value in meta.items() if name not in STANDING}
    version = blake2b(repr(drawn).encode(), digest_size=8)
    for name, array in sent.items():
        version.update(name.encode() + array.tobytes())
    return pack(meta | {"version": version.hexdigest()}, sent)
