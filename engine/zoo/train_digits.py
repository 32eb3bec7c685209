"""How the digit network got its weights: ``python -m engine.zoo.train_digits`` makes them again.

The training digits, and nine slightly turned, moved, scaled and slanted copies of each, pass 20 times; Adam's
learning rate falls from 0.003 to 0 along half a cosine. All of it is counted in float64 and rounded to float32 at
the end, so that another machine's order of adding doesn't show. The validation digits take no part.
"""

from __future__ import annotations

import math

import numpy as np

from engine.data.augmentation import random_affine
from engine.data.digits import digits
from engine.io.npz import save_npz
from engine.network import Network
from engine.optimizers import Adam
from engine.training.fit import fit
from engine.zoo.digit_network import WEIGHTS, digit_network

SEED = 0
COPIES = 9
EPOCHS = 20
BATCH_SIZE = 64
LR = 3e-3
WEIGHT_DECAY = 1e-4


def train() -> Network:
    """The trained network, float32. The same numbers every time."""
    rng = np.random.default_rng(SEED)
    network = digit_network(rng).astype(np.float64)
    data = digits()
    x = data.train_x.astype(np.float64)
    copies = [random_affine(x, rng, degrees=11, translate=0.08, scale=(0.89, 1.13), shear=11) for _ in range(COPIES)]
    x, target = np.concatenate([x, *copies]), np.tile(data.train_y, 1 + COPIES)
    steps = EPOCHS * math.ceil(len(x) / BATCH_SIZE)

    def optimizer(step: int) -> Adam:
        return Adam(lr=LR * (1 + math.cos(math.pi * (step - 1) / steps)) / 2, weight_decay=WEIGHT_DECAY)

    for snapshot in fit(network, (x, target), optimizer, rng=rng, batch_size=BATCH_SIZE, epochs=EPOCHS):
        network = snapshot.network
    return network.astype(np.float32)


if __name__ == "__main__":
    save_npz(WEIGHTS, train().params)
