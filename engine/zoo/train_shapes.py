"""How the shape network got its weights: ``python -m engine.zoo.train_shapes`` makes them again.

8,000 generated shapes pass 12 times; Adam's learning rate falls from 0.003 to 0 along half a cosine. All of it is
counted in float64 and rounded to float32 at the end, so that another machine's order of adding doesn't show. What
was learned is measured on 2,000 further shapes, drawn from another seed, that took no part.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from engine.data.examples import Examples
from engine.data.shapes import shapes
from engine.io.npz import save_npz
from engine.network import Network
from engine.optimizers import Adam
from engine.training.fit import fit
from engine.zoo.shape_network import WEIGHTS, shape_network

SEED = 0
HELD_OUT_SEED = 1
HELD_OUT = 2_000
EXAMPLES = 8_000
EPOCHS = 12
BATCH_SIZE = 50
LR = 3e-3
WEIGHT_DECAY = 1e-4


@cache
def held_out_shapes() -> Examples:
    """Shapes that were not trained on, the same for everyone; read-only."""
    found = shapes(HELD_OUT, np.random.default_rng(HELD_OUT_SEED))
    for array in (found.x, found.y):
        array.flags.writeable = False
    return found


def train() -> Network:
    """The trained network, float32."""
    rng = np.random.default_rng(SEED)
    network = shape_network(rng).astype(np.float64)
    data = shapes(EXAMPLES, rng)
    x = data.x.astype(np.float64)
    steps = EPOCHS * math.ceil(EXAMPLES / BATCH_SIZE)

    def optimizer(step: int) -> Adam:
        return Adam(lr=LR * (1 + math.cos(math.pi * (step - 1) / steps)) / 2, weight_decay=WEIGHT_DECAY)

    for snapshot in fit(network, (x, data.y), optimizer, rng=rng, batch_size=BATCH_SIZE, epochs=EPOCHS):
        network = snapshot.network
    return network.astype(np.float32)


if __name__ == "__main__":
    save_npz(WEIGHTS, train().params)
