"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Typed, Walks, keys, press, rests

WALKS: Walks = {
    "stack": (press(".st-key-receptive-field-pooled button"), rests, press('.receptive-field canvas[data-level="2"]')),
    "walked": (keys('.receptive-field canvas[data-level="1"]', "ArrowLeft", "ArrowUp"),),
}

TYPED = (Typed('input[data-focus="1.kernel"]', ("5", "4"), own=True, nonsense="99"),)

KEYS = None

MEASURED = Measured(
    "another stack",
    (".st-key-receptive-field-seven button", ".st-key-receptive-field-three button"),
    ".receptive-field .table",
    ".receptive-field canvas[data-level]",
    tells=".receptive-field .say",
)
