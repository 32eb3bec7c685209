"""The training loop, as a generator: one Snapshot for each step. Nothing here knows about a screen.

Pausing is not asking for the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from engine.guard import expect_floats, guard, real
from engine.losses import CrossEntropyLoss, Loss
from engine.network import Network
from engine.optimizers import Optimizer, State
from engine.training.metrics import answers_right
from engine.types import Array, Params


@dataclass(frozen=True)
class Snapshot:
    """Training after a step. Every array is held by reference, and none is overwritten later.

    ``step`` counts from 1, ``epoch`` from 0; ``loss`` and ``accuracy`` are those of the step's own batch, before
    its update; ``previous`` and ``grads`` are what the update started from, ``network`` and ``state`` what it made.
    Where targets aren't class numbers, or none of them counts, ``accuracy`` is NaN.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float
    network: Network
    previous: Params
    grads: Params
    state: State
    optimizer: Optimizer


def fit(
    network: Network,
    data: tuple[Array, Array],
    optimizer: Optimizer | Callable[[int], Optimizer],
    *,
    rng: np.random.Generator,
    batch_size: int = 32,
    epochs: int | None = None,
    loss: Loss = CrossEntropyLoss(),
    state: State | None = None,
) -> Iterator[Snapshot]:
    """Draw a batch, forward, loss, backward, update; yield; again.

    data is (x, target) of equal length, targets of the kind that ``loss`` takes: class numbers, shares, or numbers to
    be met. Each epoch goes through all of it once, in an order drawn from ``rng``; the last batch of an epoch may be
    smaller. ``optimizer`` may be a function of the step number, asked before every step: that is how a learning rate
    changes while training runs. Without ``epochs`` it never ends.
    Raises ValueError where the data are empty or don't fit together, or the batch size can't work.
    """
    x, target = data[0], real("fit", "target", data[1])
    expect_floats("fit", "x", x)
    if len(x) != len(target) or len(x) == 0 or batch_size < 1:
        raise ValueError(
            f"fit was given {len(x)} examples, {len(target)} targets and batch_size={batch_size}; it expects as "
            f"many targets as examples, at least one, and a batch size of at least 1."
        )
    choose = optimizer if callable(optimizer) else lambda _: optimizer
    steps = count(1)
    for epoch in count() if epochs is None else range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            step = next(steps)
            chosen = choose(step)
            passed = network.train_forward(x[batch], rng=rng)
            value, cache = loss.forward(passed.y, target[batch])
            grads = network.gradients(passed, loss.backward(cache))
            previous = network.params
            params, state = chosen.update(previous, grads, state)
            network = network.replace({**params, **passed.buffers})
            accuracy = _accuracy(passed.y, target[batch], loss)
            yield Snapshot(step, epoch, value, accuracy, network, previous, grads, state, chosen)


def _accuracy(y: Array, target: Array, loss: Loss) -> float:
    """The share of answers whose largest score is at the target; NaN unless targets are class numbers, (N, …).

    What the loss ignores was not asked for and doesn't count.
    """
    if target.dtype.kind not in "iu" or y.ndim < 2 or target.shape != (len(y), *y.shape[2:]):
        return float("nan")
    right, ignored = answers_right(y, target), getattr(loss, "ignore_index", None)
    asked = right if ignored is None else right[target != ignored]
    return float(asked.mean()) if asked.size else float("nan")


guard(globals())
