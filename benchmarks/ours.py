"""StepCNN's engine at work, through what the lessons use: ``Network`` and ``fit``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.workloads import LR, MOMENTUM, SEED, Contender, Kind, Workload
from engine import SGD, Params, Snapshot, fit


class Training:
    """``fit`` on one batch; drawing the batch anew for every step is part of the time."""

    def __init__(self, workload: Workload) -> None:
        self._snapshots = fit(
            workload.network(),
            workload.data(),
            SGD(LR, momentum=MOMENTUM),
            rng=np.random.default_rng(SEED),
            batch_size=workload.batch,
        )
        self._snapshot: Snapshot | None = None

    def step(self) -> None:
        self._snapshot = next(self._snapshots)

    def witness(self) -> float:
        return self._last().loss

    def params(self) -> Params:
        """The network's parameters after the last step."""
        return self._last().network.params

    def _last(self) -> Snapshot:
        if self._snapshot is None:
            raise RuntimeError("There is nothing to show before the first step.")
        return self._snapshot


class Passes:
    """Forward and backward, every step of both kept."""

    def __init__(self, workload: Workload) -> None:
        self._network, (self._x, _), self._dy = workload.network(), workload.data(), workload.upstream()

    def step(self) -> None:
        self._back = self._network.backward(self._network.forward(self._x), self._dy)

    def witness(self) -> float:
        return float(np.abs(self._back.dx).mean())


class Prediction:
    """The output for one input, nothing else kept."""

    def __init__(self, workload: Workload) -> None:
        self._network, (self._x, _) = workload.network(), workload.data()

    def step(self) -> None:
        self._y = self._network.predict(self._x)

    def witness(self) -> float:
        return float(np.abs(self._y).mean())


class Tracing:
    """A forward pass as a Trace."""

    def __init__(self, workload: Workload) -> None:
        self._network, (self._x, _) = workload.network(), workload.data()

    def step(self) -> None:
        self._trace = self._network.forward(self._x)

    def witness(self) -> float:
        return float(np.abs(self._trace.y).mean())


def contender(workload: Workload) -> Contender:
    """Who does this workload's kind of step."""
    kinds: dict[Kind, Callable[[Workload], Contender]] = {
        "train": Training,
        "passes": Passes,
        "predict": Prediction,
        "trace": Tracing,
    }
    return kinds[workload.kind](workload)
