"""What a gradient that fades or explodes does to learning: a few steps on real examples, and how far layers moved."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from math import sqrt

import numpy as np

from engine.initializers import Normal
from engine.layers import Linear
from engine.network import Network
from engine.optimizers import SGD
from engine.signal.signal import moments
from engine.training.fit import fit
from engine.training.metrics import evaluate
from engine.types import Array
from pages.backprop.vanishing.compute.setup import Deep, layers_of, sized, unit_network

STEPS = 100
BATCH_SIZE = 32


@dataclass(frozen=True)
class Learned:
    """losses (steps taken,): each step's own batch, before its update. accuracy on held-out examples afterwards, None
    where the numbers outgrew float32. moved (depth,): root mean square of what the steps changed in W_l, as a share of
    W_l's own; 0 where not a bit of it changed. untouched (depth,): the share of W_l's entries of which that is so."""

    losses: Array
    accuracy: float | None
    moved: Array
    untouched: Array


def learn(
    deep: Deep, data: tuple[Array, Array], validation: tuple[Array, Array], *, lr: float, seed: int, steps: int = STEPS
) -> Learned:
    """Plain SGD, w ← w - lr · dL/dw, on (x, class), x (N, features), from the weights that ``seed`` draws.

    It ends early where a loss or a gradient is no longer finite.
    """
    network = classifier(deep, data[0].shape[1], int(data[1].max()) + 1, np.random.default_rng([seed, 0]))
    last, losses = network, []
    training = fit(network, data, SGD(lr), rng=np.random.default_rng([seed, 3]), batch_size=BATCH_SIZE)
    with np.errstate(all="ignore"):
        for snapshot in islice(training, steps):
            if not np.isfinite(snapshot.loss) or not all(np.isfinite(g).all() for g in snapshot.grads.values()):
                break
            losses.append(snapshot.loss)
            last = snapshot.network
        accuracy = evaluate(last, *validation).accuracy if len(losses) == steps else None
        before, after = (_weights(one) for one in (network, last))
        return Learned(
            losses=np.array(losses),
            accuracy=accuracy,
            moved=np.array([moments(b - a).rms / moments(a).rms for a, b in zip(before, after, strict=True)]),
            untouched=np.array([float((a == b).mean()) for a, b in zip(before, after, strict=True)]),
        )


def classifier(deep: Deep, features: int, classes: int, rng: np.random.Generator) -> Network:
    """The deep network between a linear layer that reads the features and one that scores the classes.

    Its own weights are those of ``unit_network`` with the same generator; the two others are drawn after them with
    Var(w) = 1 / n.
    """
    inner = sized(unit_network(deep, rng), deep)
    enter, scores = Linear(features, deep.width), Linear(deep.width, classes)
    given = enter.init(rng, Normal(1 / sqrt(features)))
    taken = scores.init(rng, Normal(1 / sqrt(deep.width)))
    params = {f"enter.{name}": value for name, value in given.items()} | inner.params
    params |= {f"scores.{name}": value for name, value in taken.items()}
    return Network((("enter", enter), *layers_of(deep), ("scores", scores)), params, (features,))


def _weights(network: Network) -> list[Array]:
    """Of the layers in between, without gates."""
    return [
        value
        for name, value in network.params.items()
        if value.ndim == 2 and ".gate." not in name and not name.startswith(("enter.", "scores."))
    ]
