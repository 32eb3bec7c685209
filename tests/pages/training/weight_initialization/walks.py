"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Walks, keys, press, rests

WALKS: Walks = {
    "dragged": (
        press(".start[data-name=relu-he]"),
        rests,
        keys(".lab .handle", "ArrowRight"),
        rests,
        press(".lab .round.next"),
    ),
    "held": (keys(".lab .pictures", "ArrowRight", "ArrowDown", "Enter"),),
}

MEASURED = Measured("another size", (".lab .handle",), ".lab@data-heard", ".row-host svg", key="ArrowRight")
