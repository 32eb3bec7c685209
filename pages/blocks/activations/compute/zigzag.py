"""Why inputs that are all positive make a unit zig-zag: two weights, one example a step, real gradient steps; and which
learning rate suits the inputs best."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.layers import Linear
from engine.losses import MSELoss
from engine.network import Network
from engine.optimizers import SGD
from engine.types import Array
from pages.blocks.activations.compute.functions import curve

GOAL = (1.0, -1.0)
EXAMPLES = 400
RATES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
"""Learning rates from too short a step to one that never arrives, with either kind of inputs."""
TRIALS = 50
WITHIN = 0.1
"""Arrived: no further than this from the goal, to stay."""


@dataclass(frozen=True)
class Walk:
    """T steps of a unit z = w·x towards the weights ``goal`` that made the targets t = goal·x.

    ``x`` (T, 2) the example of each step, ``z`` and ``t`` (T,), ``dz`` (T,) = dL/dz = 2(z - t),
    ``dw`` (T, 2) = dz · x, ``w`` (T+1, 2) from (0, 0) on, ``distance`` (T+1,) to the goal.
    ``moment`` (2, 2) = mean of x·xᵀ over all examples: the mean loss is (w - goal)ᵀ · moment · (w - goal).
    """

    x: Array
    z: Array
    t: Array
    dz: Array
    dw: Array
    w: Array
    goal: Array
    distance: Array
    moment: Array

    @property
    def same_sign(self) -> float:
        """The share of steps that push both weights the same way."""
        return float((np.prod(np.sign(self.dw), axis=1) >= 0).mean())

    def arrival(self, within: float = WITHIN) -> int | None:
        """The first step after which the weights stay within this distance of the goal; None if they don't."""
        far = np.flatnonzero(self.distance > within)
        after = int(far[-1]) + 1 if far.size else 0
        return after if after < len(self.distance) else None


def inputs(centred: bool, rng: np.random.Generator, count: int = EXAMPLES) -> Array:
    """(count, 2): h ~ N(0, 2²) behind a sigmoid; or the same numbers moved to lie around 0, σ(h) - ½, not stretched."""
    behind = curve("sigmoid", rng.normal(0, 2, (count, 2))).y
    return behind - 0.5 if centred else behind


@cache
def best_rate(centred: bool, steps: int) -> float:
    """Of ``RATES`` the one at which a walk arrives earliest, on average over many draws of the inputs.

    All walks at once: with no bias and w - goal = e, one step is e ← e - 2·lr·(e·x)·x.
    """
    drawn = [inputs(centred, np.random.default_rng(seed), max(EXAMPLES, steps))[:steps] for seed in range(TRIALS)]
    x, lr = np.stack(drawn, 1), np.array(RATES)[:, None, None]
    away = np.tile(-np.array(GOAL), (len(RATES), TRIALS, 1))
    arrived = np.zeros((len(RATES), TRIALS))
    for step, example in enumerate(x, 1):
        away = away - 2 * lr * (away * example).sum(-1, keepdims=True) * example
        arrived = np.where(np.linalg.norm(away, axis=-1) > WITHIN, step, arrived)
    return RATES[int(arrived.mean(axis=1).argmin())]


def walk(centred: bool, lr: float, steps: int, seed: int) -> Walk:
    """Step by step: one example, forward, squared error, backward, SGD. The same seed draws the same h for both."""
    x = inputs(centred, np.random.default_rng(seed), max(EXAMPLES, steps))
    goal = np.array(GOAL)
    network = Network((("unit", Linear(2, 1, bias=False)),), {"unit.weight": np.zeros((1, 2))}, (2,))
    loss, optimizer = MSELoss(), SGD(lr)
    w, z, t, dz, dw = [np.zeros(2)], [], [], [], []
    for example in x[:steps]:
        target = np.array([[example @ goal]])
        trace = network.forward(example[None])
        _, cache = loss.forward(trace.y, target)
        upstream = loss.backward(cache)
        grads = network.backward(trace, upstream).grads
        params, _state = optimizer.update(network.params, grads)
        network = network.replace(params)
        w.append(params["unit.weight"][0])
        z.append(trace.y[0, 0])
        t.append(target[0, 0])
        dz.append(upstream[0, 0])
        dw.append(grads["unit.weight"][0])
    path = np.array(w)
    return Walk(
        x=x[:steps],
        z=np.array(z),
        t=np.array(t),
        dz=np.array(dz),
        dw=np.array(dw),
        w=path,
        goal=goal,
        distance=np.linalg.norm(path - goal, axis=1),
        moment=x.T @ x / len(x),
    )


def contour(walked: Walk, level: float, points: int = 121) -> Array:
    """(points, 2): the weights whose mean loss is ``level``, an ellipse around the goal.

    With moment = V·diag(λ)·Vᵀ, (w - goal) = V·(√(level/λ) · (cos φ, sin φ)).
    """
    strength, axes = np.linalg.eigh(walked.moment)
    turn = np.linspace(0, 2 * np.pi, points)
    circle = np.stack([np.cos(turn), np.sin(turn)])
    ring: Array = (axes @ (np.sqrt(level / strength)[:, None] * circle)).T + walked.goal
    return ring
