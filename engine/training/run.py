"""A training run that remembers: the curves behind a live plot, and where the run stands now."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.network import Network
from engine.optimizers import SGD, Adam, Optimizer
from engine.training.fit import Snapshot, fit
from engine.training.metrics import evaluate
from engine.types import Array


@dataclass(frozen=True)
class Point:
    """One training step. `loss` and `accuracy` are the mini-batch's, measured before its update; the validation
    figures are the network's after it, and None at steps where it wasn't asked."""

    step: int
    epoch: float
    loss: float
    accuracy: float
    lr: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None


def steps_in_an_epoch(examples: int, batch_size: int) -> int:
    """⌈N / B⌉ steps show every one of N examples once, B at a time; the last batch takes what is left."""
    return math.ceil(examples / batch_size)


@dataclass
class _Choice:
    """The optimizer of the next step, where `fit` can ask for it without holding the whole run: a run in a circle
    with its own generator would keep its arrays until the garbage collector comes by."""

    optimizer: Optimizer


class Run:
    """`fit`, one step at a time, with its curve written down.

    Between two steps the optimizer may be exchanged for another of the same kind (a new learning rate, say):
    its state, like a momentum, carries on. A step whose loss or weights aren't finite ends the run: `diverged_at`
    tells the step, `network` stays the last one whose numbers are finite. `before` is what `initial`, the network
    before its first step, answers to validation.
    """

    def __init__(
        self,
        build: Callable[[np.random.Generator], Network],
        train: tuple[Array, Array],
        validation: tuple[Array, Array],
        optimizer: Optimizer,
        *,
        seed: int,
        batch_size: int,
        epochs: int,
        validate_every: int = 5,
    ) -> None:
        rng = np.random.default_rng(seed)
        self._choice = choice = _Choice(optimizer)
        self.initial = build(rng)
        self.network = self.initial
        self.before = evaluate(self.initial, *validation)
        self.snapshot: Snapshot | None = None
        self.diverged_at: int | None = None
        self.steps_per_epoch = steps_in_an_epoch(len(train[1]), batch_size)
        self.total_steps = epochs * self.steps_per_epoch
        self._validation = validation
        self._validate_every = validate_every
        self._points: list[Point] = []
        self._steps: Iterator[Snapshot] = fit(
            self.initial,
            train,
            lambda step: choice.optimizer,
            rng=rng,
            batch_size=batch_size,
            epochs=epochs,
        )

    @property
    def optimizer(self) -> Optimizer:
        """What the next step will use."""
        return self._choice.optimizer

    @optimizer.setter
    def optimizer(self, optimizer: Optimizer) -> None:
        self._choice.optimizer = optimizer

    @property
    def step(self) -> int:
        """How many steps have been taken."""
        return self.snapshot.step if self.snapshot else 0

    @property
    def ended(self) -> bool:
        """Whether no further step can be taken: every epoch is done, or the numbers blew up."""
        return self.diverged_at is not None or self.step >= self.total_steps

    def points(self) -> tuple[Point, ...]:
        """The curve up to now; a copy that later steps don't touch."""
        return tuple(self._points)

    def steps_to_epoch_end(self) -> int:
        """How many steps from here to the next whole epoch."""
        return self.steps_per_epoch - self.step % self.steps_per_epoch

    def advance(self) -> bool:
        """Take one step; False when there is none to take."""
        if self.ended:
            return False
        with np.errstate(all="ignore"):
            snapshot = next(self._steps)
        if not _is_finite(snapshot):
            self.diverged_at = snapshot.step
            return False
        asked = snapshot.step % self._validate_every == 0 or snapshot.step == self.total_steps
        answers = evaluate(snapshot.network, *self._validation) if asked else None
        self._points.append(
            Point(
                step=snapshot.step,
                epoch=snapshot.step / self.steps_per_epoch,
                loss=snapshot.loss,
                accuracy=snapshot.accuracy,
                lr=snapshot.optimizer.lr,
                validation_loss=answers.loss if answers else None,
                validation_accuracy=answers.accuracy if answers else None,
            )
        )
        self.network, self.snapshot = snapshot.network, snapshot
        return True


def _is_finite(snapshot: Snapshot) -> bool:
    return math.isfinite(snapshot.loss) and all(
        bool(np.isfinite(value).all()) for value in snapshot.network.params.values()
    )


def first_step_at(points: tuple[Point, ...], accuracy: float) -> int | None:
    """The first step at which validation accuracy reached `accuracy`; None if it never did."""
    reached = (p.step for p in points if (p.validation_accuracy or 0.0) >= accuracy)
    return next(reached, None)


Cause = Literal["weight_decay", "learning_rate", "unknown"]


def likely_cause(optimizer: Optimizer) -> Cause:
    """Why a run with this optimizer may have blown up.

    Weight decay alone multiplies w by 1 − lr · λ; with momentum β it stays bounded only while
    lr · λ < 2 (1 + β), and grows without end beyond. A learning rate is suspect when lr / (1 − β), the length
    of SGD's step once its momentum has built up, reaches 1, or Adam's step, about lr for each weight, 0.05.
    """
    decay = optimizer.lr * getattr(optimizer, "weight_decay", 0.0)
    momentum = getattr(optimizer, "momentum", 0.0)
    if isinstance(optimizer, SGD) and decay >= 2 * (1 + momentum):
        return "weight_decay"
    reach = optimizer.lr / 0.05 if isinstance(optimizer, Adam) else optimizer.lr / max(1 - momentum, 1e-9)
    return "learning_rate" if reach >= 1 else "unknown"
