"""Array routines behind what is done to each number by itself."""

from __future__ import annotations

import numpy as np

from engine.kernels import memory
from engine.types import Array


def relu(x: Array) -> Array:
    """max(0, x) for images: NumPy compares two arrays three times as fast as an array and a number."""
    rows = memory.hcwn(x)
    out = memory.empty(rows.shape, x.dtype) if rows.flags.c_contiguous else None
    return memory.nchw(np.maximum(rows, np.zeros(rows.shape[2:], x.dtype), out=out))
