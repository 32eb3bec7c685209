"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Typed, Walks, keys, knobs, point, press, rests, view

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

TYPED = (
    Typed('.typed[data-name="x"]', ("1.25", "-0.75"), query="?of=own"),
    Typed(".formula-input", ("x**3", "x**2+x"), own=True, nonsense="x +* (", query="?of=own"),
    Typed('.typed[data-name="digit"]', ("25", "31"), query="?of=weight"),
)

KEYS = None

MEASURED = Measured(
    "another function",
    (".knobs .pill >> nth=1", ".knobs .pill >> nth=0"),
    ".subject",
    ".gradient-check .plot",
    tells="",
)
