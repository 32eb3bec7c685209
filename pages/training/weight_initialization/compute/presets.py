"""The classic experiments: ten layers of 500 units, a thousand normal examples."""

from __future__ import annotations

from collections.abc import Mapping

from engine.signal.setup import Setup

PRESETS: Mapping[str, Setup] = {
    "small": Setup(),
    "large": Setup(sigma=1.0),
    "xavier": Setup(size="xavier"),
    "relu-xavier": Setup(activation="relu", size="xavier"),
    "relu-he": Setup(activation="relu", size="he"),
    "alike": Setup(draw="constant", sigma=0.003),
    "normed": Setup(batch_norm=True),
}
"""The first five as CS231n's lectures tell them (after Glorot & Bengio, 2010, and He et al., 2015); then weights that
are all one number, so chosen that the signal gets through, and batch norm as the remedy of the first."""
