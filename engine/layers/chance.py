"""What layers that draw in training have in common."""

from __future__ import annotations

import numpy as np


def expect_rng(rng: np.random.Generator | None, what: object) -> np.random.Generator:
    """The generator itself. Raises ValueError where a layer that draws in training was given none."""
    if rng is None:
        raise ValueError(
            f"{what} draws at random in training, but forward(train=True) was given no generator; expected "
            "rng=np.random.default_rng(0), say. With train=False it draws nothing and needs none."
        )
    return rng
