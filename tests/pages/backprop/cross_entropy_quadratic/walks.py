"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Typed, Walks, keys, knobs, press, types

WALKS: Walks = {
    "typed": (knobs, types('.typed[data-name="w"]', "0.12345"), press('[data-control="next"]')),
    "dragged": (keys(".plane .handle", "ArrowRight", "ArrowUp"),),
}

TYPED = (Typed('.typed[data-name="w"]', ("1.25", "-0.75")),)

KEYS = ""

MEASURED = Measured("another target", ('[data-knob="y.1"]', '[data-knob="y.0"]'), ".shelf", ".course .plot")
