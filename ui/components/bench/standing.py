"""How one stands before a bench, kept in the link: the explained cell, what is held, unfolded, coloured, turned up."""

from __future__ import annotations

from ui.controls import Choice, Control, Flag, Number, Short

STRONGEST = -1
"""The cell that is explained if nobody chose one: the scene's start, or the largest."""
HOW: tuple[Control, ...] = (
    Flag("held"),
    Flag("unfolded"),
    Choice("scope", ("map", "layer"), "map"),
    Choice("pane", ("formula", "code"), "formula"),
)
RESULT = Short("result", r"[A-Za-z][A-Za-z0-9_]{0,15}", 16, example="Y")
"""Which result is explained, for a lesson that has no control of its own for it; the first one if empty."""


def cell(most: int, *, least: int = STRONGEST) -> Number:
    """The explained entry of the result."""
    return Number("cell", least, most, least, integer=True)
