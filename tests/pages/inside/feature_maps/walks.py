"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Walks, point, press, rests

WALKS: Walks = {
    "unit": (
        press(".feature-maps button.stop >> nth=1"),
        rests,
        press(".feature-maps .scope-map"),
        press(".feature-maps .sort-number"),
        rests,
        point('.feature-maps .card[data-k="2"] .map canvas'),
    ),
    "shapes": (
        press(".st-key-feature-maps-net button >> nth=1"),
        rests,
        press('.feature-maps .card[data-k="1"] .map canvas'),
    ),
}

TYPED = ()

KEYS = None

MEASURED = Measured(
    "another network",
    (".st-key-feature-maps-net button >> nth=1", ".st-key-feature-maps-net button >> nth=0"),
    ".feature-maps .pictures",
    ".feature-maps .card .map canvas",
    tells=".feature-maps .say",
)
