"""All maps of one training step on one sheet, to take away: values above, their gradients beneath."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from engine.layers import Flatten
from engine.types import Array
from pages.backprop.forward_backward.compute import TrainingStep
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.theme import Mode, Ramp

MAP_PIXELS = 24
GAP_PIXELS = 3


@dataclass(frozen=True)
class Panel:
    """One layer: its maps (C, H, W), or ten numbers (C,); dmaps is the loss's gradient for them, of the same shape."""

    name: str
    maps: Array
    dmaps: Array
    ramp: Ramp = "diverging"


def training_step_maps(of: TrainingStep, labels: Mapping[str, str], mode: Mode = "light") -> Figure:
    """Every map of a training step's forward pass, and every gradient beneath the map that it belongs to.

    Each panel has its own range, written under it: colours run from minus to plus the largest absolute value.

    Args:
        of: what to draw.
        labels: words for "image", "values", "gradients", and "title".
        mode: "light" or "dark".
    """
    panels = tuple(_panels(of, labels))
    palette = theme.PALETTES[mode]
    figure = Figure(figsize=(15, 5.6), facecolor=palette.panel, layout="constrained")
    widths = [max(_columns(panel.maps), 2) if panel.maps.ndim == 3 else 3.0 for panel in panels]
    grid = figure.add_gridspec(3, len(panels), width_ratios=widths, height_ratios=[1, 1, 0.05])
    for column, panel in enumerate(panels):
        above, below = figure.add_subplot(grid[0, column]), figure.add_subplot(grid[1, column])
        shape = "×".join(map(str, panel.maps.shape))
        above.set_title(f"{panel.name}\n{shape}", fontsize=10, color=palette.ink, family=families())
        _draw(above, panel.maps, panel.ramp, mode)
        _draw(below, panel.dmaps, "diverging", mode)
        if column == 0:
            for axes, word in ((above, labels["values"]), (below, labels["gradients"])):
                axes.set_ylabel(word, color=palette.soft, family=families())
    _legend(figure.add_subplot(grid[2, len(panels) // 2 - 1 : len(panels) // 2 + 1]), mode)
    figure.suptitle(labels["title"], x=0.01, ha="left", fontsize=12, color=palette.ink, family=families())
    return figure


def _panels(of: TrainingStep, labels: Mapping[str, str]) -> Iterator[Panel]:
    yield Panel(labels["image"], of.x[0], of.back.dx[0], "sequential")
    for step in of.trace:
        if not isinstance(step.layer, Flatten):
            yield Panel(step.name, step.y[0], of.back[step.name].dy[0])


def _columns(maps: Array) -> int:
    return ceil(sqrt(len(maps)))


def mosaic(maps: Array, ramp: Ramp, mode: Mode) -> Array:
    """Maps (C, H, W) side by side as RGB (h, w, 3) uint8, each about as large as the next, whatever H and W are."""
    columns = _columns(maps)
    rgb = theme.colours(maps, ramp=ramp, mode=mode)
    times = max(1, MAP_PIXELS // max(maps.shape[1:]))
    tiles = rgb.repeat(times, axis=1).repeat(times, axis=2)
    height, width = tiles.shape[1] + GAP_PIXELS, tiles.shape[2] + GAP_PIXELS
    sheet = np.empty((ceil(len(maps) / columns) * height, columns * width, 3), np.uint8)
    sheet[:] = theme.hex_to_rgb(theme.PALETTES[mode].panel)
    for number, tile in enumerate(tiles):
        top, left = divmod(number, columns)
        sheet[top * height :, left * width :][: tile.shape[0], : tile.shape[1]] = tile
    return sheet[:-GAP_PIXELS, :-GAP_PIXELS]


def _draw(axes: Axes, maps: Array, ramp: Ramp, mode: Mode) -> None:
    """A panel: a mosaic of maps, or bars for ten numbers, with its range beneath."""
    palette = theme.PALETTES[mode]
    axes.set_facecolor(palette.panel)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_anchor("N")
    for spine in axes.spines.values():
        spine.set_visible(False)
    limit = float(np.abs(maps).max())
    if maps.ndim == 3:
        axes.imshow(mosaic(maps, ramp, mode), interpolation="nearest")
    else:
        classes = np.arange(len(maps))
        axes.bar(classes, maps, color=theme.colours(maps, ramp=ramp, mode=mode) / 255)
        axes.axhline(0, color=palette.line2, linewidth=1)
        axes.set_xticks(classes)
        axes.tick_params(colors=palette.mute, length=0, labelsize=7)
    low = "0" if ramp == "sequential" else f"−{limit:.2g}"
    axes.set_xlabel(f"{low} … {limit:.2g}", fontsize=8, color=palette.mute, family=families())


def _legend(axes: Axes, mode: Mode) -> None:
    """The diverging ramp, from the lowest to the highest value of a panel."""
    ramp = theme.colours(np.linspace(-1, 1, 255)[None], 1.0, mode=mode)
    axes.imshow(ramp, aspect="auto", extent=(-1, 1, 0, 1))
    axes.set_yticks([])
    axes.set_xticks([-1, 0, 1], ["−max", "0", "+max"])
    axes.tick_params(colors=theme.PALETTES[mode].mute, length=0, labelsize=8)
    for spine in axes.spines.values():
        spine.set_visible(False)
