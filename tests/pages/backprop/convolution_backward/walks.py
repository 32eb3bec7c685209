"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured, there_and_back
from tests.e2e.moves import Typed, Walks, cell, knobs, point, press, rests, types, view

WALKS: Walks = {
    "weight": (knobs, types(cell("dY", "0,0"), "0.12345"), rests, point(cell("W", "1,1")), press(cell("Y", "1,1"))),
    "dw": (view("convolution-backward", 1), rests, press(cell("Y", "1,1"))),
    "dx": (view("convolution-backward", 2), rests, press(cell("Y", "1,1"))),
    "columns": (view("convolution-backward", 3), rests, press('[data-grid="C"] .cell >> nth=5')),
    "pool": (view("convolution-backward", 4), rests, knobs, point(cell("Y", "1,1"))),
}

TYPED = (Typed('[data-grid="dY"] .cell:not(.pad) >> nth=2', ("2.5", "-1.5")),)

KEYS = ""

MEASURED = Measured("stride", there_and_back("stride", 1), ".pictures", ".grid.result .cell")
