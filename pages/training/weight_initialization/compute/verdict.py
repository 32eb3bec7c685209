"""What a signal's way through the layers amounts to, in one word."""

from __future__ import annotations

from math import isfinite
from typing import Literal

from engine.signal.setup import HALVING, Setup
from engine.signal.signal import Signal

Verdict = Literal[
    "overflows", "zeros", "alike", "fades", "halves", "explodes", "saturates", "starves", "swells", "steady"
]
LOST, GROWN = 0.1, 10.0
"""A tenth, or ten times, of what went in."""
SATURATED = 0.5


def verdict(setup: Setup, signal: Signal) -> Verdict:
    """The first of these that holds.

    "overflows": numbers beyond float32; "zeros", "alike": how they were drawn; "fades": less than a tenth of the first
    layer's std reaches the last ("halves" where a one-sided activation did it at a size that keeps sums as large as
    their inputs); "explodes": more than ten times; "saturates": most slopes are next to 0; "starves", "swells": the
    signal arrives, but the gradient at the first layer is less than a tenth of what was sent in, or more than ten
    times; "steady": none of them.
    """
    first, last, bottom = signal.layers[0], signal.layers[-1], signal.layers[0].dy
    if not all(isfinite(v) for v in (last.y.std, signal.dx.rms)):
        return "overflows"
    if setup.draw in ("zeros", "constant"):
        return "zeros" if setup.draw == "zeros" else "alike"
    if last.y.std < LOST * first.y.std:
        keeps = 0.5 < first.n_in * first.mean_square_w < 1.5
        return "halves" if keeps and setup.activation in HALVING else "fades"
    if last.y.std > GROWN * first.y.std:
        return "explodes"
    if setup.activation not in HALVING and last.flat > SATURATED:
        return "saturates"
    if bottom.rms < LOST:
        return "starves"
    return "swells" if bottom.rms > GROWN else "steady"
