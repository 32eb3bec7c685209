"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Walks, keys, knobs, point, press, rests, view

WALKS: Walks = {
    "steps": (knobs, keys(".plot .handle", "ArrowRight", "ArrowRight")),
    "kink": (view("gradient-check", 1), rests, knobs, keys(".curve-box .handle[data-id='x']", "ArrowRight")),
    "fault": (
        view("gradient-check", 2),
        rests,
        knobs,
        press(".layer-name[data-layer='norm']"),
        point(".strip[data-strip='conv.weight'] .strip-cells > * >> nth=3"),
    ),
}

MEASURED = Measured(
    "another function",
    (".knobs .pill >> nth=1", ".knobs .pill >> nth=0"),
    ".subject",
    ".gradient-check .plot",
    tells="",
)
