"""What the lesson "Feature maps" shows: every map of one picture, what fires a kernel, and the sheet to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from engine.data.digits import CLASSES, all_digits, digits
from engine.data.shapes import SHAPES
from engine.layers import Conv2d
from engine.network import Network
from engine.types import Array, Pair
from pages.inside.feature_maps import controls as lesson
from pages.inside.feature_maps import sources as pictures
from pages.inside.feature_maps.compute import (
    By,
    Peaks,
    as_maps,
    colour_share,
    direction,
    field_of,
    fires,
    kernels_behind,
    peaks,
    sparsity,
    strength,
    strongest,
    top_inputs,
)
from pages.inside.feature_maps.figure import Sheet, maps_figure
from pages.inside.feature_maps.labels import labels
from ui import limits, state
from ui.components.board import Drawn, board
from ui.i18n import _

if TYPE_CHECKING:
    from ui.figures.export import Figure

MOUNT = board(__file__, bench=False)
BY: tuple[By, ...] = ("max", "mean")
SHAPES_SEEN = 400
"""How many coloured shapes are searched for those that fire a kernel."""
MOST = 9
EACH = {"digits": 1, "shapes": 2}
"""How many pictures of each class stand in the table of kernels and pictures."""


def drawn() -> Drawn:
    """All that the picture shows, as the controls stand."""
    of, view, layer = lesson.network(), str(state.get("view")), str(state.get("layer"))
    shown = pictures.shown(of.input_shape)
    trace = of.forward(shown.image[None])
    maps = {name: as_maps(trace[name].y[0]) for name in lesson.open_layers()}
    chosen = lesson.channel()
    at = int(strongest(maps[layer])[0]) if chosen is None else chosen
    nine = samples(of, layer, at) if view == "kernel" else None
    crossing = table(of, layer, shown) if view == "crossing" else None
    arrays = {"input": shown.image}
    for name, y in maps.items():
        arrays |= _arrays(of, name, y)
    for name, found in (("samples", nine), ("table", crossing)):
        arrays |= {} if found is None else found.arrays(name)
    meta = {
        "net": str(state.get("net")),
        "title": shown.name,
        "levels": [_level(of, name, y) for name, y in maps.items()],
        "classes": classes(),
        "samples": nine and nine.listed(),
        "table": crossing and crossing.listed(),
        "opens": state.get("net") == "digits",
    }
    return Drawn(meta, arrays, labels())


def _level(of: Network, name: str, maps: Array) -> dict[str, Any]:
    """One layer: ``behind`` is the one whose kernels made its maps, ``below`` the one that is read; ``size``, ``jump``
    and ``first`` are the receptive field's."""
    layer, field = dict(of.layers)[name], field_of(of.layers, of.input_shape, name)
    return {
        "name": name,
        "kind": lesson.kind(name),
        "behind": kernels_behind(of, name)[0],
        "below": _below(name),
        "shape": list(maps.shape),
        "padding": layer.geometry[1][0] if isinstance(layer, Conv2d) else 0,
        "size": field.size[0],
        "jump": field.jump[0],
        "first": field.first[0],
        "orders": {by: strongest(maps, by).tolist() for by in BY},
    }


def _arrays(of: Network, name: str, maps: Array) -> dict[str, Array]:
    """A layer's maps y (C, H, W) and their stats (3, C): largest number, mean after ReLU, share that is empty. With
    kernels of its own, those and their biases, and what is known of them: runs (K, 3), and how much each answers to
    colour (K,)."""
    stats = np.stack([strength(maps, "max"), strength(maps, "mean"), sparsity(maps)])
    found = {f"y:{name}": maps, f"stats:{name}": stats.astype(np.float32)}
    behind, kernels = kernels_behind(of, name)
    if behind != name:
        return found
    runs = [direction(kernel) for kernel in kernels]
    found |= {
        f"w:{name}": kernels,
        f"b:{name}": of.params[f"{name}.bias"],
        f"runs:{name}": np.array([[run.rows, run.columns, run.rest] for run in runs], np.float32),
    }
    if _below(name) == "input" and of.input_shape[0] == 3:
        found[f"colour:{name}"] = np.array([colour_share(kernel) for kernel in kernels], np.float32)
    return found


def _below(name: str) -> str:
    names = lesson.open_layers()
    return names[names.index(name) - 1] if name != names[0] else "input"


def classes() -> list[str]:
    """What the last layer's units stand for."""
    return pictures.shape_words() if state.get("net") == "shapes" else [str(digit) for digit in range(CLASSES)]


# What fires a kernel


@dataclass(frozen=True)
class Samples:
    """Pictures of the data set: images (N, C, H, W), and one map of each (N, H, W) or all of them (N, K, H, W).

    ``count`` is how many the data set has and ``firing`` the share of them that fires the kernel; ``boxes`` are
    (top, left, bottom, right) on the image, ``fires`` (N, K) says which kernels fire on which of these.
    """

    count: int
    firing: float
    images: Array
    maps: Array
    names: Sequence[str]
    index: Sequence[int]
    values: Sequence[float]
    units: Sequence[Pair] = ()
    boxes: Sequence[tuple[int, int, int, int]] = ()
    fires: Array | None = None

    def arrays(self, name: str) -> dict[str, Array]:
        """What is sent as numbers, under the name of the whole."""
        found = {f"{name}:images": self.images, f"{name}:maps": self.maps}
        return found if self.fires is None else found | {f"{name}:fires": self.fires}

    def listed(self) -> dict[str, Any]:
        """What is sent as lists."""
        names = ("count", "firing", "names", "index", "values", "units", "boxes")
        return {name: getattr(self, name) for name in names}


def samples(of: Network, layer: str, channel: int) -> Samples:
    """The pictures of the data set that fire a map most, with that map on each."""
    net = str(state.get("net"))
    x, found = data(net), _peaks(net, _flat(of))[layer]
    field = field_of(of.layers, of.input_shape, layer)
    top = top_inputs(found, channel, field, of.input_shape[1:], MOST)  # type: ignore[arg-type]
    index = [each.index for each in top]
    images = x[index]
    maps = np.stack([as_maps(y)[channel] for y in of.forward(images)[layer].y])
    return Samples(
        count=len(x),
        firing=float(fires(found.value)[:, channel].mean()),
        images=images,
        maps=maps,
        names=names_of(net, index),
        index=index,
        values=[each.value for each in top],
        units=[each.unit for each in top],
        boxes=[(each.box.top, each.box.left, each.box.bottom, each.box.right) for each in top],
    )


def table(of: Network, layer: str, shown: pictures.Shown) -> Samples:
    """Every kernel of a layer on pictures of every class; the shown picture first."""
    net = str(state.get("net"))
    x, index = data(net), _of_each_class(net)
    images = np.concatenate([shown.image[None], x[index]])
    maps = np.stack([as_maps(y) for y in of.forward(images)[layer].y])
    value = peaks(of, images, [layer])[layer].value
    return Samples(
        count=len(x),
        firing=0.0,
        images=images,
        maps=maps,
        names=[shown.name, *names_of(net, index)],
        index=[-1, *index],
        values=value.ravel().tolist(),
        fires=fires(value),
    )


def data(net: str) -> Array:
    """The pictures that are searched."""
    return _shapes()[0] if net == "shapes" else all_digits()[0]


def names_of(net: str, index: Sequence[int]) -> list[str]:
    """What these pictures of the data set are, in the reader's language."""
    labels = _shapes()[1] if net == "shapes" else all_digits()[1]
    name = pictures.shape_name if net == "shapes" else pictures.digit_name
    return [name(at, int(labels[at])) for at in index]


@cache
def _shapes() -> tuple[Array, Array]:
    drawn = [pictures.coloured(seed) for seed in range(SHAPES_SEEN)]
    return np.stack([image for image, _label in drawn]), np.array([label for _image, label in drawn])


@cache
def _of_each_class(net: str) -> list[int]:
    if net == "shapes":
        labels, places, count = _shapes()[1], np.arange(SHAPES_SEEN), len(SHAPES)
    else:
        held = digits()
        labels, places, count = held.validation_y, held.validation_index, CLASSES
    return [int(at) for label in range(count) for at in places[labels == label][: EACH[net]]]


def _flat(of: Network) -> bytes:
    return b"".join(value.astype(np.float32).tobytes() for value in of.params.values())


@st.cache_data(max_entries=32, show_spinner=False)
def _peaks(net: str, params: bytes) -> dict[str, Peaks]:
    """The peaks of every layer on the whole data set; ``params`` only tells networks apart."""
    with limits.HEAVY:
        return peaks(lesson.network(), data(net), lesson.open_layers())


# To take away


def chosen_order(maps: Array) -> Sequence[int]:
    """The maps in the order that the controls ask for."""
    by = str(state.get("sort"))
    return range(len(maps)) if by == "number" else strongest(maps, by).tolist()  # type: ignore[arg-type]


def sheet() -> Sheet:
    """The figure to take away: the picture, and each map of the chosen layer under its kernel."""
    of, layer = lesson.network(), str(state.get("layer"))
    shown = pictures.shown(of.input_shape)
    maps = as_maps(lesson.trace()[layer].y[0])
    behind, kernels = kernels_behind(of, layer)
    order = list(chosen_order(maps))
    title = _("{layer} on {picture}: kernels of {behind} and their maps").format(
        layer=layer, picture=shown.name, behind=behind
    )
    return Sheet(
        title=title,
        image=shown.image,
        kernels=kernels[order],
        maps=maps[order],
        names=tuple(f"{layer}[{number}]" for number in order),
        empty=tuple(float(share) for share in sparsity(maps)[order]),
        empty_word=_("empty"),
        signed=lesson.kind(layer) in ("conv", "linear"),
    )


def figure() -> Figure:
    """The sheet, drawn."""
    return maps_figure(sheet())


def numbers() -> dict[str, Array]:
    """The numbers to take away."""
    of, layer = lesson.network(), str(state.get("layer"))
    maps = as_maps(lesson.trace()[layer].y[0])
    return {
        "image": pictures.shown(of.input_shape).image,
        f"{layer}_maps": maps,
        f"{layer}_kernels": kernels_behind(of, layer)[1],
        "largest": strength(maps, "max"),
        "mean_after_relu": strength(maps, "mean"),
        "share_empty": sparsity(maps),
        "order": np.array(chosen_order(maps)),
    }


def facts() -> dict[str, object]:
    """What the code's names stand for in the chosen layer."""
    return {"maps": as_maps(lesson.trace()[str(state.get("layer"))].y[0])}
