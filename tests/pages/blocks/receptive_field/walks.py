"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Walks, keys, press, rests

WALKS: Walks = {
    "stack": (press(".st-key-receptive-field-pooled button"), rests, press('.rf canvas[data-level="2"]')),
    "walked": (keys('.rf canvas[data-level="1"]', "ArrowLeft", "ArrowUp"),),
}

MEASURED = Measured(
    "another stack",
    (".st-key-receptive-field-seven button", ".st-key-receptive-field-three button"),
    ".rf .table",
    ".rf canvas[data-level]",
    tells=".rf .say",
)
