"""The network that the first lessons open up: small enough to print every number, real enough to read digits.

    image (1, 8, 8)
    conv1   3×3, padding 1, 1 -> 8      (8, 8, 8)       80 parameters
    relu1                               (8, 8, 8)
    pool1   max, 2×2                    (8, 4, 4)
    conv2   3×3, padding 1, 8 -> 16     (16, 4, 4)   1,168 parameters
    relu2                               (16, 4, 4)
    pool2   max, 2×2                    (16, 2, 2)
    flatten                             (64,)
    linear  64 -> 10                    (10,)          650 parameters

``python -m engine.zoo.train_digits`` trains it and writes the weights that ``pretrained_digit_network`` reads.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from engine.initializers import HeNormal
from engine.io.npz import load_npz
from engine.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from engine.network import Network
from engine.types import Initializer

WEIGHTS = Path(__file__).parent / "weights" / "digits.npz"


def digit_network(rng: np.random.Generator, initializer: Initializer = HeNormal()) -> Network:
    """An untrained network in float32, its weights drawn by ``initializer``."""
    return Network.build(
        [
            ("conv1", Conv2d(1, 8, 3, padding=1)),
            ("relu1", ReLU()),
            ("pool1", MaxPool2d(2)),
            ("conv2", Conv2d(8, 16, 3, padding=1)),
            ("relu2", ReLU()),
            ("pool2", MaxPool2d(2)),
            ("flatten", Flatten()),
            ("linear", Linear(64, 10)),
        ],
        input_shape=(1, 8, 8),
        rng=rng,
        initializer=initializer,
        dtype=np.float32,
    )


@cache
def pretrained_digit_network() -> Network:
    """The trained network. Everyone gets the same one, so its parameters are read-only."""
    network = digit_network(np.random.default_rng(0))
    params = load_npz(WEIGHTS, expected=network.params)
    for value in params.values():
        value.flags.writeable = False
    return network.replace(params)
