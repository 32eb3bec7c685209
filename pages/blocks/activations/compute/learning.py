"""What an activation does to learning.

Its slopes multiply: a chain of units, one behind the other, and what is left of a gradient that runs back through it.
Its outputs are the next unit's inputs: why, all positive, they make it zig-zag; two weights, one example a step, real
gradient steps; and which learning rate suits the inputs best. What that means for whole networks: tanh against sigmoid.
One of them has a slope of its own to learn: PReLU."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from engine.data.digits import digits
from engine.initializers import XavierNormal
from engine.layers import Flatten, Linear, PReLU
from engine.losses import MSELoss
from engine.network import Network
from engine.optimizers import SGD
from engine.training.contest import Entrant, enter
from engine.types import Array, Layer
from pages.blocks.activations.compute.functions import FUNCTIONS, USUAL, Settings, curve, facts

GOAL = (1.0, -1.0)
EXAMPLES = 400
RATES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
"""Learning rates from too short a step to one that never arrives, with either kind of inputs."""
TRIALS = 50
WITHIN = 0.1
"""Arrived: no further than this from the goal, to stay."""
RACERS = ("sigmoid", "tanh")
WIDTH, LAPS, EVERY, SEEDS, BATCH = 32, 15, 10, 5, 64
"""The racing networks: the width of their two hidden layers, how often and after how many steps each their loss is
measured, how many seeds they start from, and how many digits a step sees."""
RACE_RATES = (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0)
BELOW, ABOVE = 5, 3
FARTHEST, BLUR = 3.0, 0.4
"""How many points of a learned slope lie on either side of 0, how far out, and how far they stray from their line."""
SLOPES = (-1.5, 1.5)


@dataclass(frozen=True)
class Chain:
    """L links a_l = f(z_l), z_l = w · a_{l-1}, for K starts a_0 at once; links count from 0 here.

    ``a`` (L+1, K), ``z`` (L, K), ``slopes`` (L, K) = f'(z), ``gradients`` (L+1, K) = da_L/da_l as the engine's
    backward pass gives it, 1 at the end. ``bound`` is (|w| · max|f'|): no link can pass on a larger share.
    """

    weight: float
    a: Array
    z: Array
    slopes: Array
    gradients: Array
    bound: float


def chain(name: str, starts: Array, weight: float, length: int, settings: Settings = USUAL) -> Chain:
    """da_L/da_0 = Π_l w · f'(z_l): forward and backward through a real Network of 2·L layers.

    Raises ValueError for a chain without links.
    """
    if length < 1:
        raise ValueError(f"A chain was given length={length}; it expects at least one link.")
    layers, own = FUNCTIONS[name](settings)
    links: list[tuple[str, Layer]] = []
    params = {}
    for link in range(1, length + 1):
        links.append((f"weight{link}", Linear(1, 1, bias=False)))
        params[f"weight{link}.weight"] = np.full((1, 1), weight, np.float64)
        links += [(f"{part}{link}", layer) for part, layer in layers]
        params |= {f"{path.split('.')[0]}{link}.{path.split('.')[1]}": value for path, value in own.items()}
    network = Network(tuple(links), params, (1,))
    trace = network.forward(np.asarray(starts, dtype=np.float64).reshape(-1, 1))
    back = network.backward(trace, np.ones_like(trace.y))
    last, first = layers[-1][0], layers[0][0]
    values = [trace["weight1"].x, *(trace[f"{last}{link}"].y for link in range(1, length + 1))]
    gradients = [*(back[f"weight{link}"].dx for link in range(1, length + 1)), np.ones_like(trace.y)]
    # A link's slope alone: an upstream gradient of 1 through this link's activation only.
    slopes = []
    for link in range(1, length + 1):
        dy = np.ones_like(trace.y)
        for part, layer in reversed(layers):
            step = trace[f"{part}{link}"]
            dy, _ = layer.backward(step.params, step.cache, dy)
        slopes.append(dy)
    return Chain(
        weight=weight,
        a=np.hstack(values).T,
        z=np.hstack([trace[f"{first}{link}"].x for link in range(1, length + 1)]).T,
        slopes=np.hstack(slopes).T,
        gradients=np.hstack(gradients).T,
        bound=abs(weight) * facts(name, settings).steepest,
    )


# ---- the zig-zag ----


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


# ---- the race ----


def racer(name: str, seed: int) -> Network:
    """A digit network of two hidden layers with this activation: the same seed makes the same weights for any."""
    layers: list[tuple[str, Layer]] = [("flatten", Flatten()), ("hidden1", Linear(64, WIDTH))]
    layers += [("f1", FUNCTIONS[name](USUAL)[0][0][1]), ("hidden2", Linear(WIDTH, WIDTH))]
    layers += [("f2", FUNCTIONS[name](USUAL)[0][0][1]), ("output", Linear(WIDTH, 10))]
    return Network.build(layers, (1, 8, 8), rng=np.random.default_rng(seed), initializer=XavierNormal())


@cache
def race() -> dict[str, Entrant]:
    """The losses of both on held-out digits, at every rate of one list and from every seed."""
    data = digits()
    return {
        name: enter(
            partial(racer, name),
            (data.train_x, data.train_y),
            (data.validation_x, data.validation_y),
            rates=RACE_RATES,
            seeds=range(SEEDS),
            steps=LAPS * EVERY,
            every=EVERY,
            batch_size=BATCH,
        )
        for name in RACERS
    }


# ---- a slope that is learned ----


@dataclass(frozen=True)
class SlopeFit:
    """T steps of PReLU's slope w towards N points, of which all targets below 0 lie near aim · x.

    ``x`` and ``t`` (N,); at each of the T+1 slopes ``w`` (T+1,): ``y`` (T+1, N), ``dy`` (T+1, N) = 2(y - t)/N,
    ``dw`` (T+1,) = Σ dy·x over the points below 0, and the mean squared error ``loss`` (T+1,).
    ``best`` is the slope with the least loss, ``slopes`` and ``bowl`` (M,) the loss at others.
    """

    x: Array
    t: Array
    w: Array
    y: Array
    dy: Array
    dw: Array
    loss: Array
    best: float
    slopes: Array
    bowl: Array


def points(aim: float, seed: int) -> tuple[Array, Array]:
    """x and t, (BELOW + ABOVE,) each, with one decimal: t is near aim · x where x < 0, near x itself above."""
    rng = np.random.default_rng(seed)
    x = np.concatenate([-rng.uniform(0.3, FARTHEST, BELOW), rng.uniform(0.3, FARTHEST, ABOVE)]).round(1)
    x.sort()
    t = np.where(x < 0, aim * x, x) + rng.normal(0, BLUR, len(x))
    return x, t.round(1)


def slope_fit(start: float, aim: float, lr: float, steps: int, seed: int) -> SlopeFit:
    """Full-batch SGD on a network of one PReLU: forward, mean squared error, backward, step."""
    x, t = points(aim, seed)
    network = Network((("f", PReLU()),), {"f.weight": np.array([start])}, (1,))
    loss, optimizer = MSELoss(), SGD(lr)
    w, y, dy, dw, losses = [], [], [], [], []
    for _ in range(steps + 1):
        trace = network.forward(x[:, None])
        value, cache = loss.forward(trace.y, t[:, None])
        upstream = loss.backward(cache)
        grads = network.backward(trace, upstream).grads
        w.append(network.params["f.weight"][0])
        y.append(trace.y[:, 0])
        dy.append(upstream[:, 0])
        dw.append(grads["f.weight"][0])
        losses.append(value)
        params, _state = optimizer.update(network.params, grads)
        network = network.replace(params)
    below = x[x < 0]
    slopes = np.linspace(*SLOPES, 121)
    bowl = [
        loss.forward(network.replace({"f.weight": np.array([w])}).predict(x[:, None]), t[:, None])[0] for w in slopes
    ]
    return SlopeFit(
        x=x,
        t=t,
        w=np.array(w),
        y=np.array(y),
        dy=np.array(dy),
        dw=np.array(dw),
        loss=np.array(losses),
        best=float(below @ t[x < 0] / (below @ below)),
        slopes=slopes,
        bowl=np.array(bowl),
    )
