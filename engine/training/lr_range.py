"""The learning rate range test: one short run in which the rate grows until the loss blows up."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.guard import guard
from engine.losses import CrossEntropyLoss, Loss
from engine.network import Network
from engine.optimizers import Optimizer
from engine.schedules import scheduled
from engine.training.fit import Snapshot, fit
from engine.types import Array


@dataclass(frozen=True)
class RangePoint:
    """One step of the test: its rate, its batch's loss, and the losses' running mean up to here."""

    step: int
    lr: float
    loss: float
    smoothed: float


@dataclass(frozen=True)
class _Geometric:
    """η(t) = low · (high / low)^((t - 1) / (steps - 1)): equal steps on a logarithmic scale."""

    low: float
    high: float
    steps: int

    def __call__(self, step: int, /) -> float:
        return self.low * math.exp(math.log(self.high / self.low) * (step - 1) / (self.steps - 1))


def lr_range_test(
    network: Network,
    data: tuple[Array, Array],
    optimizer: Optimizer,
    *,
    rng: np.random.Generator,
    low: float = 1e-5,
    high: float = 10.0,
    steps: int = 100,
    batch_size: int = 32,
    loss: Loss = CrossEntropyLoss(),
    smoothing: float = 0.9,
) -> Iterator[RangePoint]:
    """Train with a rate that grows from ``low`` to ``high``, one RangePoint a step; ``network`` itself stays as it is.

    Rates at which the loss falls are good ones; where it turns up they are too large. smoothed is the mean
    s ← smoothing · s + (1 - smoothing) · loss, divided by 1 - smoothing^t. The test ends after ``steps`` steps, or
    earlier, with the first point whose loss isn't finite or whose smoothed loss is over four times the best.
    data, ``rng``, ``batch_size`` and ``loss`` (any with targets of its kind) are those of ``fit``.
    Smith, "Cyclical learning rates for training neural networks", 2017. Raises ValueError for settings that can't work.
    """
    if not 0 < low < high < math.inf or steps < 2 or not 0 <= smoothing < 1:
        raise ValueError(
            f"lr_range_test was given low={low}, high={high}, steps={steps} and smoothing={smoothing}; it expects "
            f"0 < low < high, at least 2 steps, and a smoothing in [0, 1)."
        )
    rates = scheduled(optimizer, lr=_Geometric(low, high, steps))
    return _points(fit(network, data, rates, rng=rng, batch_size=batch_size, loss=loss), steps, smoothing)


def suggested_lr(points: Sequence[RangePoint]) -> float:
    """A tenth of the rate at which the smoothed loss was lowest: well before it turns up, where it still falls.

    A rule of thumb, to be judged by the curve. Raises ValueError where there is no such rate: no finite point, or the
    first one the lowest.
    """
    finite = [point for point in points if math.isfinite(point.smoothed)]
    lowest = min(finite, key=lambda point: point.smoothed, default=None)
    if lowest is None or lowest is finite[0]:
        raise ValueError(
            f"The loss never falls among {len(finite)} finite points; a test that starts from a smaller rate, or takes "
            f"more steps, would find where it does."
        )
    return lowest.lr / 10


def _points(snapshots: Iterator[Snapshot], steps: int, smoothing: float) -> Iterator[RangePoint]:
    mean, best = 0.0, math.inf
    for _ in range(steps):
        # The test goes on until the numbers blow up: that is its result, not a fault.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            snapshot = next(snapshots)
        mean = smoothing * mean + (1 - smoothing) * snapshot.loss
        smoothed = mean / (1 - smoothing**snapshot.step)
        yield RangePoint(snapshot.step, snapshot.optimizer.lr, snapshot.loss, smoothed)
        best = min(best, smoothed)
        if not math.isfinite(snapshot.loss) or smoothed > 4 * best:
            return


guard(globals())
