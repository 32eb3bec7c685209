"""A matrix on a sheet to take away: each number in its colour, and written into its cell where the matrix is small."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from engine.types import Array
from ui.figures import theme
from ui.figures.theme import Mode, Ramp

WRITTEN = 8
"""Rows or columns of a matrix whose numbers are written into it."""


def draw_matrix(
    axes: Axes,
    name: str,
    values: Array,
    mode: Mode,
    *,
    ramp: Ramp | None = None,
    limit: float | None = None,
    written: int = WRITTEN,
) -> None:
    """Draw (H, W) numbers under their name, with the range of their colours beneath.

    Args:
        ramp: unless given, diverging for numbers of which one is negative.
        limit: where the colours end, the largest absolute value unless given.
        written: the most rows or columns whose numbers are written.
    """
    palette = theme.PALETTES[mode]
    ramp = ramp or ("sequential" if values.min() >= 0 else "diverging")
    limit = limit or float(np.abs(values).max()) or 1.0
    rgb = theme.colours(values, limit, ramp=ramp, mode=mode)
    axes.set_title(name, fontsize=10, color=palette.ink, family=theme.MATPLOTLIB_FONTS)
    axes.imshow(rgb, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    longest = max(values.shape)
    if longest <= written:
        size = 9 if longest <= 6 else 8 if longest <= 8 else 7
        for (i, j), value in np.ndenumerate(values):
            text = f"{value:g}" if value == round(value) else f"{value:.2f}"
            ink = theme.ink_on(rgb[i, j])
            axes.text(j, i, text.replace("-", "−"), ha="center", va="center", fontsize=size, color=ink)
    low = "0" if ramp == "sequential" else f"−{limit:.3g}"
    axes.set_xlabel(f"{low} … {limit:.3g}", fontsize=8, color=palette.mute, family=theme.MATPLOTLIB_FONTS)
