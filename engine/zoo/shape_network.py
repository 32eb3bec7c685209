"""A network for coloured shapes: large enough to have colour kernels and three depths, small enough to train at home.

    image (3, 32, 32)
    conv1   5×5, padding 2, 3 -> 8      (8, 32, 32)      608 parameters
    relu1                               (8, 32, 32)
    pool1   max, 2×2                    (8, 16, 16)
    conv2   3×3, padding 1, 8 -> 16     (16, 16, 16)   1,168 parameters
    relu2                               (16, 16, 16)
    pool2   max, 2×2                    (16, 8, 8)
    conv3   3×3, padding 1, 16 -> 16    (16, 8, 8)     2,320 parameters
    relu3                               (16, 8, 8)
    pool3   max, 2×2                    (16, 4, 4)
    flatten                             (256,)
    linear  256 -> 5                    (5,)           1,285 parameters

``python -m engine.zoo.train_shapes`` trains it and writes the weights that ``pretrained_shape_network`` reads.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from engine.data.shapes import SHAPES, SIZE
from engine.initializers import HeNormal
from engine.io.npz import load_npz
from engine.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from engine.network import Network
from engine.types import Initializer

WEIGHTS = Path(__file__).parent / "weights" / "shapes.npz"


def shape_network(rng: np.random.Generator, initializer: Initializer = HeNormal()) -> Network:
    """An untrained network in float32, its weights drawn by ``initializer``."""
    return Network.build(
        [
            ("conv1", Conv2d(3, 8, 5, padding=2)),
            ("relu1", ReLU()),
            ("pool1", MaxPool2d(2)),
            ("conv2", Conv2d(8, 16, 3, padding=1)),
            ("relu2", ReLU()),
            ("pool2", MaxPool2d(2)),
            ("conv3", Conv2d(16, 16, 3, padding=1)),
            ("relu3", ReLU()),
            ("pool3", MaxPool2d(2)),
            ("flatten", Flatten()),
            ("linear", Linear(256, len(SHAPES))),
        ],
        input_shape=(3, SIZE, SIZE),
        rng=rng,
        initializer=initializer,
        dtype=np.float32,
    )


@cache
def pretrained_shape_network() -> Network:
    """The trained network. Everyone gets the same one, so its parameters are read-only."""
    network = shape_network(np.random.default_rng(0))
    params = load_npz(WEIGHTS, expected=network.params)
    for value in params.values():
        value.flags.writeable = False
    return network.replace(params)
