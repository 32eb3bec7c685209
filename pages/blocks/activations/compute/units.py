"""A layer's units, and what of a gradient comes through them.

First as they are drawn: a crowd of numbers through an activation, and a gradient for each of them back through it. Then
as they are learned: dead units against the learning rate, the same small network trained on digits at each of several
rates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np

from engine.data.digits import digits
from engine.layers import Flatten, Linear
from engine.network import Network, Trace
from engine.optimizers import SGD
from engine.training.fit import fit
from engine.types import Array, Layer
from pages.blocks.activations.compute.functions import FLAT, FUNCTIONS, STOPPED, USUAL, Settings, activation

UNITS, EXAMPLES = 40, 50
STEPS_PER_ONE = 50
EDGE = 12.0

HIDDEN = 100
RATES = (0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0, 10.0)
STEPS = 100
BATCH = 64


@cache
def draws() -> tuple[Array, Array]:
    """z and dy, (EXAMPLES, UNITS) each, float32 and read-only: the crowd's standard normal draws, and its gradients'.

    z = (a + b)/√2 with one a for each unit and one b for each number: some units lie higher than others.
    Both are brought to mean 0 and standard deviation 1.
    """
    rng = np.random.default_rng(3)
    z = (rng.normal(size=(1, UNITS)) + rng.normal(size=(EXAMPLES, UNITS))) / math.sqrt(2)
    dy = rng.normal(size=(EXAMPLES, UNITS))
    made = tuple(((v - v.mean()) / v.std()).astype(np.float32) for v in (z, dy))
    for array in made:
        array.flags.writeable = False
    return made[0], made[1]


def grid() -> Array:
    """The places where a crowd's numbers may stand: -12, -11.98, … 12."""
    edge = round(EDGE * STEPS_PER_ONE)
    return np.arange(-edge, edge + 1) / STEPS_PER_ONE


def place(mean: float, spread: float) -> Array:
    """x = mean + spread · z, set on the nearest place of ``grid`` (float64): a table of f answers for each exactly."""
    z, _ = draws()
    steps = np.floor((mean + spread * z.astype(np.float64)) * STEPS_PER_ONE + 0.5)
    edge = round(EDGE * STEPS_PER_ONE)
    return np.clip(steps, -edge, edge) / STEPS_PER_ONE


@dataclass(frozen=True)
class Passage:
    """A batch of EXAMPLES for a layer of UNITS units, forwards and backwards; all arrays (EXAMPLES, UNITS).

    ``flat`` is the share of numbers that meet a slope below 0.05, ``stopped`` of those below 0.0001; a unit is
    ``dead`` (UNITS,) when every one of its numbers is stopped.
    """

    x: Array
    y: Array
    slope: Array
    dy: Array
    dx: Array

    @property
    def flat(self) -> float:
        """The share of numbers that meet a slope below 0.05."""
        return float((np.abs(self.slope) < FLAT).mean())

    @property
    def stopped(self) -> float:
        """The share of numbers that meet a slope below 0.0001."""
        return float((np.abs(self.slope) < STOPPED).mean())

    @property
    def dead(self) -> Array:
        """(UNITS,): is every number of this unit stopped?"""
        dead: Array = np.all(np.abs(self.slope) < STOPPED, axis=0)
        return dead

    def summary(self) -> dict[str, float]:
        """The figures that a picture of it names."""
        return {
            "mean_x": float(self.x.mean()),
            "std_x": float(self.x.std()),
            "mean_y": float(self.y.mean()),
            "std_y": float(self.y.std()),
            "std_dy": float(self.dy.std()),
            "std_dx": float(self.dx.std()),
            "flat": self.flat,
            "stopped": self.stopped,
            "dead": float(self.dead.sum()),
        }


def pass_through(name: str, mean: float, spread: float, settings: Settings = USUAL) -> Passage:
    """Forward, then backward with the drawn dy: dx = dy · f'(x)."""
    x, dy = place(mean, spread), draws()[1].astype(np.float64)
    function = activation(name, settings)
    trace = function.forward(x.reshape(-1, 1))
    dx = function.backward(trace, dy.reshape(-1, 1)).dx
    slope = function.backward(trace, np.ones((x.size, 1))).dx
    return Passage(x, trace.y.reshape(x.shape), slope.reshape(x.shape), dy, dx.reshape(x.shape))


# ---- trained ----


@dataclass(frozen=True)
class Dying:
    """For R learning rates: ``open`` (R, HIDDEN), the share of held-out digits whose gradient passes a unit
    (|f'| ≥ 0.0001); ``dead`` (R,), the share of units that none passes; ``accuracy`` (R,) on those digits;
    ``start`` (HIDDEN,), the shares before the first step; ``lasted`` (R,), how many steps stayed finite."""

    rates: Array
    open: Array
    dead: Array
    accuracy: Array
    start: Array
    lasted: Array


def dying(name: str, seed: int, settings: Settings = USUAL, rates: Sequence[float] = RATES) -> Dying:
    """Train Linear(64, 100) -> f -> Linear(100, 10) for 100 steps of plain SGD at every rate, each from the same
    first weights (He) and through the same batches; then ask its hidden units. A run that leaves float32's range is
    looked at as it was before."""
    data = digits()
    network = _network(name, seed, settings)
    x, y = data.validation_x, data.validation_y
    shares, accuracy, lasted = [], [], []
    for rate in rates:
        trained, steps = _train(network, float(rate), seed)
        with np.errstate(over="ignore", invalid="ignore"):
            trace = trained.forward(x)
        shares.append(_open(trace, name, settings))
        accuracy.append(float((trace.y.argmax(axis=1) == y).mean()))
        lasted.append(steps)
    opened = np.array(shares)
    return Dying(
        rates=np.array(rates, dtype=np.float64),
        open=opened,
        dead=(opened == 0).mean(axis=1),
        accuracy=np.array(accuracy),
        start=_open(network.forward(x), name, settings),
        lasted=np.array(lasted),
    )


def _network(name: str, seed: int, settings: Settings) -> Network:
    parts, own = FUNCTIONS[name](settings)
    pieces = HIDDEN * (3 if name == "maxout" else 1)
    # Maxout's pieces are the first layer's own outputs here, as in the paper: it learns them.
    layers: list[tuple[str, Layer]] = [
        ("flatten", Flatten()),
        ("hidden", Linear(64, pieces)),
        parts[-1],
        ("output", Linear(HIDDEN, 10)),
    ]
    network = Network.build(layers, (1, 8, 8), rng=np.random.default_rng(seed))
    given = {path: value.astype(np.float32) for path, value in own.items() if path.startswith("f.")}
    return network.replace({**network.params, **given})


def _train(network: Network, rate: float, seed: int) -> tuple[Network, int]:
    """The network after STEPS steps, or as it was before its loss was no longer a number; and how many steps."""
    data = digits()
    steps = fit(
        network, (data.train_x, data.train_y), SGD(rate), rng=np.random.default_rng(seed), batch_size=BATCH
    )  # fmt: skip
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for snapshot in islice(steps, STEPS):
            sound = math.isfinite(snapshot.loss) and all(np.isfinite(v).all() for v in snapshot.network.params.values())
            if not sound:
                return network, snapshot.step - 1
            network = snapshot.network
    return network, STEPS


def _open(trace: Trace, name: str, settings: Settings) -> Array:
    """(HIDDEN,): for each hidden unit, the share of examples whose upstream gradient of 1 still moves its input."""
    step = trace["f"]
    dx, _ = step.layer.backward(step.params, step.cache, np.ones_like(step.y))
    passes = np.abs(dx.reshape(len(dx), HIDDEN, -1)).max(axis=2) >= STOPPED
    share: Array = passes.mean(axis=0)
    return share
