"""Descriptions of the stage's pictures: which array, how it is laid out, and which cursor chooses what is shown.

Every builder takes an ``id`` (unique in its stop), a ``role`` (its label, in the reader's language), the array's
name, and further settings by name: ``result``, ``rule``, ``size``, ``limit``, ``decimals``, …
"""

from __future__ import annotations

from math import prod
from typing import Any

from engine.types import Shape

Grid = dict[str, Any]
Picture = list[Grid | str | list[Grid]]


def _grid(id: str, role: str, name: str, array: str, view: str, shape: list[int], cursor: dict[str, str]) -> Grid:
    return {
        "id": id,
        "role": role,
        "name": name,
        "array": array,
        "view": view,
        "shape": shape,
        "cursor": cursor,
        "ramp": "diverging",
        "edit": False,
    }


def _plain(array: str) -> str:
    """``v:conv1`` -> conv1, ``d:conv1`` -> dconv1, ``v:x`` -> image."""
    name = array.removeprefix("v:")
    if name.startswith("d:"):
        return "d" + name.removeprefix("d:").replace("x", "image")
    return "image" if name == "x" else name


def maps(id: str, role: str, array: str, shape: Shape, cursor: str, **more: Any) -> Grid:
    """One channel of (N, C, H, W), chosen by ``cursor``."""
    grid = _grid(id, role, _plain(array), array, "map", list(shape[1:]), {"c": cursor})
    if array == "v:x":
        grid |= {"ramp": "sequential", "limit": 1, "edit": True}
    return grid | more


def kernel(id: str, role: str, array: str, shape: Shape, k: str, c: str, **more: Any) -> Grid:
    """One kh×kw slice of a convolution's weight (K, C, kh, kw), chosen by an output and an input cursor."""
    name = ("d" if array.startswith("d:") else "") + "W"
    return _grid(id, role, name, array, "kernel", list(shape), {"k": k, "c": c}) | {"edit": ":" not in array} | more


def flat(id: str, role: str, array: str, maps_shape: Shape, row: str | None = None, **more: Any) -> Grid:
    """Flattened maps, a column for each; with ``row`` one row of a (K, features) matrix, chosen by a cursor."""
    name = ("d" if array.startswith("d:") else "") + "W" if array.endswith(".weight") else _plain(array)
    shape = [maps_shape[0], prod(maps_shape[1:])]
    grid = _grid(id, role, name, array, "flat", shape, {"row": row} if row else {})
    return grid | {"edit": array.endswith(".weight") and ":" not in array} | more


def bars(id: str, role: str, name: str, array: str, classes: int, **more: Any) -> Grid:
    """One bar for each class."""
    return _grid(id, role, name, array, "bars", [classes], {}) | more


def shares(id: str, role: str, name: str, array: str, classes: int, **more: Any) -> Grid:
    """Bars of numbers between 0 and 1, which are never negative: on the sequential ramp."""
    return bars(id, role, name, array, classes, ramp="sequential", limit=1, decimals=3) | more


def line(id: str, role: str, array: str, size: int, cursor: str, **more: Any) -> Grid:
    """A row of numbers, one for each channel of ``cursor``."""
    return _grid(id, role, "db", array, "line", [size], {"c": cursor}) | {"size": 0.8} | more
