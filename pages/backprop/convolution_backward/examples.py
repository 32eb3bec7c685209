"""The whole numbers that the lesson "Convolution, backward" is told with: small enough to add up in one's head."""

from __future__ import annotations

import numpy as np

from engine.types import Array


def grid(text: str) -> Array:
    """ "1 2/3 -4" -> one map of one example, (1, 1, 2, 2)."""
    return np.array([[float(number) for number in row.split()] for row in text.split("/")])[None, None]


# The picture of the convolution lesson's second example; the cross that goes with it would hide the turn: turned, it
# is itself.
X = grid("1 2 3 4 5/6 7 8 9 0/9 8 7 6 5/4 3 2 1 0/1 2 3 4 5")
W = grid("1 2 3/4 5 6/7 8 9")
DY = grid(
    "1 -1 2 1 -2 1 1/-2 1 1 -1 2 1 -1/1 2 -1 1 1 -2 2/-1 1 2 -1 1 1 -1/2 -1 1 1 -1 2 1/1 1 -2 2 1 -1 1/-1 2 1 -1 1 1 2"
)
POOLED = grid("1 5 2 0 4 3/3 8 6 1 7 2/0 2 9 5 1 6/4 7 3 2 8 0/6 1 5 4 3 9/2 3 0 7 5 1")
