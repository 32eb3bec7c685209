"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Walks, keys, press, rests

WALKS: Walks = {
    "dragged": (
        press(".start[data-name=relu-he]"),
        rests,
        keys(".weight-initialization .handle", "ArrowRight"),
        rests,
        press(".weight-initialization [data-control=next]"),
    ),
    "held": (keys(".weight-initialization .pictures", "ArrowRight", "ArrowDown", "Enter"),),
}

TYPED = ()

KEYS = ""

MEASURED = Measured(
    "another size",
    (".weight-initialization .handle",),
    ".weight-initialization@data-heard",
    ".row-host svg",
    key="ArrowRight",
)
