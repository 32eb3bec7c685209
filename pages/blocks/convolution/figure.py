"""A convolution on one sheet, to take away: every channel of the picture, every kernel, every output map."""

from __future__ import annotations

from math import ceil

import numpy as np
from matplotlib.figure import Figure

from engine.types import Array
from pages.blocks.convolution.compute.convolved import Convolved
from ui.figures import theme
from ui.figures.matrix import draw_matrix
from ui.figures.theme import Mode, Ramp


def sheet(convolved: Convolved, x_name: str, kernel_name: str, y_name: str, mode: Mode = "light") -> Figure:
    """Input left, kernels in the middle, output right, each row of pictures one channel or filter."""
    weight = convolved.step.params["weight"]
    groups: list[tuple[str, Array, Ramp]] = [
        (x_name, convolved.x[0], "sequential" if convolved.x.min() >= 0 else "diverging"),
        (kernel_name, weight.reshape(-1, *weight.shape[2:]), "diverging"),
        (y_name, convolved.step.y[0], "diverging"),
    ]
    most = max(len(maps) for _, maps, _ in groups)
    high = 4 if most <= 16 else 8
    columns, rows = [ceil(len(maps) / high) for _, maps, _ in groups], min(high, most)
    size = (3.2 * sum(columns), 3.1 * rows + 0.5)
    figure = Figure(figsize=size, facecolor=theme.PALETTES[mode].panel, layout="constrained")
    grid = figure.add_gridspec(rows, sum(columns))
    left = 0
    for (name, maps, ramp), across in zip(groups, columns, strict=True):
        limit = float(np.abs(maps).max())
        for number, each in enumerate(maps):
            axes = figure.add_subplot(grid[number % high, left + number // high])
            title = f"{name} {number}" if len(maps) > 1 else name
            draw_matrix(axes, title, each, mode, ramp=ramp, limit=limit)
        left += across
    return figure
