"""A lesson's picture: its script stands in the lesson's room, and one event says what the learner did.

    MOUNT = board(__file__, "plot")                  # browser/board.js and browser/board.css beside this file

    def drawn() -> Drawn:                            # what the browser is sent, besides what every board is sent
        return Drawn({"starts": STARTS}, {"y": y}, labels())

    frame.picture(MOUNT, drawn)                      # in the lesson's page

A lesson may have a second one, from another script: ``RACE = board(__file__, "plot", script="race")``.

The event is a change: the lesson's ``state`` as the browser holds it, told when it rests (its controls by name), and
whatever else the learner did, by its name. The script is built on shared/board.js.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.types import Array
from ui import state
from ui.components.labels import common_labels
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.pack import pack
from ui.components.telling import Change, listen
from ui.prose import Block

Mount = Callable[..., Any]


@dataclass(frozen=True)
class Drawn:
    """What the browser is sent besides the controls, the texts and the words of every board.

    ``state`` is where controls stand otherwise than they say; ``mount`` is another component than the lesson's own,
    where one of its views is drawn by it. Arrays travel as they are, or as ``dtype``.
    """

    meta: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, Array] = field(default_factory=dict)
    labels: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    mount: Mount | None = None
    dtype: npt.DTypeLike | None = None


def board(file: str, *sheets: str, script: str = "board", bench: bool = True) -> Mount:
    """The component of the room in which ``file`` stands.

    Args:
        file: of the room, which says its name and where its scripts and its own sheets lie.
        sheets: names of shared sheets.
        script: its script and its sheet; one that isn't the lesson's first goes into the component's name too.
        bench: whether the picture looks like a bench; one that doesn't would only have to undo its sheet.
    """
    room = Path(file).parent
    name, browser = room.name.replace("_", "-"), room / "browser"
    if script != "board":
        name += f"-{script}"
    shared = ("words", "bench", *sheets) if bench else ("words", *sheets)
    css = [style(f"shared/{sheet}.css") for sheet in shared] + [style(browser / f"{script}.css")]
    html = f'<div class="bench-root board {name}"></div>'
    return mounted(f"stepcnn.{name}", html=html, css="".join(css), js=module(browser / f"{script}.js"))


def draw(
    mount: Mount,
    drawn: Drawn,
    now: Mapping[str, Any],
    told: Callable[[Change], None],
    texts: Mapping[str, Block],
    *,
    key: str,
) -> None:
    """Draw the picture, or bring it up to date. ``now`` are the controls; ``told`` hears what the learner did."""
    meta: dict[str, Any] = {
        **drawn.meta,
        "texts": {name: list(text) for name, text in texts.items()},
        "labels": common_labels() | dict(drawn.labels),
        "present": bool(state.get("present")),
        "asked": state.taken(),
    }
    digest = blake2b(repr(meta).encode(), digest_size=8)
    arrays = {name: np.asarray(array, drawn.dtype or array.dtype) for name, array in drawn.arrays.items()}
    for name, array in arrays.items():
        digest.update(name.encode() + array.tobytes())
    # Where the controls stand is no reason to draw anew: the browser itself has just told it, or goes on without it.
    meta |= {"state": {**now, **drawn.state}, "version": digest.hexdigest()}
    # Another component is another widget, and has a key of its own.
    place = key if drawn.mount is None else f"{key}.other"
    listen(drawn.mount or mount, lambda heard: pack(meta | {"heard": heard}, arrays), told, key=place)
