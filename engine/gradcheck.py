"""Is a gradient right? Move one number a little both ways, and see how much the loss really changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from engine.guard import expect_floats, expect_generator, real
from engine.losses import CrossEntropyLoss, Loss
from engine.network import Network
from engine.types import Array

GOOD, WRONG = 1e-7, 1e-2
"""Rules of thumb for the relative error in float64: a right gradient stays below the first, a wrong one is above the
second; between the two lie kinks, steps that are too long, and gradients that rounding drowns."""


@dataclass(frozen=True)
class Entry:
    """One number's gradient, by backpropagation (analytic) and by central difference (numeric)."""

    name: str
    index: tuple[int, ...]
    analytic: float
    numeric: float

    @property
    def relative_error(self) -> float:
        """|analytic - numeric| / max(|analytic|, |numeric|), 0 where both are 0, and ∞ where either isn't finite."""
        if not self.finite:
            return inf
        scale = max(abs(self.analytic), abs(self.numeric))
        return abs(self.analytic - self.numeric) / scale if scale else 0.0

    @property
    def difference(self) -> float:
        """|analytic - numeric|, and ∞ where either isn't finite."""
        return abs(self.analytic - self.numeric) if self.finite else inf

    @property
    def finite(self) -> bool:
        """Whether both are numbers. NaN is neither above nor below anything, so that no comparison would find it."""
        return isfinite(self.analytic) and isfinite(self.numeric)


@dataclass(frozen=True)
class GradCheck:
    """A sample of gradients, both ways.

    ``size`` is how many numbers they were drawn from, ``noise`` what rounding alone may make of a central difference:
    two gradients that lie no further apart can't be told from equal ones.
    """

    entries: tuple[Entry, ...]
    size: int
    h: float
    noise: float = 0.0

    @property
    def least(self) -> float:
        """The smallest gradient whose relative error says something: rounding alone stays below ``GOOD`` there."""
        return max(1e-4 * max((abs(e.analytic) for e in self.entries if e.finite), default=0.0), self.noise / GOOD)

    @property
    def measurable(self) -> tuple[Entry, ...]:
        """The entries whose gradient, by either way, is large enough for that, or isn't finite."""
        return tuple(e for e in self.entries if not (e.finite and max(abs(e.analytic), abs(e.numeric)) <= self.least))

    @property
    def agrees(self) -> bool:
        """Whether every entry is right as far as can be measured."""
        return all(e.relative_error <= GOOD for e in self.measurable) and all(
            e.difference <= max(self.noise, GOOD * self.least) for e in self.entries if e not in self.measurable
        )

    @property
    def worst(self) -> Entry:
        """The entry with the largest relative error among those whose gradient is large enough to be measured.

        Of one that isn't, only the absolute difference can be checked (``worst_difference``).
        """
        return max(self.measurable or self.entries, key=lambda e: e.relative_error)

    @property
    def worst_difference(self) -> float:
        """The largest |analytic - numeric| of all entries."""
        return max(e.difference for e in self.entries)


def numeric_gradient(f: Callable[[], float], array: Array, index: tuple[int, ...], h: float = 1e-5) -> float:
    """df/da ≈ (f(a + h) - f(a - h)) / 2h for one entry a of an array that f reads; the array is left as it was.

    The error shrinks as h² until rounding, which grows as 1/h, takes over; in float64 1e-5 is near the best.
    """
    expect_floats("numeric_gradient", "array", array)
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
    scale: float = 0.0,
) -> GradCheck:
    """Check ``gradients`` of f against central differences on a sample (None: all) of the arrays' entries.

    ``scale`` is the size of the largest numbers that f adds up or subtracts, where they are larger than f itself: their
    last digits are rounded, and that is divided by the step.
    """
    places = [(name, index) for name, array in arrays.items() for index in np.ndindex(array.shape)]
    size = len(places)
    if sample is not None and sample < size:
        places = [places[i] for i in sorted(rng.choice(size, sample, replace=False))]
    entries = tuple(
        Entry(name, index, float(gradients[name][index]), numeric_gradient(f, arrays[name], index, h))
        for name, index in places
    )
    largest = max((number for number in (scale, abs(f())) if isfinite(number)), default=0.0)
    return GradCheck(entries, size, h, noise=float(np.finfo(np.float64).eps) * largest / h)


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
    expect_generator("check_network", rng)
    network = network.astype(np.float64)
    x = real("check_network", "x", x).astype(np.float64)
    target = real("check_network", "target", target)

    def value() -> float:
        return loss.forward(network.predict(x), target)[0]

    trace = network.forward(x)
    _, cache = loss.forward(trace.y, target)
    grads = network.backward(trace, loss.backward(cache)).grads
    learned = {name: network.params[name] for name in grads}
    scale = float(np.abs(trace.y).max(initial=0))
    return compare(value, learned, grads, rng=rng, sample=sample, h=h, scale=scale)
