"""Kernels that people made by hand long before networks learned theirs.

Cross-correlation, as in ``Conv2d``: what looks like the kernel answers most. Sobel & Feldman, 1968; Prewitt, 1970.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.types import Array


def _kernel(rows: list[list[float]], divide: float = 1) -> Array:
    kernel = np.array(rows, dtype=np.float64) / divide
    kernel.flags.writeable = False
    return kernel


def _wave(size: int, length: float = 6, width: float = 2.6) -> Array:
    """cos(2πb/length) · exp(-(a² + b²) / 2·width²), a wave in a soft window, less its mean. Gabor, 1946.

    Near to what the first layers of trained networks hold.
    """
    a, b = np.mgrid[:size, :size] - size // 2
    wave = np.cos(2 * np.pi * b / length) * np.exp(-(a**2 + b**2) / (2 * width**2))
    kernel: Array = wave - wave.mean()
    kernel.flags.writeable = False
    return kernel


FILTERS: Mapping[str, Array] = {
    "identity": _kernel([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "edges": _kernel([[0, -4, 0], [-4, 16, -4], [0, -4, 0]]),
    "horizontal": _kernel([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]),
    "vertical": _kernel([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    "blur": _kernel([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 9),
    "soft-blur": _kernel([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16),
    "sharpen": _kernel([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "emboss": _kernel([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
    "cross": _kernel([[1, 0, 1], [0, 1, 0], [1, 0, 1]]),
    "blur-5": _kernel([[1] * 5] * 5, 25),
    "own-2": _kernel([[1, 0], [0, -1]]),
    "own-3": _kernel([[0] * 3] * 3),
    "own-5": _kernel([[0] * 5] * 5),
    "point": _kernel([[1]]),
    "wave-11": _wave(11),
}
"""(kh, kw) float64, read-only. ``horizontal`` and ``vertical`` are Sobel's; ``own-2`` is one of Roberts's."""


def stack(names: Sequence[str], channels: int) -> Array:
    """A weight (K, channels, kh, kw): each filter of the same size, and on every channel the same slice."""
    return np.stack([np.repeat(FILTERS[name][None], channels, axis=0) for name in names])
