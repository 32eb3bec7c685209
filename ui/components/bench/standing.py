"""How one stands before a bench, besides the cell: what is held, unfolded, coloured and turned up. Kept in the link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui import state
from ui.controls import Choice, Control, Flag, Short
from ui.figures.grids import Grid, Picture

CONTROLS: tuple[Control, ...] = (
    Short("result", r"[A-Za-z][A-Za-z0-9_]{0,15}", 16, example="Y"),
    Flag("held"),
    Flag("unfolded"),
    Choice("scope", ("map", "layer"), "map"),
    Choice("pane", ("formula", "code"), "formula"),
)
"""For the controls of a lesson with a bench; ``result`` for one that doesn't name the explained result itself."""

HOW = ("held", "unfolded", "scope", "pane")


def now() -> dict[str, Any]:
    """How one stands, as the controls say."""
    return {name: state.get(name) for name in HOW}


def result(rows: Sequence[Picture]) -> str | None:
    """The result that the link names, where it is shown."""
    named = str(state.get("result"))
    return named if named in results(rows) else None


def results(rows: Sequence[Picture]) -> list[str]:
    """The ids of all results, in their order."""
    return [grid.id for row in rows for grid in _grids(row) if grid.result]


def take(told: Mapping[str, Any], rows: Sequence[Picture]) -> None:
    """Take what the browser tells into the controls; what can't be used is left as it is.

    ``rows`` are empty where the lesson itself names the result that is explained.
    """
    found = {name: told[name] for name in HOW if name in told}
    if shown := results(rows):
        active = str(told.get("active") or "")
        found["result"] = "" if active == shown[0] else active
    for name, value in found.items():
        try:
            state.set(name, value)
        except (KeyError, ValueError):
            continue


def _grids(row: Picture) -> list[Grid]:
    stacks = [item if isinstance(item, list | tuple) else [item] for item in row]
    return [grid for stack in stacks for grid in stack if isinstance(grid, Grid)]
