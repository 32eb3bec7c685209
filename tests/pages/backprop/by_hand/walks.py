"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Typed, Walks, knobs, press, rests, types

WALKS: Walks = {
    "network": (types('.picture .cell[data-name="w5"]', "0.12345"), rests, press('.step[data-result="net_h2"]')),
    "others": (knobs, press(".step >> nth=3")),
}

TYPED = (
    Typed('.cell.editable[data-name="w5"]', ("0.75", "-0.25")),
    Typed(".rate", ("0.25", "0.75")),
)

KEYS = ""

MEASURED = Measured(
    "a typed weight",
    ('.picture .cell[data-name="w5"]',),
    ".shelf",
    ".picture .cell",
    types=("0.9", "0.4"),
    tells=".by-hand",
)
