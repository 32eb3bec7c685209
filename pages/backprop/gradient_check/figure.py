"""The error of a numeric gradient against h, to take away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.types import Floating
from pages.backprop.gradient_check.compute.sweep import Rule, Subject, Sweep
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.figure import Figure

LOWEST = 1e-16


def sweep_figure(
    subject: Subject,
    sweeps: Mapping[Floating, Sweep],
    rule: Rule,
    words: Mapping[str, str],
    mode: Mode = "light",
) -> Figure:
    """Measured errors as lines, foretold ones dashed. ``words``: "h", "error", "truncation", "round_off"."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    palette = theme.PALETTES[mode]
    with mpl.rc_context({"font.family": families()}):
        figure = Figure(figsize=(7.5, 4.6), facecolor=palette.panel, layout="constrained")
        ax = figure.add_subplot()
    for (dtype, one), colour in zip(sweeps.items(), (palette.ink, palette.mute), strict=True):
        ax.loglog(one.h, np.maximum(one.error(rule), LOWEST), label=dtype, color=colour, linewidth=1.8)
        style = {"color": colour, "linewidth": 1.0, "linestyle": ":"}
        ax.loglog(one.h, subject.round_off(one.h, dtype, rule), label=f"{words['round_off']}, {dtype}", **style)
    h = next(iter(sweeps.values())).h
    truncation = subject.truncation(h, rule)
    if np.isfinite(truncation).all() and truncation.any():
        ax.loglog(h, truncation, label=words["truncation"], color=palette.mute, linewidth=1.0, linestyle="--")
    ax.set_ylim(LOWEST, 20)
    ax.set_xlabel(words["h"], color=palette.soft)
    ax.set_ylabel(words["error"], color=palette.soft)
    ax.set_facecolor(palette.panel)
    ax.tick_params(which="both", colors=palette.mute, length=0)
    ax.grid(color=palette.line)
    for spine in ax.spines.values():
        spine.set_color(palette.line2)
    ax.legend(frameon=False, labelcolor=palette.soft, fontsize=8)
    return figure
