"""What stands around an image where a kernel reaches over its edge: zeros, or numbers of the image's own.

Layers pad with zeros by themselves. For the other modes the padded image is made first, and convolved without padding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from engine.types import Array, Pair, ShapeError, pair

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]
PADDING_MODES: tuple[PaddingMode, ...] = ("zeros", "reflect", "replicate", "circular")

_NUMPY: Mapping[PaddingMode, dict[str, Any]] = {
    "zeros": {"mode": "constant"},
    "reflect": {"mode": "reflect"},
    "replicate": {"mode": "edge"},
    "circular": {"mode": "wrap"},
}


def pad(x: Array, padding: int | Pair, mode: PaddingMode = "zeros") -> Array:
    """padded[n, c, u, v] = x[n, c, from(u - p), from(v - p)], where from(u) lies in 0 … size - 1:

        zeros       no such place: 0
        reflect     |u|, and mirrored at the other end too: ··2 1 | 0 1 2, the edge itself not repeated
        replicate   the nearest row or column: ··0 0 | 0 1 2
        circular    u mod size, as if the image were tiled: ··1 2 | 0 1 2

    x (N, C, H, W); padded (N, C, H + 2p, W + 2p), always a new array. The names are PyTorch's ``padding_mode``.
    Raises ShapeError where the image has too few rows or columns to take from, ValueError for another mode.
    """
    if mode not in _NUMPY:
        raise ValueError(f"padding_mode={mode!r}: expected one of {', '.join(PADDING_MODES)}.")
    ph, pw = pair(padding, "padding")
    for axis, size, p in (("H", x.shape[2], ph), ("W", x.shape[3], pw)):
        most = most_padding(size, mode)
        if most is not None and p > most:
            raise ShapeError(
                f"padding={p} in mode {mode!r} takes {p} rows from an image with {axis} = {size}, which gives at most "
                f"{most}. A padding of {most}, or the mode 'zeros' or 'replicate', would work."
            )
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), **_NUMPY[mode])


def most_padding(size: int, mode: PaddingMode) -> int | None:
    """How much padding an image of this many rows or columns can give; None where there is no end."""
    return {"reflect": size - 1, "circular": size}.get(mode)
