"""A convolution on one sheet, to take away: every channel of the picture, every kernel, every output map."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from engine.types import Array
from ui.figures.matrix import WRITTEN, draw_matrix
from ui.figures.matrix_grid import MatrixGrid
from ui.figures.theme import Mode, Ramp

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.figure import Figure


def sheet(x: Array, kernels: Array, y: Array, names: tuple[str, str, str], mode: Mode = "light") -> Figure:
    """Input left, kernels in the middle, output right, one above the other. Each is an array of pictures, (C, H, W)."""
    groups: list[tuple[str, Array, Ramp]] = [
        (names[0], x, "sequential" if x.min() >= 0 else "diverging"),
        (names[1], kernels, "diverging"),
        (names[2], y, "diverging"),
    ]
    most = max(len(maps) for _, maps, _ in groups)
    high = 4 if most <= 16 else 8
    columns = [ceil(len(maps) / high) for _, maps, _ in groups]
    grid = MatrixGrid(sum(columns), min(high, most), WRITTEN, mode)
    left = 0
    for (name, maps, ramp), across in zip(groups, columns, strict=True):
        limit = float(np.abs(maps).max())
        for number, each in enumerate(maps):
            axes = grid.axes(number % high, left + number // high)
            title = f"{name} {number}" if len(maps) > 1 else name
            draw_matrix(axes, title, each, mode, ramp=ramp, limit=limit)
        left += across
    return grid.figure
