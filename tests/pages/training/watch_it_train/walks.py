"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Walks, chooses, press, rests

WALKS: Walks = {
    "recipe": (chooses(".st-key-watch-it-train-optimizer", "Adam"), rests, press('button[data-value="slow"]')),
}

TYPED = ()

KEYS = ""

MEASURED = Measured("a step", (".round.step",), ".watch-it-train@data-step", ".watch-it-train canvas", tells=".lens")
