"""A session's training run: the desk on which it lies, and what the learner may do with it."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from engine.data.digits import digits
from engine.initializers import INITIALIZERS
from engine.network import Network
from engine.optimizers import SGD, Adam, Optimizer
from engine.training.metrics import evaluate
from engine.training.run import Run
from engine.types import Array
from engine.zoo.digit_network import digit_network
from ui import trained, visit
from ui.jobs import Job

PACES: dict[str, float | None] = {"slow": 4, "steady": 40, "full": None}
"""Steps a second, by the name of the speed; None is as fast as it goes."""
ASIDE = 3
"""Runs that were begun and then left for another, or reset; the oldest goes first."""
A_STEP = 0.05
"""Seconds that the page waits for a single step, so that its answer shows it. In a long line it shows the line."""


@dataclass(frozen=True)
class Recipe:
    """What a run is started from. The same recipe gives the same weights, bit for bit."""

    initializer: str
    optimizer: str
    batch_size: int
    seed: int
    epochs: int


def make_optimizer(name: str, lr: float, momentum: float, weight_decay: float) -> Optimizer:
    """The optimizer of this name; momentum is SGD's alone."""
    if name == "adam":
        return Adam(lr, weight_decay=weight_decay)
    return SGD(lr, momentum=momentum, weight_decay=weight_decay)


@dataclass
class Training:
    """A run and the job that drives it."""

    recipe: Recipe
    run: Run
    job: Job
    _marks: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=12))

    @classmethod
    def start(cls, recipe: Recipe, optimizer: Optimizer) -> Training:
        """Draw the first weights; take no step yet."""
        data = digits()
        run = Run(
            lambda rng: digit_network(rng, INITIALIZERS[recipe.initializer]),
            (data.train_x, data.train_y),
            (data.validation_x, data.validation_y),
            optimizer,
            seed=recipe.seed,
            batch_size=recipe.batch_size,
            epochs=recipe.epochs,
        )
        return cls(recipe, run, Job(run.advance))

    def do(self, action: str) -> None:
        """What the driver's row asks for: play, pause, step, epoch."""
        if action == "pause":
            self.job.pause()
        elif action in ("play", "step", "epoch"):
            self._marks.clear()
            steps = {"play": None, "step": 1, "epoch": self.run.steps_to_epoch_end()}[action]
            self.job.play(steps, more=action == "step")
            if action == "step":
                self.job.wait(A_STEP)

    def hand_over(self) -> None:
        """Pause, and leave the network as it is now for the lesson that opens next."""
        self.job.pause()
        self.job.wait(1.0)
        data = digits()
        found = evaluate(self.run.network, data.validation_x, data.validation_y)
        trained.hand_over(self.run.network, trained.Note(self.run.step, found.accuracy))

    def seconds_left(self) -> float | None:
        """How long the rest will take at the present pace; None while nothing is known of it."""
        now = (time.monotonic(), self.run.step)
        self._marks.append(now)
        passed, steps = now[0] - self._marks[0][0], now[1] - self._marks[0][1]
        return passed / steps * (self.run.total_steps - self.run.step) if steps > 0 else None


class Desk:
    """Room for one training at work, and for the few before it: reset or another recipe puts a run aside, and it
    can be taken up again."""

    def __init__(self) -> None:
        self._training: Training | None = None
        self._aside: list[Training] = []

    def training(self, recipe: Recipe, optimizer: Optimizer, pace: str) -> Training:
        """The training of this recipe: the one at work, one that was put aside, or a new one."""
        if self._training is None or self._training.recipe != recipe:
            known = self._take(recipe)
            self._put_aside()
            self._training = known or Training.start(recipe, optimizer)
        self._training.run.optimizer = optimizer
        self._training.job.pace(PACES[pace])
        return self._training

    @property
    def at_work(self) -> Training | None:
        """The training that lies in front, whatever the controls say by now."""
        return self._training

    def reset(self) -> None:
        """Begin the same training anew, and put the run aside."""
        if self._training is not None:
            recipe, optimizer = self._training.recipe, self._training.run.optimizer
            self._put_aside()
            self._training = Training.start(recipe, optimizer)

    def undo_reset(self) -> None:
        """Take up the run that was reset."""
        if self._training is not None and (before := self._take(self._training.recipe)) is not None:
            self._training.job.stop()
            self._training = before

    def before(self) -> int | None:
        """How many steps the run had taken that `undo_reset` would bring back; None if there is none."""
        at_work = self._training
        if at_work is None or at_work.run.step > 0:
            return None
        found = next((one for one in reversed(self._aside) if one.recipe == at_work.recipe), None)
        return found.run.step if found else None

    def begun(self) -> bool:
        """Whether a step was taken that would be lost."""
        return bool(self._aside) or (self._training is not None and self._training.run.step > 0)

    def rest(self) -> None:
        """Take no further step while nobody looks."""
        if self._training is not None:
            self._training.job.pause()

    def clear(self) -> None:
        """End everything that lies here."""
        for training in (*self._aside, *([self._training] if self._training else [])):
            training.job.stop()
        self._training, self._aside = None, []

    def _put_aside(self) -> None:
        training, self._training = self._training, None
        if training is None:
            return
        training.job.pause()
        if training.run.step == 0:
            training.job.stop()
            return
        self._aside.append(training)
        while len(self._aside) > ASIDE:
            self._aside.pop(0).job.stop()

    def _take(self, recipe: Recipe) -> Training | None:
        found = next((one for one in reversed(self._aside) if one.recipe == recipe), None)
        if found is not None:
            self._aside.remove(found)
        return found


def desk() -> Desk:
    """This visit's desk."""
    return visit.held("training", Desk)


def sample() -> Array:
    """The validation digits whose activations the histograms count."""
    return digits().validation_x[:64]


def digit_answered(network: Network, truth: int, answer: int) -> int | None:
    """A validation digit of class `truth` that the network takes for `answer`, the costliest one, as its place in
    the whole set; None if there is none."""
    data = digits()
    found = evaluate(network, data.validation_x, data.validation_y)
    there = np.flatnonzero((data.validation_y == truth) & (found.predicted == answer))
    return int(data.validation_index[there[found.losses[there].argmax()]]) if there.size else None
