"""Two networks trained from the same seeds, through the same batches, each at the learning rate that suits it best: who
is ahead, by how much, and is that more than chance?"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from engine.losses import CrossEntropyLoss, Loss
from engine.network import Network
from engine.optimizers import SGD
from engine.training.fit import fit
from engine.types import Array

Data = tuple[Array, Array]


@dataclass(frozen=True)
class Entrant:
    """A network trained at R rates from S seeds: ``losses`` (R, S, C) on examples held out, before the first step and
    after every so many; infinite from where they are no longer a number."""

    rates: tuple[float, ...]
    losses: Array

    @property
    def best(self) -> int:
        """The place of the rate whose loss at the end is least, on average over the seeds."""
        return int(self.losses[:, :, -1].mean(axis=1).argmin())

    @property
    def rate(self) -> float:
        """The best rate itself."""
        return self.rates[self.best]

    @property
    def at_best(self) -> Array:
        """(S, C): the losses at the best rate."""
        at: Array = self.losses[self.best]
        return at


@dataclass(frozen=True)
class Lead:
    """How far one is ahead of another, seed by seed: the mean of the differences and their standard deviation."""

    mean: float
    spread: float

    @property
    def tied(self) -> bool:
        """Whether the two differ by no more than twice what the seeds do: other seeds might turn it round."""
        return abs(self.mean) <= 2 * self.spread


def enter(
    build: Callable[[int], Network],
    train: Data,
    held_out: Data,
    *,
    rates: Sequence[float],
    seeds: Sequence[int],
    steps: int,
    every: int,
    batch_size: int = 32,
    loss: Loss = CrossEntropyLoss(),
) -> Entrant:
    """Plain SGD at every rate from every seed: a seed makes the first weights (``build``) and the order of the batches,
    so entrants that are given the same seeds meet the same.

    Raises ValueError where there is no rate or no seed, or ``every`` doesn't divide ``steps``.
    """
    if not rates or not seeds or every < 1 or steps < 1 or steps % every:
        raise ValueError(
            f"enter was given {len(rates)} rates, {len(seeds)} seeds, steps={steps} and every={every}; it expects at "
            f"least one of each, and steps that are a multiple of every."
        )
    runs = [
        [_run(build(seed), train, held_out, rate, seed, steps, every, batch_size, loss) for seed in seeds]
        for rate in rates
    ]
    return Entrant(tuple(rates), np.array(runs))


def lead(behind: Array, ahead: Array) -> Lead:
    """Of losses (S,) of two entrants, from the same seeds: behind - ahead. Raises ValueError for less than two."""
    if behind.shape != ahead.shape or behind.ndim != 1 or len(behind) < 2:
        raise ValueError(f"lead was given losses {behind.shape} and {ahead.shape}; it expects as many of each, over 1.")
    apart = behind - ahead
    return Lead(float(apart.mean()), float(apart.std(ddof=1)))


def _run(
    network: Network,
    train: Data,
    held_out: Data,
    rate: float,
    seed: int,
    steps: int,
    every: int,
    batch_size: int,
    loss: Loss,
) -> list[float]:
    x, target = held_out
    losses = [float(loss.forward(network.predict(x), target)[0])]
    snapshots = fit(network, train, SGD(rate), rng=np.random.default_rng(seed), batch_size=batch_size, loss=loss)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for snapshot in islice(snapshots, steps):
            if snapshot.step % every:
                continue
            value = float(loss.forward(snapshot.network.predict(x), target)[0])
            if not math.isfinite(value):
                break
            losses.append(value)
    return losses + [math.inf] * (1 + steps // every - len(losses))
