"""Named matrices on one sheet, to take away: every number in its cell, each matrix on a ramp of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.types import Array
from ui.figures.matrix import draw_matrix
from ui.figures.matrix_grid import MatrixGrid
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.figure import Figure

Panel = tuple[str, Array]
WRITTEN = 14
"""Rows or columns of a matrix whose numbers are written into it."""


def number_sheet(rows: Sequence[Sequence[Panel]], mode: Mode = "light") -> Figure:
    """Rows of (name, matrix): signed numbers on the diverging ramp, others on the sequential one."""
    longest = [max(values.shape) for row in rows for _, values in row]
    written = max((cells for cells in longest if cells <= WRITTEN), default=1)
    grid = MatrixGrid(max(len(row) for row in rows), len(rows), written, mode)
    for at, row in enumerate(rows):
        for place, (name, values) in enumerate(row):
            draw_matrix(grid.axes(at, place), name, np.atleast_2d(values), mode, written=WRITTEN)
    return grid.figure
