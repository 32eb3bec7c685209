"""The lesson's figure to take away: the curves, the crowd's way through one of them, and the chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from pages.blocks.activations.compute.functions import Curve
from pages.blocks.activations.compute.learning import Chain
from pages.blocks.activations.compute.units import Passage
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BINS = 41
DASH = (0, (3, 2))


def activation_sheet(
    curves: Mapping[str, Curve],
    passage: Passage,
    chain: Chain,
    labels: Mapping[str, str],
    *,
    mode: Mode = "light",
) -> Figure:
    """Three drawings in a row.

    Args:
        curves: by the name to write, the chosen one first.
        passage: a crowd through the chosen one.
        chain: what is left of a gradient at every link, for many starts.
        labels: words for "input", "output", "chain_plot", "chain_axis".
        mode: "light" or "dark".
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.family": families()}):
        palette = theme.PALETTES[mode]
        figure = Figure(figsize=(13, 4), facecolor=palette.panel, layout="constrained")
        left, middle, right = figure.subplots(1, 3)
        _curves(left, curves, mode)
        _histograms(middle, passage, labels, mode)
        _chain(right, chain, labels, mode)
        for axes in (left, middle, right):
            axes.set_facecolor(palette.panel)
            axes.tick_params(colors=palette.mute, length=0)
            axes.grid(color=palette.line)
            axes.set_axisbelow(True)
            for spine in axes.spines.values():
                spine.set_visible(False)
        return figure


def _curves(axes: Axes, curves: Mapping[str, Curve], mode: Mode) -> None:
    palette = theme.PALETTES[mode]
    for at, (name, curve) in enumerate(curves.items()):
        colour, width = (palette.ink, 2.2) if at == 0 else (palette.mute, 1.1)
        seen = np.abs(curve.x) <= 5
        axes.plot(curve.x[seen], curve.y[seen], color=colour, linewidth=width, label=name)
        axes.plot(curve.x[seen], curve.slope[seen], color=colour, linewidth=width, linestyle=DASH, label=f"{name}′")
    axes.set_ylim(-1.4, 3)
    axes.legend(frameon=False, labelcolor=palette.soft, fontsize=8)


def _histograms(axes: Axes, passage: Passage, labels: Mapping[str, str], mode: Mode) -> None:
    palette = theme.PALETTES[mode]
    rows = ((labels["input"], passage.x), (labels["output"], passage.y), ("dy", passage.dy), ("dx", passage.dx))
    for row, (_name, values) in enumerate(rows):
        counts, edges = np.histogram(np.clip(values, -5, 5), BINS, (-5, 5))
        axes.bar(edges[:-1], 0.85 * counts / counts.max(), 0.2, bottom=-row, align="edge", color=palette.mute)
    axes.set_yticks([-row + 0.3 for row in range(len(rows))], [name for name, _ in rows])
    axes.set_xlim(-5, 5)


def _chain(axes: Axes, chain: Chain, labels: Mapping[str, str], mode: Mode) -> None:
    palette = theme.PALETTES[mode]
    links = np.arange(len(chain.gradients))
    sizes = np.maximum(np.abs(chain.gradients), 1e-30)
    axes.fill_between(links, sizes.min(axis=1), sizes.max(axis=1), color=palette.line2)
    axes.plot(links, chain.bound ** (links[-1] - links), color=palette.mute, linestyle=DASH)
    axes.plot(links, np.median(sizes, axis=1), color=palette.ink, linewidth=2)
    axes.set_yscale("log")
    axes.set_title(labels["chain_plot"], loc="left", fontsize=10, color=palette.ink)
    axes.set_xlabel(labels["chain_axis"], color=palette.soft)
