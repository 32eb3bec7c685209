"""What this lesson alone computes: its classic experiments, a signal's fate in one word, and the race of the starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Literal

import numpy as np

from engine.layers import Flatten, Linear
from engine.network import Network
from engine.optimizers import SGD
from engine.signal.setup import HALVING, Setup, layers_of, resized, unit_draw
from engine.signal.signal import Signal
from engine.training.fit import Snapshot, fit
from engine.training.metrics import evaluate
from engine.types import Array, Shape

PRESETS: Mapping[str, Setup] = {
    "small": Setup(),
    "large": Setup(sigma=1.0),
    "xavier": Setup(size="xavier"),
    "relu-xavier": Setup(activation="relu", size="xavier"),
    "relu-he": Setup(activation="relu", size="he"),
    "alike": Setup(draw="constant", sigma=0.003),
    "normed": Setup(batch_norm=True),
}
"""Ten layers of 500 units, a thousand normal examples. The first five as CS231n's lectures tell them (after Glorot &
Bengio, 2010, and He et al., 2015); then weights that are all one number, so chosen that the signal gets through, and
batch norm as the remedy of the first."""

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


STEPS = 100
BATCH_SIZE = 32
FITTED = 256
"""So many examples fit a data-dependent draw."""
UNITS = 8


@dataclass(frozen=True)
class Record:
    """losses (steps,): each step's own batch, before its update. rows (steps + 1, UNITS, n_in): what the
    first units of the first layer weigh their inputs with, before the first step and after each. accuracy on held-out
    examples after the last step; None before it, and where the numbers outgrew float32."""

    losses: Array
    rows: Array
    accuracy: float | None
    ended: bool


class Training:
    """Plain SGD from the first weights of a setup, one step at a time.

    data and validation are (x, target), x (N, *shape) with shape one vector for dense stacks and (C, 8, 8) for
    convolutions. The stack gets a last linear layer with a score for each class, drawn like the others.
    """

    def __init__(
        self, setup: Setup, data: tuple[Array, Array], validation: tuple[Array, Array], *, lr: float, seed: int
    ) -> None:
        x, target = data
        network = classifier(setup, x, int(target.max()) + 1, np.random.default_rng([seed, 0]))
        rng = np.random.default_rng([seed, 3])
        self._steps: Iterator[Snapshot] | None = fit(network, data, SGD(lr), rng=rng, batch_size=BATCH_SIZE)
        self._validation = validation
        self._losses: list[float] = []
        self._rows = [_rows(network)]
        self._accuracy: float | None = None

    def advance(self) -> bool:
        """Take one step; False when there is none left to take."""
        if self._steps is None:
            return False
        with np.errstate(all="ignore"):
            snapshot = next(self._steps)
            if not np.isfinite(snapshot.loss) or not all(np.isfinite(g).all() for g in snapshot.grads.values()):
                self._steps = None
                return False
            self._losses.append(snapshot.loss)
            self._rows.append(_rows(snapshot.network))
            if len(self._losses) == STEPS:
                self._accuracy = evaluate(snapshot.network, *self._validation).accuracy
                self._steps = None
        return self._steps is not None

    def record(self) -> Record:
        """What there is to see by now; later steps don't touch it."""
        losses = list(self._losses)
        rows = np.stack(self._rows[: len(losses) + 1])
        return Record(np.array(losses, np.float32), rows, self._accuracy, self._steps is None)


def _rows(network: Network) -> Array:
    weight = network.params["weight1.weight"]
    return weight[:UNITS].reshape(min(UNITS, len(weight)), -1).copy()


def classifier(setup: Setup, x: Array, classes: int, rng: np.random.Generator) -> Network:
    """The stack, and a linear layer from it to the classes' scores, with first weights as the setup draws them."""
    shape: Shape = x.shape[1:]
    layers = list(layers_of(setup, shape))
    given = setup.width
    if setup.stack == "conv":
        layers.append(("flatten", Flatten()))
        given *= shape[1] * shape[2]
    layers.append((f"weight{setup.depth + 1}", Linear(given, classes)))
    unit = Network.build(layers, shape, rng=rng, initializer=unit_draw(setup.draw))
    return resized(unit, setup, x[:FITTED])


def apart(rows: Array) -> Array:
    """The largest difference between two rows of the same column, at each step (steps,), for rows (steps, R, C)."""
    spread: Array = np.ptp(rows, axis=1).max(axis=1)
    return spread


def smoothed(losses: Array, width: int = 7) -> Array:
    """The mean of the losses around each step (steps,): single batches of 32 jump about. At the ends of fewer."""
    sums = np.concatenate([[0.0], np.cumsum(losses, dtype=np.float64)])
    at = np.arange(len(losses))
    low, high = np.maximum(at - width // 2, 0), np.minimum(at + width // 2 + 1, len(losses))
    mean: Array = (sums[high] - sums[low]) / (high - low)
    return mean
