"""Gradients on their way back through deep networks, as a figure to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.types import Array
from pages.backprop.vanishing.compute.back import Flow
from pages.backprop.vanishing.compute.prediction import Expected
from ui.figures import theme
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def depth_figure(
    curves: Sequence[tuple[str, Flow]], expected: Expected, labels: Mapping[str, str], *, mode: Mode = "light"
) -> Figure:
    """The gradient's length at every layer on a log axis, and the gain of each, for the first of the curves.

    curves: name and flow, the present one first. labels: "gradient", "gain", "layer", "predicted".
    """
    import matplotlib as mpl

    with mpl.rc_context({"font.family": [*theme.MATPLOTLIB_FONTS]}):
        return _draw(curves, expected, labels, mode)


def _draw(curves: Sequence[tuple[str, Flow]], expected: Expected, labels: Mapping[str, str], mode: Mode) -> Figure:
    from matplotlib.figure import Figure

    palette = theme.PALETTES[mode]
    figure = Figure(figsize=(9, 6), facecolor=palette.panel, layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    styles = ("-", "--", "-.", ":")
    for (name, flow), style in zip(curves, styles, strict=False):
        colour = palette.ink if style == "-" else palette.mute
        above.plot(np.arange(len(flow.dy)), _seen(flow.dy), style, color=colour, linewidth=1.8, label=name)
    if np.isfinite(expected.dy).all():
        above.plot(np.arange(len(expected.dy)), expected.dy, ".", color=palette.accent, label=labels["predicted"])
    gain = curves[0][1].gain
    places, logs = np.arange(len(gain)) + 0.5, np.log10(_seen(gain))
    colours = [palette.pos if up else palette.neg for up in np.nan_to_num(logs) > 0]
    below.bar(places, np.nan_to_num(10**logs, nan=1.0) - 1, width=0.9, bottom=1, color=colours)
    below.axhline(1, color=palette.ink, linewidth=1)
    below.set_yscale("log")
    above.set_yscale("log")
    below.set_xlabel(labels["layer"], color=palette.ink)
    for axes, word in ((above, "gradient"), (below, "gain")):
        axes.set_ylabel(labels[word], color=palette.ink)
        _plain(axes, mode)
    above.legend(frameon=False, labelcolor=palette.soft, fontsize=9)
    return figure


def _seen(values: Array) -> Array:
    """What a log axis can show."""
    found: Array = np.where((values > 0) & np.isfinite(values), values, np.nan)
    return found


def _plain(axes: Axes, mode: Mode) -> None:
    palette = theme.PALETTES[mode]
    axes.set_facecolor(palette.panel)
    axes.tick_params(colors=palette.mute, length=0)
    axes.grid(axis="y", color=palette.line)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)


def stretch_figure(rows: Sequence[tuple[str, Array]], labels: Mapping[str, str], *, mode: Mode = "light") -> Figure:
    """The largest, mean and smallest singular value from the loss back to each layer, on a log axis.

    rows: name and singular values (places, n), largest first. labels as in ``depth_figure``, and "stretch".
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    palette = theme.PALETTES[mode]
    with mpl.rc_context({"font.family": [*theme.MATPLOTLIB_FONTS]}):
        figure = Figure(figsize=(9, 4.5), facecolor=palette.panel, layout="constrained")
        axes = figure.subplots()
        for (name, values), colour in zip(rows, (palette.ink, palette.mute), strict=False):
            places = np.arange(len(values))
            smallest = np.nanmin(np.where(values > 0, values, np.nan), axis=1)
            axes.fill_between(places, smallest, values[:, 0], color=colour, alpha=0.12)
            for edge in (values[:, 0], smallest):
                axes.plot(places, edge, color=colour, linewidth=1.6, label=name if edge is smallest else None)
        axes.set_yscale("log")
        axes.set_xlabel(labels["layer"], color=palette.ink)
        axes.set_ylabel(labels["stretch"], color=palette.ink)
        _plain(axes, mode)
        axes.legend(frameon=False, labelcolor=palette.soft, fontsize=9)
    return figure
