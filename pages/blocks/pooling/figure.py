"""A pooling layer on one sheet, to take away: x, y, dL/dy and dL/dx of every channel."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from pages.blocks.pooling.compute import Pooled
from ui.figures import theme
from ui.figures.matrix import draw_matrix
from ui.figures.theme import Mode, Ramp


def sheet(pooled: Pooled, names: tuple[str, str], mode: Mode = "light") -> Figure:
    """One row for each channel: x, y, and the gradients coming back; ``names``: words for input and output."""
    step, back = pooled.step, pooled.back
    columns = ((f"{names[0]} x", step.x), (f"{names[1]} y", step.y), ("dL/dy", back.dy), ("dL/dx", back.dx))
    rows = step.x.shape[1]
    size = (12.8, 3.2 * rows + 0.3)
    figure = Figure(figsize=size, facecolor=theme.PALETTES[mode].panel, layout="constrained")
    axes = figure.subplots(rows, len(columns), squeeze=False)
    for column, (name, array) in enumerate(columns):
        ramp: Ramp = "sequential" if array.min() >= 0 and column < 2 else "diverging"
        limit = float(np.abs(array).max())
        for channel in range(rows):
            title = f"{name}[{channel}]" if rows > 1 else name
            draw_matrix(axes[channel, column], title, array[0, channel], mode, ramp=ramp, limit=limit)
    return figure
