"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Typed, Walks, cell, keys, press, rests, types

WALKS: Walks = {
    "pixel": (types(cell("Y", "3,3"), "0.12345"), rests, press('[data-control="next"]'), press(cell("Y", "2,2"))),
    "weights": (press(".tick >> nth=15"), press('[data-grid="B"] .cell >> nth=3'), press(".tabs button >> nth=1")),
    "update": (
        press(".tick >> nth=21"),
        keys('input[data-control="lr"]', "ArrowRight"),
        rests,
        press(".segments .pill >> nth=0"),
    ),
    "classes": (
        press(".tick >> nth=21"),
        press(".segments .pill >> nth=2"),
        press('[data-knob="class1"]'),
        press('[data-grid="Y"] .cell >> nth=5'),
    ),
    "nudge": (
        press(".tick >> nth=15"),
        press('[data-grid="B"] .cell >> nth=3'),
        press(".nudge"),
        press('[data-nudge="0.1"]'),
    ),
}

TYPED = (Typed(".editable .cell:not(.pad) >> nth=20", ("0.75", "-1.5")),)

KEYS = ""

MEASURED = Measured(
    "a typed pixel",
    ('[data-grid="Y"] .cell[data-at="3,3"]',),
    ".say p",
    '[data-grid="Y"] .cell',
    types=tuple(f"0.{hundredths}" for hundredths in range(10, 60)),  # each another one: nothing is at hand yet
)
