"""A pooling layer on one sheet, to take away: x, y, dL/dy and dL/dx of every channel."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from engine.pooled import Pooled
from engine.types import Array
from ui.figures import theme
from ui.figures.theme import Mode, Ramp

WRITTEN = 8
"""Rows of a map whose numbers are written into it."""


def sheet(pooled: Pooled, names: tuple[str, str], mode: Mode = "light") -> Figure:
    """One row for each channel: x, y, and the gradients coming back; ``names``: words for input and output."""
    step, back = pooled.step, pooled.back
    columns = ((f"{names[0]} x", step.x), (f"{names[1]} y", step.y), ("dL/dy", back.dy), ("dL/dx", back.dx))
    palette, rows = theme.PALETTES[mode], step.x.shape[1]
    figure = Figure(figsize=(12.8, 3.2 * rows + 0.3), facecolor=palette.panel, layout="constrained")
    axes = figure.subplots(rows, len(columns), squeeze=False)
    for column, (name, array) in enumerate(columns):
        ramp: Ramp = "sequential" if array.min() >= 0 and column < 2 else "diverging"
        limit = float(np.abs(array).max()) or 1.0
        for channel in range(rows):
            title = f"{name}[{channel}]" if rows > 1 else name
            axes[channel, column].set_title(title, fontsize=10, color=palette.ink, family=theme.MATPLOTLIB_FONTS)
            _draw(axes[channel, column], array[0, channel], limit, ramp, mode)
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
            text = f"{value:g}" if value == round(value) else f"{value:.2f}"
            ink = theme.ink_on(rgb[i, j])
            axes.text(j, i, text.replace("-", "−"), ha="center", va="center", fontsize=8, color=ink)
    low = "0" if ramp == "sequential" else f"−{limit:.3g}"
    axes.set_xlabel(f"{low} … {limit:.3g}", fontsize=8, color=theme.PALETTES[mode].mute)
