"""A mend as other words for the lines that say a layer."""

from __future__ import annotations

from engine.layers import Conv2d, Linear
from engine.summary import brief
from engine.text.changes import Changes
from engine.text.reading import Fix, Place
from engine.text.said import Call, Piece
from engine.types import Layer, Shape


def edit(call: Call | None, changes: Changes) -> tuple[Fix, ...]:
    """The changes as other words in the call: in the place of what is there, or as one more setting at its end."""
    if call is None:
        return ()
    edits: list[tuple[Place, str]] = []
    more = []
    for name, value in changes.items():
        if name in call.values:
            edits.append((call.values[name], repr(value)))
        elif name != "features":
            more.append(f"{name}={value!r}")
    if more:
        edits.append((call.closing, (", " if call.values else "") + ", ".join(more)))
    return (call.source.edited(edits),) if edits else ()


def renamed(call: Call | None, layer: Layer, kind: Layer) -> tuple[Fix, ...]:
    """The same settings under another layer\'s name."""
    if call is None:
        return ()
    edits = [(call.name, type(kind).__name__)]
    for name in ("num_features",):
        if name in call.values:
            edits.append((call.values[name], str(getattr(kind, name))))
    return (call.source.edited(edits),)


def flattened(call: Call | None, layer: Linear, features: int) -> tuple[Fix, ...]:
    """A Flatten in front of the Linear, which reads what comes out of it."""
    if call is None:
        return ()
    edits: list[tuple[Place, str]] = []
    if layer.in_features != features and "in_features" in call.values:
        edits.append((call.values["in_features"], str(features)))
    if call.style == "attribute":
        if call.fed is None or call.fed.last != call.fed.line:
            return ()
        behind = Place(call.fed.last, call.fed.end, call.fed.last, call.fed.end)
        return (call.source.edited([*edits, (behind, ".flatten(1)")]),)
    row = call.source.lines[call.place.line - call.source.first]
    margin = row[: len(row) - len(row.lstrip())]
    if call.style == "item":
        front = Place(call.place.line, call.place.column, call.place.line, call.place.column)
        return (call.source.edited([*edits, (front, f"{call.prefix}Flatten(), ")]),)
    front = Place(call.place.line, 1, call.place.line, 1)
    return (call.source.edited([*edits, (front, f"{margin}Flatten()\n")]),)


def with_shortcut(last: Piece, conv: Conv2d) -> tuple[Fix, ...]:
    """A Shortcut behind the last line of a body."""
    if last.call is None or last.call.style != "line":
        return ()
    source = last.call.source
    row = source.lines[-1]
    margin = source.lines[0][: len(source.lines[0]) - len(source.lines[0].lstrip())]
    text = f"{row.rstrip()}\n{margin}Shortcut(\n{margin}    {brief(conv)}\n{margin})"
    line = source.first + len(source.lines) - 1
    return (Fix(line, line, text),)


def written(shape: Shape) -> str:
    """A shape as people write it: 1×28×28."""
    return "×".join(map(str, shape))
