"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured, there_and_back
from tests.e2e.moves import Typed, Walks, cell, chooses_in, knobs, point, press, rests, types, view

WALKS: Walks = {
    "slide": (knobs, types(cell("W", "0,0"), "0.12345"), rests, press('[data-grid="Y"] canvas')),
    "maps": (
        press('[data-knob="filters1"]'),
        rests,
        press(".scope button >> nth=1"),
        press(".tabs button >> nth=1"),
        point(cell("Y", "1,2")),
    ),
    "groups": (
        chooses_in('select[data-knob="source"]', "maps"),
        rests,
        chooses_in('select[data-knob="groups"]', "4"),
        rests,
        press('[data-grid="X"] .channels button >> nth=5'),
        press('[data-grid="Y"] .channels button >> nth=3'),
        point(cell("Y", "1,2")),
    ),
    "matrix": (view("convolution", 1), rests, point('[data-grid="P"] .cell >> nth=7')),
    "sparse": (view("convolution", 2), rests, press('[data-grid="Z"] .cell >> nth=1')),
    "transposed": (view("convolution", 3), rests, press(cell("Y", "1,1"))),
    "linear": (view("convolution", 4), rests, press('[data-grid="Z"] .cell >> nth=3')),
    "local": (
        view("convolution", 5),
        rests,
        press('.knob[data-name="own"] .pill >> nth=1'),
        rests,
        types(cell("W", "1,1"), "2.5"),
        rests,
        press(cell("Y", "3,4")),
    ),
}

TYPED = (
    Typed('[data-grid="W"] .cell >> nth=4', ("2.5", "-1.5")),
    Typed(".shelf .chip.editable", ("0.25", "-1.75")),
)

KEYS = ""

MEASURED = Measured("stride", there_and_back("stride"), '[data-grid="Y"]', '[data-grid="Y"] .cell')
