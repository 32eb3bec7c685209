"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Typed, Walks, cell, keys, knobs, point, press, rests, types, view

WALKS: Walks = {
    "steps": (knobs, types(cell("x", "0,0"), "0.12345"), rests, press(cell("dvar", "0,1"))),
    "ways": (view("batch-norm", 1), rests, knobs, point(cell("through_var", "2,1"))),
    "test": (view("batch-norm", 2), rests, knobs, keys('[data-grid="y"] .cells', "ArrowDown", "Enter")),
}

TYPED = (Typed('[data-grid="x"] .cell >> nth=2', ("4.5", "-1.5")),)

KEYS = ""

MEASURED = Measured(
    "a typed number",
    ('[data-grid="x"] .cell[data-at="0,0"]',),
    '[data-grid="y"]',
    ".grid.result .cell",
    types=("3", "1"),
)
