"""Descriptions of a bench's pictures: which array, how it is laid out, and which cursor chooses what is shown.

A picture is a list of grids, stacks of grids and the signs between them, input left, output right. Every builder takes
an ``id`` (unique in its scene), a ``role`` (its label, in the reader's language), the array's name, and any other
field of ``Grid`` by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from math import prod
from typing import Any

from engine.explain import rules
from engine.layers import Conv2d
from engine.types import Layer, Shape

RuleData = dict[str, Any]
"""An engine rule as JSON; ``group``, ``also`` and ``beside`` may be added: see ``rule_data``."""


@dataclass(frozen=True)
class Grid:
    """One picture of one array.

    ``view`` is how it is laid out: "map" (one channel of (C, H, W)), "kernel" (one slice of (K, C, kh, kw)), "matrix",
    "flat" (flattened maps, a column each), "line", "bars", "drawing" (a map too large for cells) or "lens" (the numbers
    that the chosen cell reads). ``cursor`` names, for each axis that isn't shown, the cursor that chooses from it.

    result    a cell of it can be explained: by ``rule``, in the way ``how`` (default: the scene's)
    edit      another number may be typed into its cells
    fixed     the bias on its shelf can't be changed
    pick      the cursor that a click on a cell chooses, by the cell's number
    axes      the indices of a term that say where a lens shows it (its kernel cell if None); ``shows`` is what of it:
              the left factor, or the "product"
    stamps    what a number goes into shows what is put there, not what it is multiplied by
    hide      its values are the learner's to find (shared/quiz.js)
    chooses   the cursor that follows the row of the explained cell (a result of which all channels are shown)
    leads     pointing at a column explains the cell that this column makes (a matrix of patches)
    pad       rows and columns of zeros around it, hatched; ``margin`` marks as many of its own as filled in
    limit     the end of the colour ramp (default: the largest absolute value); ``decimals`` in the cells
    size      of its cells, where 1 is the picture's common size
    channels  whether the other channels stand above it, to choose from
    places    the rows and columns of places that have a kernel each: it shows that of the explained one
    groups    the groups that its channels fall into (``grouped``): it shows one of the chosen filter's group
    turned    the kernel is shown turned by 180°; ``column``: bars show one column of a matrix
    winners   the array (…, kh, kw) of a pooling layer's switches; ``window`` the read of its rule
    twin      the id of a result that shows the same entry of another array: both are framed
    text      the block of the sentence that explains its cells (default: the scene's)
    names     words for the bars; ``rgb`` the array (3, H, W) whose colours a drawing shows
    """

    id: str
    role: str
    name: str
    array: str
    view: str
    shape: tuple[int, ...]
    cursor: Mapping[str, str] = field(default_factory=dict)
    ramp: str = "diverging"
    edit: bool = False
    result: bool = False
    rule: RuleData | None = None
    how: str | None = None
    symbol: str | None = None
    fixed: bool = False
    pick: str | None = None
    axes: tuple[str, str] | None = None
    shows: str | None = None
    stamps: bool = False
    hide: bool = False
    chooses: str | None = None
    leads: bool = False
    pad: tuple[int, int] = (0, 0)
    margin: tuple[int, int] = (0, 0)
    limit: float | None = None
    decimals: int | None = None
    size: float = 1
    channels: bool = True
    groups: dict[str, Any] | None = None
    places: tuple[int, int] | None = None
    turned: bool = False
    column: bool = False
    winners: str | None = None
    window: dict[str, Any] | None = None
    names: tuple[str, ...] | None = None
    twin: str | None = None
    text: str | None = None
    rgb: str | None = None

    def as_data(self) -> dict[str, Any]:
        """Plain JSON; what isn't said is left out."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in found.items() if value is not None}


Picture = Sequence[Grid | str | Sequence[Grid]]


def picture_data(picture: Picture) -> list[Any]:
    """A picture as plain JSON."""
    return [
        item if isinstance(item, str) else item.as_data() if isinstance(item, Grid) else [g.as_data() for g in item]
        for item in picture
    ]


def rule_data(
    rule: rules.Rule,
    names: Mapping[str, str] | None = None,
    *,
    group: tuple[str, str] | None = None,
    also: Sequence[rules.Read] = (),
    beside: Sequence[rules.Read] = (),
) -> RuleData:
    """An engine rule as JSON.

    Args:
        rule: how each number of a result is made.
        names: the names that its arrays have here, where they aren't the rule's own.
        group: (term index, cursor): show the terms of one value of that index, and the sums of the others.
        also: further places that every term lights, in arrays that show the same factors once more.
        beside: and in arrays that aren't multiplied, but belong to it: an output's own gradient.
    """
    known = names or {}

    def read(found: rules.Read) -> dict[str, Any]:
        return {
            "array": known.get(found.array, found.array),
            "view": list(found.view),
            "axes": [{"by": dict(axis.by), "start": axis.start, "divide": axis.divide} for axis in found.axes],
        }

    return {
        "result": dict(rule.result),
        "terms": dict(rule.terms),
        "left": read(rule.left),
        "right": read(rule.right) if rule.right else None,
        "bias": read(rule.bias) if rule.bias else None,
        "group": {"term": group[0], "cursor": group[1]} if group else None,
        "also": [read(each) for each in also],
        "beside": [read(each) for each in beside],
    }


def _plain(array: str) -> str:
    """``v:conv1`` -> conv1, ``d:conv1`` -> dconv1, ``v:x`` -> image."""
    name = array.removeprefix("v:")
    if name.startswith("d:"):
        return "d" + name.removeprefix("d:").replace("x", "image")
    return "image" if name == "x" else name


def grouped(layer: Layer, cursor: str = "k") -> dict[str, Any] | None:
    """The groups of a convolution, for its input and its output; ``cursor`` chooses the filter. None without groups."""
    if not isinstance(layer, Conv2d) or layer.groups == 1:
        return None
    return {"count": layer.groups, "filters": layer.out_channels, "cursor": cursor}


def maps(id: str, role: str, array: str, shape: Shape, cursor: str, **more: Any) -> Grid:
    """One channel of (N, C, H, W), chosen by ``cursor``."""
    own: dict[str, Any] = {"name": _plain(array)}
    if array == "v:x":
        own |= {"ramp": "sequential", "limit": 1, "edit": True}
    return Grid(id, role, array=array, view="map", shape=shape[1:], cursor={"c": cursor}, **own | more)


def kernel(id: str, role: str, array: str, shape: Shape, k: str, c: str, **more: Any) -> Grid:
    """One kh×kw slice of a convolution's weight (K, C, kh, kw), chosen by an output and an input cursor."""
    own: dict[str, Any] = {"name": ("d" if array.startswith("d:") else "") + "W", "edit": ":" not in array}
    return Grid(id, role, array=array, view="kernel", shape=shape, cursor={"k": k, "c": c}, **own | more)


def flat(id: str, role: str, array: str, maps_shape: Shape, row: str | None = None, **more: Any) -> Grid:
    """Flattened maps, a column for each; with ``row`` one row of a (K, features) matrix, chosen by a cursor."""
    name = ("d" if array.startswith("d:") else "") + "W" if array.endswith(".weight") else _plain(array)
    own: dict[str, Any] = {"name": name, "edit": array.endswith(".weight") and ":" not in array}
    shape = (maps_shape[0], prod(maps_shape[1:]))
    return Grid(id, role, array=array, view="flat", shape=shape, cursor={"row": row} if row else {}, **own | more)


def bars(id: str, role: str, name: str, array: str, classes: int, **more: Any) -> Grid:
    """One bar for each class."""
    return Grid(id, role, name, array, "bars", (classes,), **more)


def shares(id: str, role: str, name: str, array: str, classes: int, **more: Any) -> Grid:
    """Bars of numbers between 0 and 1, which are never negative: on the sequential ramp."""
    own: dict[str, Any] = {"ramp": "sequential", "limit": 1, "decimals": 3}
    return bars(id, role, name, array, classes, **own | more)


def line(id: str, role: str, array: str, size: int, cursor: str, **more: Any) -> Grid:
    """A row of numbers, one for each channel of ``cursor``."""
    own: dict[str, Any] = {"size": 0.8}
    return Grid(id, role, "db", array, "line", (size,), {"c": cursor}, **own | more)


def matrix(id: str, role: str, name: str, array: str, rows: int, columns: int, **more: Any) -> Grid:
    """A matrix, every entry of it."""
    return Grid(id, role, name, array, "matrix", (rows, columns), **more)
