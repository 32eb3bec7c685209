"""A learning rate that falls where nothing is gained any more: no function of the step, but of what was measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import Literal


@dataclass(frozen=True)
class Plateau:
    """What ``ReduceLROnPlateau`` remembers: the rate now, the best measurement, how many since didn't better it, and
    how many of those to come won't count against the rate."""

    lr: float
    best: float
    num_bad_epochs: int = 0
    cooldown_counter: int = 0


@dataclass(frozen=True)
class ReduceLROnPlateau:
    """lr ← max(factor · lr, min_lr) once more than ``patience`` measurements in a row haven't bettered the best.

    Better is a loss (``mode="min"``) below best · (1 - threshold), or below best - threshold with
    ``threshold_mode="abs"``; with "max", for an accuracy, one above best · (1 + threshold) or best + threshold. After a
    fall ``cooldown`` measurements go by first. A fall of no more than ``eps`` isn't made. As PyTorch has it.

        plateau = ReduceLROnPlateau(0.1, patience=3)
        state = plateau.start()
        for snapshot in fit(network, data, lambda step: SGD(state.lr), rng=rng, epochs=50):
            if snapshot.step % steps_per_epoch == 0:
                state = plateau.update(validation_loss(snapshot.network), state)

    Raises ValueError for settings that can't work.
    """

    lr: float
    mode: Literal["min", "max"] = "min"
    factor: float = 0.1
    patience: int = 10
    threshold: float = 1e-4
    threshold_mode: Literal["rel", "abs"] = "rel"
    cooldown: int = 0
    min_lr: float = 0.0
    eps: float = 1e-8

    def __post_init__(self) -> None:
        for name, works, expected in (
            ("mode", self.mode in ("min", "max"), "'min' (a loss) or 'max' (an accuracy)"),
            ("threshold_mode", self.threshold_mode in ("rel", "abs"), "'rel' or 'abs'"),
            ("factor", 0 <= self.factor < 1, "a number in [0, 1), such as 0.1"),
            *((n, 0 <= getattr(self, n) < inf, "a finite number of at least 0") for n in ("lr", "min_lr", "eps")),
            *((n, 0 <= getattr(self, n) < inf, "at least 0") for n in ("patience", "cooldown", "threshold")),
        ):
            if not works:
                raise ValueError(f"ReduceLROnPlateau: {name}={getattr(self, name)!r}; expected {expected}.")

    def start(self) -> Plateau:
        """Before anything was measured: the first measurement is better than none."""
        return Plateau(self.lr, inf if self.mode == "min" else -inf)

    def update(self, metric: float, state: Plateau | None = None) -> Plateau:
        """1. Better than the best?  2. Count what isn't, unless it cools down.  3. Too many: the rate falls."""
        state = state or self.start()
        better, resting = self._better(metric, state.best), state.cooldown_counter > 0
        best = float(metric) if better else state.best
        bad = 0 if better or resting else state.num_bad_epochs + 1
        state = Plateau(state.lr, best, bad, state.cooldown_counter - resting)
        if bad <= self.patience:
            return state
        lower = max(state.lr * self.factor, self.min_lr)
        lr = lower if state.lr - lower > self.eps else state.lr
        return replace(state, lr=lr, num_bad_epochs=0, cooldown_counter=self.cooldown)

    def _better(self, metric: float, best: float) -> bool:
        sign = 1 if self.mode == "max" else -1
        bar = best * (1 + sign * self.threshold) if self.threshold_mode == "rel" else best + sign * self.threshold
        return bool(metric > bar if self.mode == "max" else metric < bar)
