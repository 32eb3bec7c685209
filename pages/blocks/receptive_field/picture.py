"""What the lesson "Receptive field" shows of its stack: what the browser is sent, and what can be taken home."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from engine.analysis.layer_cost import layer_cost
from engine.analysis.receptive_field import Field
from engine.data.augmentation import bilinear
from engine.data.digits import digits
from engine.data.photos import photo
from engine.trace import shapes_through
from engine.types import Array
from pages.blocks.receptive_field.compute.measured import measured_fields, random_field
from pages.blocks.receptive_field.compute.stack import Window, parse_stack, ways_above, ways_below, windows_of
from pages.blocks.receptive_field.controls import (
    LAYERS,
    LIMITS,
    TEMPLATE,
    Unit,
    fields,
    is_named,
    layers,
    network,
    size,
    unit,
    windows,
)
from pages.blocks.receptive_field.figure import Map, Sheet, field_figure
from pages.blocks.receptive_field.labels import labels
from ui import limits, state
from ui.components.board import Drawn, board
from ui.i18n import _

if TYPE_CHECKING:
    from ui.figures.export import Figure

MOUNT = board(__file__, bench=False)
NUMBERS = ("kernel", "stride", "padding", "dilation")
"""Of a window."""
ALONG = ("units", "size", "jump", "first", "start")
"""Of a layer's field, in each direction."""
SAMPLE = 32
"""How many held-out digits the trained network is measured on."""


def drawn() -> Drawn:
    """All that the picture shows, as the controls stand. Of square maps one direction says all."""
    net, stack, seen, named = state.get("net"), windows(), fields(), is_named()
    words = labels()
    meta = {
        "windows": [{"kind": window.kind, **{name: getattr(window, name) for name in NUMBERS}} for window in stack],
        "levels": [
            {"name": field.name, "weights": weights, **{name: getattr(field, name)[0] for name in ALONG}}
            for field, weights in zip(seen, ["", *(_weights(window) for window in stack)], strict=True)
        ],
        "source": "predicted" if named else "digits" if net == "digits" else "random",
        "schematic": named,
        "editable": net == "own",
        "limits": {**LIMITS, "layers": LAYERS},
        "one": _one_kernel(stack, seen[-1]),
        "unit": list(unit()),
    }
    found = {} if named else measured()
    arrays = {f"measured:{level}" if field.ndim == 4 else "measured": field for level, field in found.items()}
    if named:
        arrays["photo"] = _photo(size())
    return Drawn(meta, arrays, words | {"note_digits": words["note_digits"].format(count=SAMPLE)})


def measured() -> dict[int, Array]:
    """Level -> the measured fields (rows, columns, H, W) of every unit of the digit network; of the learner's own stack
    that of the chosen unit alone (H, W)."""
    if state.get("net") == "digits":
        flat = np.concatenate([network().params[name].ravel() for name in sorted(TEMPLATE.params)]).astype(np.float32)
        return {level + 1: field for level, field in enumerate(_digit_fields(flat.tobytes()))}
    at = unit()
    return {at[0]: _random_field(state.get("stack"), size(), at, int(state.get("seed")))} if at[0] else {}


def measured_unit() -> Array | None:
    """The measured field of the chosen unit alone, (H, W); None where nothing is measured."""
    level, row, column = unit()
    if is_named() or level == 0:
        return None
    field = measured()[level]
    return field[row, column] if field.ndim == 4 else field


def _weights(window: Window) -> str:
    """A window's weights: in the learner's stack in units of C², C maps before it and after it."""
    if window.kind == "pool":
        return "0"
    if state.get("net") == "own":
        return f"{window.kernel**2} C²"
    return f"{_weight_count(window.name):,}"


def _weight_count(name: str) -> int:
    found, shape = layers()
    shapes = [shape, *(out for _name, out in shapes_through(tuple(found), shape))]
    before = dict(zip((layer for layer, _layer in found), shapes, strict=False))
    return layer_cost(dict(found)[name], before[name]).parameters.terms[0].value


def _one_kernel(stack: Sequence[Window], last: Field) -> dict[str, str] | None:
    convolutions = [window for window in stack if window.kind == "conv"]
    if not convolutions:
        return None
    if state.get("net") != "own":
        return {"stack": f"{sum(_weight_count(window.name) for window in convolutions):,}", "window": "", "weights": ""}
    wide = last.size[0]
    text = _("one {wide}×{wide} kernel that sees as much:").format(wide=wide)
    return {"stack": f"{sum(w.kernel**2 for w in convolutions)} C²", "window": text, "weights": f"{wide**2} C²"}


def sizes() -> dict[str, object]:
    """What the equations' names stand for at the layer of the chosen unit."""
    if not windows():
        return {}
    level = max(unit()[0], 1)
    window, below = windows()[level - 1], fields()[level - 1]
    field = f"size {below.size}, jump {below.jump}, first {below.first}, units {below.units}"
    return {"k": window.kernel, "s": window.stride, "p": window.padding, "d": window.dilation, "field": field}


def _ways() -> list[Array]:
    """From or to the chosen unit: the ways on every map, (H, W) each."""
    level, row, column = unit()
    stack, image = windows(), size()
    both = [[*ways_below(stack, image, level, at), *ways_above(stack, image, level, at)[1:]] for at in (row, column)]
    return [np.outer(down, across) for down, across in zip(*both, strict=True)]


def sheet() -> Sheet:
    """The figure to take away: the ways on every map, and the measured field."""
    level, row, column = unit()
    seen = fields()
    names = [_("image"), *(field.name for field in seen[1:])]
    maps = [
        Map(name, f"r {f.size[0]}, jump {f.jump[0]}", ways) for name, f, ways in zip(names, seen, _ways(), strict=True)
    ]
    found = measured_unit()
    if found is not None:
        maps.append(Map(_("measured"), _("|d unit / d pixel|"), found))
    title = _("What unit [{row}, {column}] of {layer} sees").format(row=row, column=column, layer=names[level])
    return Sheet(title, tuple(maps), seen[level].pixels((row, column)), level)


def figure() -> Figure:
    """The sheet, drawn."""
    return field_figure(sheet())


def numbers() -> dict[str, Array]:
    """The numbers to take away: the table, the ways on every map, and the measured field."""
    seen = fields()
    table = {name: np.array([getattr(field, name)[0] for field in seen]) for name in ALONG}
    found = measured_unit()
    ways = {f"ways_{field.name}": way for field, way in zip(seen, _ways(), strict=True)}
    return {**table, **ways, **({} if found is None else {"measured": found})}


@st.cache_data(max_entries=512, show_spinner=False)
def _random_field(stack: str, size: int, at: Unit, seed: int) -> Array:
    with limits.HEAVY:
        found = random_field(parse_stack(stack), size, at[0], at[1:], rng=np.random.default_rng(seed))
    return found.astype(np.float32)


@st.cache_data(max_entries=64, show_spinner=False)
def _digit_fields(params: bytes) -> list[Array]:
    """The measured fields of every window's units, for the digit network with these parameters in order of name."""
    numbers, at, given = np.frombuffer(params, np.float32), 0, {}
    for name in sorted(TEMPLATE.params):
        like = TEMPLATE.params[name]
        given[name] = numbers[at : at + like.size].reshape(like.shape)
        at += like.size
    of, x = TEMPLATE.replace(given), digits().validation_x[:SAMPLE]
    with limits.HEAVY:
        return [measured_fields(of, x, window.name).astype(np.float32) for window in windows_of(of.layers)]


@st.cache_data(max_entries=4, show_spinner=False)
def _photo(size: int) -> Array:
    """The photograph's middle as a square of this many pixels: (size, size, 3) in 0 ... 255."""
    whole = photo("flower")
    height, width = whole.shape[1:]
    down = np.linspace(0, height - 1, size)
    i, j = np.meshgrid(down, down + (width - height) / 2, indexing="ij")
    image: Array = np.rint(255 * bilinear(whole[None], i[None], j[None])[0].transpose(1, 2, 0)).astype(np.uint8)
    return image
