"""Small networks and data that several tests train and check."""

from typing import Any

import numpy as np

from engine import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU
from engine.types import Array


def small_network(seed: int = 0, dtype: Any = np.float32) -> Network:
    """Every kind of layer once: 1×6×6 -> conv -> relu -> max-pool -> conv -> avg-pool -> flatten -> linear."""
    return Network.build(
        [
            ("conv1", Conv2d(1, 3, 3, padding=1)),
            ("relu1", ReLU()),
            ("pool1", MaxPool2d(2)),
            ("conv2", Conv2d(3, 4, 3, padding=1)),
            ("pool2", AvgPool2d(2, stride=1)),
            ("flatten", Flatten()),
            ("linear", Linear(16, 3)),
        ],
        input_shape=(1, 6, 6),
        rng=np.random.default_rng(seed),
        dtype=dtype,
    )


def stripes(examples: int = 30, seed: int = 1, dtype: Any = np.float32) -> tuple[Array, Array]:
    """Noisy 6×6 pictures with a horizontal, a vertical or no stripe, and which of the three it is."""
    rng = np.random.default_rng(seed)
    target = np.arange(examples) % 3
    x = rng.normal(0, 0.2, (examples, 1, 6, 6))
    for n, (kind, line) in enumerate(zip(target, rng.integers(1, 5, examples), strict=True)):
        if kind == 0:
            x[n, 0, line, :] += 1
        elif kind == 1:
            x[n, 0, :, line] += 1
    return x.astype(dtype), target
