"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured, there_and_back
from tests.e2e.moves import Typed, Walks, cell, knobs, press, rests, types, view

WALKS: Walks = {
    "both": (knobs, types(cell("X", "1,1"), "0.12345"), rests, press(cell("DX", "2,1"))),
    "chance": (
        lambda page: page.locator('.knob[data-name="method"] select').select_option("stochastic"),  # type: ignore[func-returns-value]
        rests,
        press('.knob[data-name="draw"] button'),
        rests,
        press(cell("Y", "1,1")),
    ),
    "moved": (
        view("pooling", 1),
        rests,
        press('.knob[data-name="right"] button'),
        rests,
        press(cell("average1", "1,1")),
    ),
}

TYPED = (Typed(".grid:not(.result) .editable .cell >> nth=3", ("7.5", "-1.5")),)

KEYS = ""

MEASURED = Measured("window", there_and_back("window"), '[data-grid="Y"]', '[data-grid="Y"] .cell')
