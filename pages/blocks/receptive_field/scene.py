"""The receptive field's picture: a stack that is built where it stands, and one unit's field on all of its maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from engine.analysis.receptive_field import Field
from engine.types import Array
from pages.blocks.receptive_field.compute.stack import Window
from pages.blocks.receptive_field.labels import labels
from ui import state
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.pack import pack

BROWSER = Path(__file__).parent / "browser"

Unit = tuple[int, int, int]
"""Level (0 is the image), row, column."""

Source = Literal["random", "digits", "predicted"]

_mount = mounted(
    "stepcnn.receptive",
    html='<div class="rf"></div>',
    css=style(BROWSER / "receptive.css"),
    js=module(BROWSER / "receptive.js"),
)

NUMBERS = ("kernel", "stride", "padding", "dilation")


@dataclass(frozen=True)
class Edit:
    """What the learner did to the stack: "set", "add", "remove", "size" or "seed"."""

    kind: str
    at: int = 0
    field: str = ""
    value: int | None = None
    what: str = ""


@dataclass(frozen=True)
class Scene:
    """All that the picture shows.

    ``fields``: the image's own and one for each window. ``weights``: a text for each of them. ``one``: the stack's
    weights in all, and the one large kernel that sees as much with its weights; None where that says nothing.
    ``measured``: level -> (rows, columns, H, W) for every unit, or for the chosen unit alone (H, W) under its level.
    """

    windows: tuple[Window, ...]
    fields: tuple[Field, ...]
    unit: Unit
    source: Source
    weights: Sequence[str]
    one: Mapping[str, str] | None
    measured: Mapping[int, Array]
    photo: Array | None = None
    editable: bool = False
    present: bool = False
    held: bool = False


def receptive(
    scene: Scene,
    *,
    texts: Mapping[str, tuple[str, str]],
    limits: Mapping[str, Any],
    digits: int,
    on_edit: Callable[[Edit], None],
    on_unit: Callable[[Unit, bool], None],
    key: str,
) -> None:
    """Draw a scene. ``texts`` holds (heading, sentence) of every ``say-…`` block, ``limits`` the least and most of
    every number that may be typed. Pointing stays in the browser; ``on_unit`` hears which unit was
    chosen, and whether it is held."""

    def heard(name: str) -> None:
        value = st.session_state.get(key, {}).get(name)
        if name == "unit":
            told = value if isinstance(value, Mapping) else {}
            unit = read_unit(told.get("at"))
            if unit is not None:
                on_unit(unit, bool(told.get("held")))
            return
        edit = read_edit(value)
        if edit is not None:
            on_edit(edit)

    data = payload(scene, texts=texts, limits=limits, digits=digits)
    _mount(key=key, data=data, on_unit_change=partial(heard, "unit"), on_event_change=partial(heard, "event"))


def read_unit(value: Any) -> Unit | None:
    """A chosen unit as it came from the browser; None where it can't be read."""
    if not isinstance(value, list | tuple) or len(value) != 3 or not all(isinstance(at, int) for at in value):
        return None
    return int(value[0]), int(value[1]), int(value[2])


def read_edit(value: Any) -> Edit | None:
    """What the learner did, as it came from the browser; None where it can't be read."""
    if not isinstance(value, Mapping) or value.get("kind") not in ("set", "add", "remove", "size", "seed"):
        return None
    at, number = value.get("at", 0), value.get("value")
    return Edit(
        kind=str(value["kind"]),
        at=int(at) if isinstance(at, int) else 0,
        field=str(value.get("field", "")),
        value=int(number) if isinstance(number, int | float) and number == number else None,
        what=str(value.get("what", "")),
    )


def payload(scene: Scene, *, texts: Mapping[str, tuple[str, str]], limits: Mapping[str, Any], digits: int) -> bytes:
    """The scene as one block of bytes. Of square maps one direction says all."""
    fields = scene.fields
    arrays = {f"measured:{level}" if field.ndim == 4 else "measured": field for level, field in scene.measured.items()}
    shown = blake2b(digest_size=8)
    for array in arrays.values():
        shown.update(array.tobytes())
    if scene.photo is not None:
        arrays["photo"] = scene.photo
    said = labels()
    said["note_digits"] = said["note_digits"].format(count=digits)
    meta: dict[str, Any] = {
        "windows": [
            {"kind": window.kind, **{name: getattr(window, name) for name in NUMBERS}} for window in scene.windows
        ],
        "levels": [
            {
                "name": field.name,
                "units": field.units[0],
                "size": field.size[0],
                "jump": field.jump[0],
                "first": field.first[0],
                "start": field.start[0],
                "weights": weights,
            }
            for field, weights in zip(fields, scene.weights, strict=True)
        ],
        "source": scene.source,
        "schematic": scene.photo is not None,
        "editable": scene.editable,
        "limits": dict(limits),
        "one": dict(scene.one) if scene.one else None,
        "labels": said,
        "present": scene.present,
        "asked": state.taken(),
    }
    texts = {name: list(text) for name, text in texts.items()}  # type: ignore[misc]
    meta["scene"] = blake2b(repr((sorted(meta.items()), sorted(texts.items()))).encode(), digest_size=8).hexdigest()
    meta |= {"texts": texts, "unit": list(scene.unit), "held": scene.held}
    meta["version"] = meta["scene"] + shown.hexdigest() + repr(scene.unit)
    return pack(meta, arrays)
