"""A matrix on a sheet to take away: each number in its colour, and written into its cell where the matrix is small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.types import Array
from engine.written import signed
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.svg import number
from ui.figures.theme import Mode, Ramp

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes

WRITTEN = 8
"""Rows or columns of a matrix whose numbers are written into it."""
LARGEST = 9
"""Points of a number that has room."""
LETTER = 0.65
"""How wide a letter of a number is, with the room that it needs beside it, as a part of its size."""


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
    axes.set_title(name, fontsize=10, color=palette.ink, family=families())
    axes.imshow(rgb, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    longest = max(values.shape)
    if longest <= written:
        texts = {at: signed(value) if value == round(value) else number(value) for at, value in np.ndenumerate(values)}
        size = _size(axes, longest, max(map(len, texts.values())))
        for (i, j), text in texts.items():
            axes.text(j, i, text, ha="center", va="center", fontsize=size, color=theme.ink_on(rgb[i, j]))
    low = "0" if ramp == "sequential" else f"−{limit:.3g}"
    axes.set_xlabel(f"{low} … {limit:.3g}", fontsize=8, color=palette.mute, family=families())


def _size(axes: Axes, cells: int, letters: int) -> float:
    """Points of a number, so that the longest stays within one of so many cells along the longer side."""
    figure, place = axes.get_figure(root=True), axes.get_position(original=True)
    assert figure is not None
    width, height = figure.get_size_inches()
    side: float = 72 * min(place.width * width, place.height * height)
    return min(LARGEST, side / cells / (LETTER * letters))
