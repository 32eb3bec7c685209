"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured, there_and_back
from tests.e2e.moves import Typed, Walks, keys, knobs, point, press, rests, types

WALKS: Walks = {
    "depth": (knobs, press(".shown .pill >> nth=1"), rests, keys(".depth-view .plot", "ArrowRight", "Enter")),
    "jacobian": (
        press(".view-tab[data-view=jacobian]"),
        rests,
        knobs,
        types(".card [data-index='9']", "0.12345"),
        rests,
        point(".card >> nth=2"),
    ),
    "spectrum": (
        press(".view-tab[data-view=spectrum]"),
        rests,
        keys(".spectrum-view .plot", "ArrowRight", "Enter"),
    ),
}

TYPED = (Typed(".two .cell.editable >> nth=1", ("0.75", "-1.25"), query="?view=jacobian"),)

KEYS = ""

MEASURED = Measured("another seed", there_and_back("seed"), ".kicker", ".vanishing .plot")
