"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Typed, Walks, cell, knobs, point, press, rests, types, view

WALKS: Walks = {
    "numbers": (
        press(".presets .pill:nth-of-type(2)"),
        rests,
        types(".node.variable .value >> nth=0", "0.12345"),
        point(".node >> nth=4"),
    ),
    "step": (press('[data-control="next"]'), press('[data-control="next"]'), press('[data-control="next"]')),
    "matrices": (
        view("graph", 1),
        rests,
        knobs,
        types(cell("W", "0,0"), "0.12345"),
        rests,
        press(cell("dX", "1,0")),
    ),
}

TYPED = (
    Typed(".node .value >> nth=0", ("2.5", "-1.5")),
    Typed(".formula-input", ("x*y", "x+y*z"), own=True, nonsense="x +* (y"),
)

KEYS = ""

MEASURED = Measured(
    "another formula", (".presets .pill:nth-of-type(2)", ".presets .pill:nth-of-type(1)"), ".say", ".node"
)
