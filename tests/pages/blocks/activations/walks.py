"""What is done to the lesson in a browser: before its link is copied, and to measure how fast it answers."""

from __future__ import annotations

from benchmarks.lessons import Measured
from tests.e2e.moves import Typed, Walks, keys, knobs, point, press, rests, types

WALKS: Walks = {
    "crowd": (
        press('.thumb[data-name="elu"]'),
        types('.number-cell[data-name="alpha"]', "0.12345"),
        press('.say .tabs [data-kind="facts"]'),
        point(".crowd .box.curve .plot"),
    ),
    "compare": (press('.scene-tab[data-scene="compare"]'), point(".compare .plot")),
    "chain": (
        press('.scene-tab[data-scene="chain"]'),
        types(".number-cell", "1.2345"),
        keys(".chain-rows", "ArrowRight", "ArrowRight"),
    ),
    "zigzag": (press('.scene-tab[data-scene="zigzag"]'), knobs, press('[data-control="next"]')),
    "race": (press('.scene-tab[data-scene="race"]'), rests, knobs, press('[data-control="previous"]')),
    "learned": (
        press('.scene-tab[data-scene="learned"]'),
        knobs,
        types('.number-cell[data-name="aim"]', "0.1234"),
        press('[data-control="next"]'),
    ),
    "dying": (press('.scene-tab[data-scene="dying"]'), rests, keys(".dying .plot", "ArrowRight", "Enter")),
}

TYPED = (Typed('.number-cell[data-name="alpha"]', ("0.75", "1.25"), query="?f=elu"),)

KEYS = "?at=zigzag"

MEASURED = Measured(
    "another crowd",
    (".presets .pill:nth-child(2)", ".presets .pill:nth-child(1)"),
    ".picture@data-summary",
    ".crowd .box.curve .plot",
    settles='.activations[data-settled="true"]',
)
