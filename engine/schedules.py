"""How a learning rate changes while training runs: each schedule is a function of the step, which counts from 1.

``fit(network, data, scheduled(SGD(0.1), lr=CosineAnnealingLR(0.1, 500)), ...)``. PyTorch's schedulers of the same
names count the ``step()`` calls made so far, which is the step less one, and are mostly called once an epoch.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from itertools import pairwise
from math import ceil, cos, pi
from typing import Any, Literal, Protocol, cast

from engine.guard import guard
from engine.optimizers import Optimizer


class Schedule(Protocol):
    """A setting's value at a step. Raises ValueError for a step below 1."""

    def __call__(self, step: int, /) -> float: ...


def scheduled(optimizer: Optimizer, **settings: Schedule) -> Callable[[int], Optimizer]:
    """A function of the step, for ``fit``: the optimizer with these settings as their schedules have them.

    ``scheduled(SGD(0.1, momentum=0.5), lr=StepLR(0.1, 300), momentum=LinearRamp(0.5, 0.99, 1000))``.
    Raises ValueError for a setting that the optimizer doesn't have.
    """
    fields = getattr(optimizer, "__dataclass_fields__", {})
    unknown = sorted(settings.keys() - fields.keys())
    if unknown or not settings:
        raise ValueError(
            f"scheduled was given {', '.join(unknown) or 'no setting'} for {optimizer!r}; it expects at least one "
            f"schedule, under the names {', '.join(fields) or '(this optimizer has none)'}."
        )

    def at(step: int) -> Optimizer:
        return cast(Optimizer, replace(cast(Any, optimizer), **{name: s(step) for name, s in settings.items()}))

    return at


@dataclass(frozen=True)
class Constant:
    """η(t) = lr."""

    lr: float

    def __call__(self, step: int, /) -> float:
        _elapsed(step)
        return self.lr


@dataclass(frozen=True)
class LinearRamp:
    """η(t) = start + (end - start) · min((t - 1) / steps, 1): a straight way from one value to another, then constant.

    Serves a momentum that grows from 0.5 to 0.99 as well as a rate that falls.
    """

    start: float
    end: float
    steps: int

    def __post_init__(self) -> None:
        _whole("LinearRamp", steps=self.steps)

    def __call__(self, step: int, /) -> float:
        share = min(_elapsed(step) / self.steps, 1.0)
        return self.start * (1 - share) + self.end * share


@dataclass(frozen=True)
class StepLR:
    """η(t) = lr · gamma^⌊(t - 1) / step_size⌋: constant, and a sudden drop every ``step_size`` steps."""

    lr: float
    step_size: int
    gamma: float = 0.1

    def __post_init__(self) -> None:
        _whole("StepLR", step_size=self.step_size)
        _share("StepLR", self.gamma)

    def __call__(self, step: int, /) -> float:
        return self.lr * self.gamma ** (_elapsed(step) // self.step_size)


@dataclass(frozen=True)
class MultiStepLR:
    """η(t) = lr · gamma^m, m being how many of the ``milestones`` are at most t - 1: sudden drops at chosen steps."""

    lr: float
    milestones: Sequence[int]
    gamma: float = 0.1

    def __post_init__(self) -> None:
        object.__setattr__(self, "milestones", tuple(sorted(self.milestones)))
        for milestone in self.milestones:
            _whole("MultiStepLR", milestones=milestone)
        _share("MultiStepLR", self.gamma)

    def __call__(self, step: int, /) -> float:
        return self.lr * self.gamma ** bisect_right(self.milestones, _elapsed(step))


@dataclass(frozen=True)
class ExponentialLR:
    """η(t) = lr · gamma^(t - 1): every step takes the same share away."""

    lr: float
    gamma: float

    def __post_init__(self) -> None:
        _share("ExponentialLR", self.gamma)

    def __call__(self, step: int, /) -> float:
        return self.lr * self.gamma ** _elapsed(step)


@dataclass(frozen=True)
class InverseTime:
    """η(t) = lr / (1 + decay · (t - 1)): fast at first, ever slower. Robbins & Monro, 1951, ask for this order."""

    lr: float
    decay: float

    def __post_init__(self) -> None:
        if not 0 <= self.decay < float("inf"):
            raise ValueError(f"InverseTime: decay={self.decay}; expected a finite number of at least 0, such as 0.01.")

    def __call__(self, step: int, /) -> float:
        return self.lr / (1 + self.decay * _elapsed(step))


@dataclass(frozen=True)
class CosineAnnealingLR:
    """η(t) = eta_min + (lr - eta_min)/2 · (cos(π · (t - 1) / T_max) + 1): slowly, fast, slowly down to eta_min.

    PyTorch's climbs again after T_max steps; here what comes later keeps eta_min.
    Loshchilov & Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
    """

    lr: float
    T_max: int
    eta_min: float = 0.0

    def __post_init__(self) -> None:
        _whole("CosineAnnealingLR", T_max=self.T_max)

    def __call__(self, step: int, /) -> float:
        share = min(_elapsed(step) / self.T_max, 1.0)
        return self.eta_min + (self.lr - self.eta_min) / 2 * (cos(pi * share) + 1)


@dataclass(frozen=True)
class CyclicCosine:
    """η(t) = lr/2 · (cos(π · mod(t - 1, ⌈T/M⌉) / ⌈T/M⌉) + 1), with T = ``total_steps`` and M = ``cycles``.

    The rate falls towards 0 and jumps back, M times; each time the network settles into another minimum, and the
    network at each cycle's end is a member of an ensemble. Huang et al., "Snapshot ensembles: train 1, get M for
    free", 2017.
    """

    lr: float
    total_steps: int
    cycles: int

    def __post_init__(self) -> None:
        _whole("CyclicCosine", total_steps=self.total_steps, cycles=self.cycles)
        if self.cycles > self.total_steps:
            raise ValueError(
                f"CyclicCosine: {self.cycles} cycles don't fit into total_steps={self.total_steps}; expected at most "
                f"one cycle a step."
            )

    @property
    def cycle(self) -> int:
        """⌈T/M⌉: the length of a cycle in steps. The last one may be shorter."""
        return ceil(self.total_steps / self.cycles)

    def snapshots(self) -> tuple[int, ...]:
        """The last step of each cycle: after it the network is to be kept."""
        ends = range(self.cycle, self.total_steps + self.cycle, self.cycle)
        return tuple(min(end, self.total_steps) for end in ends)

    def __call__(self, step: int, /) -> float:
        return self.lr / 2 * (cos(pi * (_elapsed(step) % self.cycle) / self.cycle) + 1)


@dataclass(frozen=True)
class OneCycleLR:
    """η(t) = b + (a - b)/2 · (cos(π · s) + 1) on a way from a to b, of which the share s is made: once up, once down.

    Up from max_lr/div_factor to max_lr in the first ``pct_start`` of the steps; down, in the others, to that start's
    ``final_div_factor``-th part. ``three_phase`` goes back to the start as fast as it came and falls from there.
    ``anneal_strategy="linear"`` goes straight, η(t) = a + (b - a) · s. What comes after ``total_steps`` keeps the end.
    The large rate on the way jumps over sharp minima; ``momentum`` gives the schedule that mirrors it.
    Smith & Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2018, as
    PyTorch has it.
    """

    max_lr: float
    total_steps: int
    _: KW_ONLY
    pct_start: float = 0.3
    anneal_strategy: Literal["cos", "linear"] = "cos"
    div_factor: float = 25.0
    final_div_factor: float = 1e4
    three_phase: bool = False

    def __post_init__(self) -> None:
        _whole("OneCycleLR", total_steps=self.total_steps)
        for name in ("div_factor", "final_div_factor"):
            if not 0 < getattr(self, name) < float("inf"):
                raise ValueError(f"OneCycleLR: {name}={getattr(self, name)}; expected a finite number above 0.")
        if not 0 <= self.pct_start <= 1:
            raise ValueError(f"OneCycleLR: pct_start={self.pct_start}; expected a share from 0 to 1, such as 0.3.")
        if self.anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"OneCycleLR: anneal_strategy={self.anneal_strategy!r}; expected 'cos' or 'linear'.")

    def __call__(self, step: int, /) -> float:
        start = self.max_lr / self.div_factor
        return self.along(step, start, self.max_lr, start / self.final_div_factor)

    def momentum(self, base_momentum: float = 0.85, max_momentum: float = 0.95) -> OneCycleMomentum:
        """The momentum's schedule: down where the rate goes up, and back. PyTorch's ``cycle_momentum``."""
        return OneCycleMomentum(self, base_momentum, max_momentum)

    def along(self, step: int, start: float, top: float, end: float) -> float:
        """A setting's value at a step, if it is ``start`` first, ``top`` at the rate's peak and ``end`` at the last."""
        t, first = min(_elapsed(step), self.total_steps - 1), self.pct_start * self.total_steps - 1
        stops = [(0.0, start), (first, top), *([(2 * first, start)] if self.three_phase else [])]
        ways = list(pairwise([*stops, (self.total_steps - 1, end)]))
        (begin, left), (arrival, right) = next((way for way in ways if t <= way[1][0]), ways[-1])
        share = (t - begin) / (arrival - begin) if arrival != begin else 1.0
        if self.anneal_strategy == "linear":
            return left + (right - left) * share
        return right + (left - right) / 2 * (cos(pi * share) + 1)


@dataclass(frozen=True)
class OneCycleMomentum:
    """max_momentum → base_momentum → max_momentum, on the same steps on which OneCycleLR goes up and down.

    ``scheduled(SGD(0.1, momentum=0.9), lr=cycle, momentum=cycle.momentum())``. Large steps need less of a push.
    """

    cycle: OneCycleLR
    base_momentum: float = 0.85
    max_momentum: float = 0.95

    def __call__(self, step: int, /) -> float:
        return self.cycle.along(step, self.max_momentum, self.base_momentum, self.max_momentum)


@dataclass(frozen=True)
class Warmup:
    """η(t) = schedule(1) · t / steps for t ≤ steps, then schedule(t - steps): a gentle start before any schedule.

    Fresh weights give large, erratic gradients, and a rate that is right later may blow them up.
    Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017.
    """

    schedule: Schedule
    steps: int

    def __post_init__(self) -> None:
        _whole("Warmup", steps=self.steps)

    def __call__(self, step: int, /) -> float:
        _elapsed(step)
        return self.schedule(1) * step / self.steps if step <= self.steps else self.schedule(step - self.steps)


def _elapsed(step: int) -> int:
    """How many steps were made before this one."""
    if step < 1:
        raise ValueError(f"A schedule was asked for step {step}; steps count from 1.")
    return step - 1


def _whole(what: str, **settings: int) -> None:
    for name, value in settings.items():
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"{what}: {name}={value}; expected a whole number of at least 1, such as {name}=100.")


def _share(what: str, gamma: float) -> None:
    if not 0 < gamma <= 1:
        raise ValueError(f"{what}: gamma={gamma}; expected a number above 0 and at most 1, such as 0.5.")


guard(globals())
