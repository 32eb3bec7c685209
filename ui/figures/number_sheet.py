"""Named matrices on one sheet, to take away: every number in its cell, each matrix on a ramp of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from engine.types import Array
from ui.figures import theme
from ui.figures.theme import Mode

Panel = tuple[str, Array]
WRITTEN = 14
"""Rows or columns of a matrix whose numbers are written into it."""


def number_sheet(rows: Sequence[Sequence[Panel]], mode: Mode = "light") -> Figure:
    """Rows of (name, matrix): signed numbers on the diverging ramp, others on the sequential one."""
    palette = theme.PALETTES[mode]
    widest, tallest = (max(max(len(row) for row in rows), 1)), len(rows)
    figure = Figure(figsize=(3.0 * widest, 2.9 * tallest), facecolor=palette.panel, layout="constrained")
    spec = figure.add_gridspec(tallest, widest)
    for at, row in enumerate(rows):
        for place, (name, values) in enumerate(row):
            axes = figure.add_subplot(spec[at, place])
            axes.set_title(name, fontsize=10, color=palette.ink, family=theme.MATPLOTLIB_FONTS)
            _draw(axes, np.atleast_2d(values), mode)
    return figure


def _draw(axes: Axes, values: Array, mode: Mode) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    limit = float(np.abs(values).max()) or 1.0
    rgb = theme.colours(values, limit, ramp="sequential" if values.min() >= 0 else "diverging", mode=mode)
    axes.imshow(rgb, interpolation="nearest")
    if max(values.shape) > WRITTEN:
        return
    size = 9 if max(values.shape) <= 6 else 7
    for (i, j), value in np.ndenumerate(values):
        ink = "#ffffff" if rgb[i, j] @ np.array([0.299, 0.587, 0.114]) < 140 else "#15171b"
        text = f"{value:g}" if value == round(value) else f"{value:.2f}"
        axes.text(j, i, text.replace("-", "−"), ha="center", va="center", fontsize=size, color=ink)
