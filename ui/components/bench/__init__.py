"""A bench: pictures of explained grids, with words, a few settings and the arithmetic of any cell.

    def drawn() -> Drawn:
        return bench(
            Scene("conv", rows=[[x, "∗", kernel, "=", y]], text="slide", formula=formula("conv")),
            {"x": x, "weight": w, "y": y},
        )

    frame.picture(BENCH, drawn, acts=EDITS.acts, says="scene-")

Pointing, walking and playing stay in the browser (shared/bench.js). Where the cursor rests is told as the controls of
``ui.components.bench.standing`` and those that the scene names; a setting as the control that has its name; and a typed
number as an edit (ui/edits.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from engine.types import Array
from ui.components.bench.labels import bench_labels
from ui.components.board import Drawn, Mount
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.edits import Edits
from ui.figures.grids import Picture, picture_data
from ui.i18n import _

BENCH = mounted(
    "stepcnn.bench",
    html='<div class="bench-root board"></div>',
    css=style("shared/words.css") + style("shared/bench.css"),
    js=module("shared/workbench.js"),
)
"""The bench as it is; a lesson whose script extends shared/workbench.js has a board of its own."""


@dataclass(frozen=True)
class Knob:
    """A setting in the row above the pictures: a number that steps, ``by`` so much, pills, a list, or a button.

    ``options`` are (value, word) of a choice or select; ``flagged`` marks a value that doesn't fit; ``said`` is what a
    screen reader says where no label is written, since the words of the options are enough for the eye.
    """

    kind: Literal["step", "choice", "select", "button"]
    name: str
    label: str
    value: str | int | None = None
    low: int = 0
    high: int = 0
    by: int = 1
    options: Sequence[tuple[str, str]] = ()
    flagged: bool = False
    said: str = ""


def undoing(edits: Edits) -> list[Knob]:
    """The buttons that take typed numbers back, where there are any."""
    if not edits.typed:
        return []
    return [Knob("button", "undo", _("undo")), Knob("button", "restore", _("all as it was"))]


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
    text      the block of texts that the column of words shows
    how       the way the terms make a result: "sum", "max", "gate", "route", "given"; a grid may have its own
    start     the entry explained if nobody chose one; the largest one if None
    kicker    the small line above the heading
    formula   HTML, with ``<v g="X">…</v>`` around the symbol that grid X shows; ``shapes`` the line beneath it
    code      what ``ui.figures.formulas.source`` gives
    facts     gaps of the texts, besides value, row, column, k, count, bias and channel, which the browser fills
    cursors   the channel that each cursor begins at; one that a control has the name of is kept there
    align     "end" sets the pictures on one line instead of around one
    plays     whether the cells can be played one by one
    result    the control that holds which result is explained, where there are several: its id, or its place among
              ``results``
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
    result: str = "result"
    results: Sequence[str] = ()

    def as_data(self) -> dict[str, Any]:
        """Plain JSON."""
        own = {name: getattr(self, name) for name in self.__dataclass_fields__}
        own |= {"rows": [picture_data(row) for row in self.rows], "facts": dict(self.facts)}
        own |= {"cursors": dict(self.cursors), "knobs": [asdict(knob) for knob in self.knobs]}
        own |= {"results": list(self.results), "code": self.code and dict(self.code)}
        return own | {"notes": [asdict(note) for note in self.notes]}


def bench(
    scene: Scene,
    arrays: Mapping[str, Array],
    labels: Mapping[str, str] | None = None,
    *,
    state: Mapping[str, Any] | None = None,
    mount: Mount | None = None,
) -> Drawn:
    """What the browser is sent of a scene.

    Args:
        scene: what is shown.
        arrays: every array that a grid shows or a rule reads, by name; ``was:name`` marks what differs from before.
        labels: words for roles and notes of the lesson's own, besides ``bench_labels``.
        state, mount: as ``Drawn`` has them.
    """
    return Drawn(scene.as_data(), arrays, bench_labels() | dict(labels or {}), state or {}, mount, np.float32)
