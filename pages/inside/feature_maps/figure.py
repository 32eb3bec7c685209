"""One layer's kernels and their maps on a picture, as a sheet to take away."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np

from engine.types import Array
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 8


@dataclass(frozen=True)
class Sheet:
    """image (C, H, W); kernels (K, C, kh, kw) and their maps (K, H, W) in the order that they are drawn.

    ``empty`` is the share of each map that is empty; ``signed`` maps are drawn with the diverging ramp.
    """

    title: str
    image: Array
    kernels: Array
    maps: Array
    names: tuple[str, ...]
    empty: tuple[float, ...]
    empty_word: str
    signed: bool


def maps_figure(sheet: Sheet, mode: Mode = "light") -> Figure:
    """The picture, then each kernel above its map; one colour scale for all maps, and one for all kernels."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    palette = theme.PALETTES[mode]
    rows = ceil(len(sheet.maps) / ACROSS)
    with mpl.rc_context({"font.family": families()}):
        figure = Figure(figsize=(15, 2.9 * rows + 0.5), facecolor=palette.panel, layout="constrained")
        grid = figure.subplots(2 * rows, ACROSS + 1, squeeze=False, height_ratios=[1, 2] * rows)
        for axes in grid.flat:
            axes.set_axis_off()
        grid[1, 0].imshow(_picture(sheet.image, mode), interpolation="nearest")
        for number, (kernel, values) in enumerate(zip(sheet.kernels, sheet.maps, strict=True)):
            row, column = divmod(number, ACROSS)
            above, below = grid[2 * row, column + 1], grid[2 * row + 1, column + 1]
            above.imshow(kernel_picture(kernel, float(np.abs(sheet.kernels).max()), mode), interpolation="nearest")
            above.set_title(sheet.names[number], fontsize=9, color=palette.ink)
            _map(below, values, sheet, mode)
            below.set_title(f"{sheet.empty[number]:.0%} {sheet.empty_word}", fontsize=8, color=palette.mute)
        low = f"−{np.abs(sheet.maps).max():.3g}" if sheet.signed else "0"
        title = f"{sheet.title}   ({low} … {np.abs(sheet.maps).max():.3g})"
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, color=palette.ink)
        # Fonts are chosen while the text is laid out, so that has to happen in here.
        figure.draw_without_rendering()
    return figure


def _map(axes: Axes, values: Array, sheet: Sheet, mode: Mode) -> None:
    limit = float(np.abs(sheet.maps).max())
    ramp: theme.Ramp = "diverging" if sheet.signed else "sequential"
    axes.imshow(theme.colours(values, limit, ramp=ramp, mode=mode), interpolation="nearest")


def _picture(image: Array, mode: Mode) -> Array:
    """(C, H, W) in [0, 1] as RGB (H, W, 3) uint8."""
    if len(image) == 1:
        return theme.colours(image[0], 1.0, ramp="sequential", mode=mode)
    rgb: Array = np.rint(255 * image.transpose(1, 2, 0)).astype(np.uint8)
    return rgb


def kernel_picture(kernel: Array, limit: float, mode: Mode) -> Array:
    """A kernel (C, kh, kw) as RGB (h, w, 3) uint8: its slices side by side, a line of paper between them."""
    channels, height, width = kernel.shape
    across = ceil(sqrt(channels))
    down = ceil(channels / across)
    sheet = np.full((down * (height + 1) - 1, across * (width + 1) - 1, 3), 0, np.uint8)
    sheet[:] = theme.hex_to_rgb(theme.PALETTES[mode].panel)
    for number, each in enumerate(theme.colours(kernel, limit, mode=mode)):
        top, left = (at * (side + 1) for at, side in zip(divmod(number, across), (height, width), strict=True))
        sheet[top : top + height, left : left + width] = each
    return sheet
