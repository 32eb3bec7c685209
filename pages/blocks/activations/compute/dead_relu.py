"""Dead units against the learning rate: the same small network, trained on digits at each of several rates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from engine.data.digits import digits
from engine.layers import Flatten, Linear
from engine.network import Network, Trace
from engine.optimizers import SGD
from engine.training.fit import fit
from engine.types import Array, Layer
from pages.blocks.activations.compute.functions import FUNCTIONS, STOPPED, USUAL, Settings

UNITS = 100
RATES = (0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0, 10.0)
STEPS = 100
BATCH = 64


@dataclass(frozen=True)
class Dying:
    """For R learning rates: ``open`` (R, UNITS), the share of held-out digits whose gradient passes a unit
    (|f'| ≥ 0.0001); ``dead`` (R,), the share of units that none passes; ``accuracy`` (R,) on those digits;
    ``start`` (UNITS,), the shares before the first step; ``lasted`` (R,), how many steps stayed finite."""

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
    pieces = UNITS * (3 if name == "maxout" else 1)
    # Maxout's pieces are the first layer's own outputs here, as in the paper: it learns them.
    layers: list[tuple[str, Layer]] = [
        ("flatten", Flatten()),
        ("hidden", Linear(64, pieces)),
        parts[-1],
        ("output", Linear(UNITS, 10)),
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
    """(UNITS,): for each hidden unit, the share of examples whose upstream gradient of 1 still moves its input."""
    step = trace["f"]
    dx, _ = step.layer.backward(step.params, step.cache, np.ones_like(step.y))
    passes = np.abs(dx.reshape(len(dx), UNITS, -1)).max(axis=2) >= STOPPED
    share: Array = passes.mean(axis=0)
    return share
