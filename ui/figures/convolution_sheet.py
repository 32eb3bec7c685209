"""A convolution on one sheet, to take away: every channel of the picture, every kernel, every output map."""

from __future__ import annotations

from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from engine.convolving import Convolved
from engine.types import Array
from ui.figures import theme
from ui.figures.theme import Mode, Ramp

WRITTEN = 8
"""Rows of a map whose numbers are written into it."""


def sheet(convolved: Convolved, x_name: str, kernel_name: str, y_name: str, mode: Mode = "light") -> Figure:
    """Input left, kernels in the middle, output right, each row of pictures one channel or filter."""
    weight = convolved.step.params["weight"]
    groups: list[tuple[str, Array, Ramp]] = [
        (x_name, convolved.x[0], "sequential" if convolved.x.min() >= 0 else "diverging"),
        (kernel_name, weight.reshape(-1, *weight.shape[2:]), "diverging"),
        (y_name, convolved.step.y[0], "diverging"),
    ]
    columns = [ceil(len(maps) / 4) for _, maps, _ in groups]
    rows = max(min(4, len(maps)) for _, maps, _ in groups)
    palette = theme.PALETTES[mode]
    figure = Figure(figsize=(3.2 * sum(columns), 3.1 * rows + 0.5), facecolor=palette.panel, layout="constrained")
    grid = figure.add_gridspec(rows, sum(columns))
    left = 0
    for (name, maps, ramp), across in zip(groups, columns, strict=True):
        limit = float(np.abs(maps).max()) or 1.0
        for number, each in enumerate(maps):
            row, column = number % 4, left + number // 4
            axes = figure.add_subplot(grid[row, column])
            title = f"{name} {number}" if len(maps) > 1 else name
            axes.set_title(title, fontsize=10, color=palette.ink, family=theme.MATPLOTLIB_FONTS)
            _draw(axes, each, limit, ramp, mode)
        left += across
    return figure


def _draw(axes: Axes, values: Array, limit: float, ramp: Ramp, mode: Mode) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    rgb = theme.colours(values, limit, ramp=ramp, mode=mode)
    axes.imshow(rgb, interpolation="nearest")
    if max(values.shape) <= WRITTEN:
        for (i, j), value in np.ndenumerate(values):
            dark = rgb[i, j] @ np.array([0.299, 0.587, 0.114]) < 140
            text = f"{value:g}" if value == round(value) else f"{value:.2f}"
            ink = "#ffffff" if dark else "#15171b"
            axes.text(j, i, text.replace("-", "−"), ha="center", va="center", fontsize=8, color=ink)
    low = "0" if ramp == "sequential" else f"−{limit:.3g}"
    axes.set_xlabel(f"{low} … {limit:.3g}", fontsize=8, color=theme.PALETTES[mode].mute)
