"""Layers as lines that read back to the same layers. A name stands there only where it isn't the automatic one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.layers import Highway, Parallel, Residual, WeightNorm
from engine.summary import brief
from engine.text.said import automatic_names
from engine.types import Layer

_STEP = "    "


def lines_of(layers: Sequence[tuple[str, Layer]]) -> str:
    """The text of a network: one layer a line, what a block holds between its brackets."""
    return "\n".join(_row(layers, ""))


def _row(layers: Sequence[tuple[str, Layer]], margin: str) -> Iterator[str]:
    automatic = automatic_names([layer for _, layer in layers])
    for (name, layer), own in zip(layers, automatic, strict=True):
        yield from _lines(layer, margin, "" if name == own else f"{name} = ")


def _lines(layer: Layer, margin: str, label: str) -> Iterator[str]:
    inside = margin + _STEP
    match layer:
        case Residual(body, shortcut):
            yield f"{margin}{label}Residual("
            yield from _row(body, inside)
            if shortcut:
                yield from _bracket("Shortcut", shortcut, inside)
        case Highway(transform, gate, gate_bias):
            yield f"{margin}{label}Highway("
            yield from _bracket("Transform", transform, inside)
            yield from _bracket("Gate", gate, inside)
            if gate_bias != Highway.gate_bias:
                yield f"{inside}gate_bias = {gate_bias!r}"
        case Parallel(branches):
            yield f"{margin}{label}Parallel("
            for number, (name, row) in enumerate(branches, start=1):
                own = "" if name == f"branch{number}" else f"{name} = "
                if len(row) == 1 and row[0][0] == automatic_names([row[0][1]])[0]:
                    yield from _lines(row[0][1], inside, own)
                else:
                    yield from _bracket(f"{own}Sequential", row, inside)
        case WeightNorm(inner):
            yield f"{margin}{label}WeightNorm({brief(inner)})"
            return
        case _:
            yield f"{margin}{label}{brief(layer)}"
            return
    yield f"{margin})"


def _bracket(word: str, row: Sequence[tuple[str, Layer]], margin: str) -> Iterator[str]:
    yield f"{margin}{word}("
    yield from _row(row, margin + _STEP)
    yield f"{margin})"
