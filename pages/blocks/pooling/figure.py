"""A pooling layer on one sheet, to take away: x, y, dL/dy and dL/dx of every channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pages.blocks.pooling.compute import Pooled
from ui.figures.matrix import WRITTEN, draw_matrix
from ui.figures.matrix_grid import MatrixGrid
from ui.figures.theme import Mode, Ramp

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.figure import Figure


def sheet(pooled: Pooled, names: tuple[str, str], mode: Mode = "light") -> Figure:
    """One row for each channel: x, y, and the gradients coming back; ``names``: words for input and output."""
    step, back = pooled.step, pooled.back
    columns = ((f"{names[0]} x", step.x), (f"{names[1]} y", step.y), ("dL/dy", back.dy), ("dL/dx", back.dx))
    rows = step.x.shape[1]
    grid = MatrixGrid(len(columns), rows, WRITTEN, mode)
    for column, (name, array) in enumerate(columns):
        ramp: Ramp = "sequential" if array.min() >= 0 and column < 2 else "diverging"
        limit = float(np.abs(array).max())
        for channel in range(rows):
            title = f"{name}[{channel}]" if rows > 1 else name
            draw_matrix(grid.axes(channel, column), title, array[0, channel], mode, ramp=ramp, limit=limit)
    return grid.figure
