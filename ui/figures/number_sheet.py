"""Named matrices on one sheet, to take away: every number in its cell, each matrix on a ramp of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from engine.types import Array
from ui.figures import theme
from ui.figures.matrix import draw_matrix
from ui.figures.theme import Mode

Panel = tuple[str, Array]
WRITTEN = 14
"""Rows or columns of a matrix whose numbers are written into it."""


def number_sheet(rows: Sequence[Sequence[Panel]], mode: Mode = "light") -> Figure:
    """Rows of (name, matrix): signed numbers on the diverging ramp, others on the sequential one."""
    widest, tallest = max(max(len(row) for row in rows), 1), len(rows)
    size = (3.0 * widest, 2.9 * tallest)
    figure = Figure(figsize=size, facecolor=theme.PALETTES[mode].panel, layout="constrained")
    spec = figure.add_gridspec(tallest, widest)
    for at, row in enumerate(rows):
        for place, (name, values) in enumerate(row):
            axes = figure.add_subplot(spec[at, place])
            draw_matrix(axes, name, np.atleast_2d(values), mode, written=WRITTEN)
    return figure
