"""Every set that needs no file, by name, as a trainer takes it."""

from __future__ import annotations

import numpy as np

from engine.data.digits import all_digits
from engine.data.examples import DataError, Examples, numbered
from engine.data.mnist import SIDES, mnist
from engine.data.shapes import shapes
from engine.data.two_d import TWO_D
from engine.sentence import Sentence

WHOLE = ("digits-8", *(f"mnist-{side}" for side in sorted(SIDES)))
"""Sets that are as they are; the others are drawn, as many as wanted."""
NAMES = (*WHOLE, "shapes-32", *TWO_D)


def known_set(name: str, *, n: int = 1000, seed: int = 0) -> Examples:
    """One of ``NAMES``; of those that are drawn, ``n`` examples from this seed. Raises DataError for another name."""
    if name == "digits-8":
        x, y = all_digits()
        origin = Sentence("1,797 digits (Alpaydin and Kaynak, UCI, 1998), as scikit-learn brings them")
        return Examples(x, y, numbered(10), name, origin)
    if name in WHOLE:
        return mnist(int(name.removeprefix("mnist-")))
    rng = np.random.default_rng(seed)
    if name == "shapes-32":
        return shapes(n, rng)
    if name in TWO_D:
        return TWO_D[name](n, rng)
    raise DataError("There is no set {name}; there are {names}.", name=repr(name), names=", ".join(NAMES))
