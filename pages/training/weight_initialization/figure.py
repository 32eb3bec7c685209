"""The signal's way through the layers as a figure to take away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np

from engine.signal import Predicted, Signal, Spread
from engine.types import Array
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Measured(Protocol):
    """What was measured and predicted of one setup."""

    @property
    def signal(self) -> Signal: ...
    @property
    def predicted(self) -> Predicted: ...


def spreads(one: Measured, title: str, labels: Mapping[str, str], *, mode: Mode = "light") -> Figure:
    """Histograms of activations (above) and gradients (below), a column a layer; sizes measured and predicted.

    labels: words for "activations", "gradients", "measured", "predicted", "layer".
    """
    import matplotlib as mpl

    with mpl.rc_context({"font.family": families()}):
        return _draw(one, title, labels, mode)


def _draw(one: Measured, title: str, labels: Mapping[str, str], mode: Mode) -> Figure:
    from matplotlib.figure import Figure

    palette, signal = theme.PALETTES[mode], one.signal
    columns = len(signal.layers) + 1
    figure = Figure(figsize=(max(6.0, 1.15 * columns), 7), facecolor=palette.panel, layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold", color=palette.ink)
    grid = figure.add_gridspec(4, columns, height_ratios=(1.1, 1, 1.1, 1))
    ys, gs = [signal.x, *(s.y for s in signal.layers)], [signal.dx, *(s.dy for s in signal.layers)]
    rows = (
        ("activations", ys, np.array([s.std for s in ys]), one.predicted.std),
        ("gradients", gs, np.array([s.rms for s in gs]), one.predicted.gradient),
    )
    for row, (name, found, sizes, predicted) in enumerate(rows):
        for place, spread in enumerate(found):
            axes = figure.add_subplot(grid[2 * row, place])
            _bars(axes, spread, mode)
            axes.set_title(f"{labels['layer']} {place}" if place else "x", fontsize=9, color=palette.soft)
            axes.set_xlabel(f"{sizes[place]:.2g}", fontsize=9, color=palette.ink)
        below = figure.add_subplot(grid[2 * row + 1, :])
        _sizes(below, sizes, predicted, labels, mode)
        below.set_ylabel(labels[name], color=palette.ink)
    return figure


def _bars(axes: Axes, spread: Spread, mode: Mode) -> None:
    palette, edges = theme.PALETTES[mode], spread.shared.edges
    middles = (edges[1:] + edges[:-1]) / 2
    top = float(edges[-1])
    tinted = np.where(middles < 0, -1, 1) * np.maximum(np.abs(middles), 0.4 * top)
    axes.bar(middles, spread.shared.counts, width=np.diff(edges), color=theme.colours(tinted, top, mode=mode) / 255)
    axes.set_facecolor(palette.panel)
    axes.set_yticks([])
    axes.set_xticks([])
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(palette.line2)


def _sizes(axes: Axes, sizes: Array, predicted: Array, labels: Mapping[str, str], mode: Mode) -> None:
    palette = theme.PALETTES[mode]
    places = np.arange(len(sizes))
    axes.plot(places, np.where(predicted > 0, predicted, np.nan), color=palette.mute, label=labels["predicted"])
    axes.plot(places, np.where(sizes > 0, sizes, np.nan), "o", color=palette.ink, label=labels["measured"])
    axes.set_yscale("log")
    axes.set_xticks(places)
    axes.set_xlim(-0.5, len(sizes) - 0.5)
    axes.set_facecolor(palette.panel)
    axes.tick_params(colors=palette.mute, length=0)
    axes.grid(axis="y", color=palette.line)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.legend(frameon=False, labelcolor=palette.soft, fontsize=9)
