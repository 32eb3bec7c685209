"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Typed, Walks, keys, press, scene, types

WALKS: Walks = {
    "vote": (types(".vote-row .cell", "0.12345"), keys(".vote-bar .grip >> nth=1", "ArrowRight")),
    "line": (
        scene(1),
        press(".function[data-code='7']"),
        types(".unit .cell", "1.2345"),
        press(".entries .entry >> nth=2"),
    ),
    "soft": (
        scene(2),
        press(".edge .pill >> nth=3"),
        types(".unit .cell", "1.2345"),
        press(".entries .entry >> nth=0"),
    ),
    "learn": (
        scene(3),
        press(".function[data-code='7']"),
        press(".of-rate .pill >> nth=2"),
        press(".once"),
        press(".once"),
        press(".entries .entry >> nth=2"),
    ),
    "layers": (scene(4), press(".function[data-code='9']"), types(".unit .cell >> nth=1", "0.0123")),
    "gates": (scene(5), press(".function[data-code='7']"), press(".circuit .input >> nth=0")),
    "patch": (
        scene(6),
        press(".of-digit .pill >> nth=3"),
        press(".of-answer .pill >> nth=1"),
        types(".kernel .cell >> nth=4", "1.5"),
        press(".tiles .cell >> nth=20"),
    ),
}

TYPED = (Typed(".vote-row .cell.editable >> nth=1", ("-2.5", "1.25")),)

KEYS = ""

MEASURED = Measured(
    "another scene",
    (".track .phase:nth-child(2)", ".track .phase:nth-child(1)"),
    ".pictures",
    ".vote-row .cell",
    tells="",
)
