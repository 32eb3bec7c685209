"""A network as a table of its layers: what each is, what comes out of it, how many numbers it has learned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from engine.trace import Layers, params_of
from engine.types import Array, Layer, Shape

Row = tuple[str, str, str, str]


def summary(layers: Layers, params: Mapping[str, Array], input_shape: Shape) -> str:
    """The table as text: name, layer, shape of one example's output (without N) where it is known, parameters.

    The layers inside a block stand below it, indented; its own line has their parameters together. What isn't learned
    but counted along (a running mean) isn't counted. It is read where something is wrong, too, so it never raises.
    """
    rows: list[Row] = [("name", "layer", "output", "parameters"), ("", "", str(tuple(input_shape)), "")]
    rows += _rows(layers, params, input_shape, "")
    learned = sum(_learned(layer, params_of(name, params)) for name, layer in layers)
    kinds = sorted({str(value.dtype) for value in params.values() if value.dtype.kind == "f"})
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{name:<{widths[0]}}  {layer:<{widths[1]}}  {shape:<{widths[2]}}  {count:>{widths[3]}}".rstrip()
        for name, layer, shape, count in rows
    ]
    plural = "" if len(layers) == 1 else "s"
    head = ", ".join([f"Network of {len(layers)} layer{plural}", f"{learned:,} parameters", *kinds])
    return "\n".join([head, *lines])


def brief(layer: Any) -> str:
    """A layer as one would write it: ``Conv2d(1, 8, 3, padding=1)``. What is as by default is left out."""
    if not is_dataclass(layer) or hasattr(layer, "paths"):
        return type(layer).__name__
    parts = []
    for field in fields(layer):
        value = getattr(layer, field.name)
        if field.default is not MISSING and value == field.default:
            continue
        text = brief(value) if isinstance(value, Layer) else repr(value)
        parts.append(text if field.default is MISSING and not field.kw_only else f"{field.name}={text}")
    return f"{type(layer).__name__}({', '.join(parts)})"


def _rows(layers: Layers, params: Mapping[str, Array], shape: Shape | None, before: str) -> Iterator[Row]:
    """A row for each layer, its name behind ``before``, and after a block's row those of its paths, further in."""
    for name, layer in layers:
        own, given = params_of(name, params), shape
        shape = _shape_after(layer, given)
        learned = f"{_learned(layer, own):,}" if own else ""
        yield f"{before}{name}", brief(layer), "?" if shape is None else str(shape), learned
        margin = " " * (len(before) - len(before.lstrip()) + 2)
        for path, inner in _paths(layer).items():
            yield from _rows(inner, params_of(path, own), given, f"{margin}{path}.")


def _shape_after(layer: Layer, shape: Shape | None) -> Shape | None:
    try:
        return None if shape is None else layer.output_shape(shape)
    except ValueError:
        return None


def _paths(layer: Layer) -> dict[str, Layers]:
    return layer.paths() if hasattr(layer, "paths") else {}


def _learned(layer: Layer, own: Mapping[str, Array]) -> int:
    """How many numbers of a layer's own are learned: all but its buffers."""
    paths = _paths(layer)
    if paths:
        return sum(
            _learned(inner, params_of(f"{path}.{name}", own)) for path, row in paths.items() for name, inner in row
        )
    return sum(value.size for name, value in own.items() if name not in getattr(layer, "buffers", ()))
