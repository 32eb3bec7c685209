"""Is a gradient right? Move one number a little both ways, and see how much the loss really changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.losses import CrossEntropyLoss, Loss
from engine.network import Network
from engine.types import Array


@dataclass(frozen=True)
class Entry:
    """One number's gradient, by backpropagation (analytic) and by central difference (numeric)."""

    name: str
    index: tuple[int, ...]
    analytic: float
    numeric: float

    @property
    def relative_error(self) -> float:
        """|analytic - numeric| / max(|analytic|, |numeric|), 0 where both are 0. 1e-7 is good, 1e-2 is wrong."""
        scale = max(abs(self.analytic), abs(self.numeric))
        return abs(self.analytic - self.numeric) / scale if scale else 0.0


@dataclass(frozen=True)
class GradCheck:
    """A sample of gradients, both ways. ``size`` is how many numbers they were drawn from."""

    entries: tuple[Entry, ...]
    size: int
    h: float

    @property
    def worst(self) -> Entry:
        """The entry with the largest relative error among those whose gradient is large enough to be measured.

        Central differences of a loss near 1 carry a rounding error of about 1e-16 / h; a gradient that is not well
        above that can't be checked, only its absolute difference can (``worst_difference``).
        """
        floor = 1e-4 * max((abs(e.analytic) for e in self.entries), default=0.0)
        measurable = [e for e in self.entries if max(abs(e.analytic), abs(e.numeric)) > floor]
        return max(measurable or self.entries, key=lambda e: e.relative_error)

    @property
    def worst_difference(self) -> float:
        """The largest |analytic - numeric| of all entries."""
        return max(abs(e.analytic - e.numeric) for e in self.entries)


def numeric_gradient(f: Callable[[], float], array: Array, index: tuple[int, ...], h: float = 1e-5) -> float:
    """df/da ≈ (f(a + h) - f(a - h)) / 2h for one entry a of an array that f reads; the array is left as it was.

    The error shrinks as h² until rounding, which grows as 1/h, takes over; in float64 1e-5 is near the best.
    """
    kept = array[index]
    try:
        array[index] = kept + h
        above = f()
        array[index] = kept - h
        below = f()
    finally:
        array[index] = kept
    return (above - below) / (2 * h)


def compare(
    f: Callable[[], float],
    arrays: Mapping[str, Array],
    gradients: Mapping[str, Array],
    *,
    rng: np.random.Generator,
    sample: int | None = None,
    h: float = 1e-5,
) -> GradCheck:
    """Check ``gradients`` of f against central differences on a sample (None: all) of the arrays' entries."""
    places = [(name, index) for name, array in arrays.items() for index in np.ndindex(array.shape)]
    size = len(places)
    if sample is not None and sample < size:
        places = [places[i] for i in sorted(rng.choice(size, sample, replace=False))]
    entries = tuple(
        Entry(name, index, float(gradients[name][index]), numeric_gradient(f, arrays[name], index, h))
        for name, index in places
    )
    return GradCheck(entries, size, h)


def check_network(
    network: Network,
    x: Array,
    target: Array,
    *,
    rng: np.random.Generator,
    loss: Loss = CrossEntropyLoss(),
    sample: int | None = 60,
    h: float = 1e-5,
) -> GradCheck:
    """Backpropagation through this very network and input against central differences, all in float64.

    ``loss`` may be any that gives one number, with targets of the kind that it takes.
    """
    network = network.astype(np.float64)
    x = x.astype(np.float64)

    def value() -> float:
        return loss.forward(network.predict(x), target)[0]

    trace = network.forward(x)
    _, cache = loss.forward(trace.y, target)
    grads = network.backward(trace, loss.backward(cache)).grads
    learned = {name: network.params[name] for name in grads}
    return compare(value, learned, grads, rng=rng, sample=sample, h=h)
