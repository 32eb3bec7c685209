"""Scores and their shares to take away, as bars; shares over temperature, as curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.losses.softmax import softmax
from engine.types import Array
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.svg import number
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOW, HIGH, POINTS = 0.1, 20, 200


def shares_figure(z: Array, target: int, mode: Mode = "light") -> Figure:
    """Three columns of bars: z, p = softmax(z) and p - y. z (C,), target the true class."""
    p = softmax(z[None])[0]
    y = (np.arange(len(z)) == target).astype(float)
    figure, axes = _figure((9, 0.7 + 0.55 * len(z)), 3, mode)
    shown: list[tuple[str, Array, float, theme.Ramp]] = [
        ("z", z, float(np.abs(z).max()) or 1.0, "diverging"),
        ("p", p, 1.0, "sequential"),
        ("p − y", p - y, 1.0, "diverging"),
    ]
    for ax, (title, values, limit, ramp) in zip(axes, shown, strict=True):
        _bars(ax, values, limit, ramp, mode)
        ax.set_title(title, loc="left", fontsize=10, color=theme.PALETTES[mode].ink)
    axes[0].set_yticks(range(len(z)), [f"{k} ✓" if k == target else str(k) for k in range(len(z))])
    return figure


def temperature_figure(z: Array, temperature: float, labels: Mapping[str, str], mode: Mode = "light") -> Figure:
    """Each share over T, with a line at the chosen one. z (C,). ``labels``: a word for "temperature"."""
    palette = theme.PALETTES[mode]
    figure, axes = _figure((7, 3.4), 1, mode)
    ax, ts = axes[0], np.geomspace(LOW, HIGH, POINTS)
    shares = softmax(z / ts[:, None])
    for k, name in enumerate(z):
        ax.plot(ts, shares[:, k], color=palette.ink, linewidth=1.8)
        ax.text(HIGH * 1.05, shares[-1, k], f"z = {number(name, 1)}", color=palette.soft, va="center", fontsize=8)
    ax.axvline(temperature, color=palette.accent, linestyle="--")
    ax.text(temperature, 1.02, f"T = {temperature:g}", color=palette.accent, ha="center", fontsize=9)
    ax.set_xscale("log")
    ax.set_xlim(LOW, HIGH * 1.6)
    ax.set_ylim(0, 1)
    ax.set_xlabel(labels["temperature"], color=palette.soft)
    return figure


def _figure(size: tuple[float, float], columns: int, mode: Mode) -> tuple[Figure, list[Axes]]:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    palette = theme.PALETTES[mode]
    with mpl.rc_context({"font.family": families()}):
        figure = Figure(figsize=size, facecolor=palette.panel, layout="constrained")
        axes = [figure.add_subplot(1, columns, i + 1) for i in range(columns)]
    for ax in axes:
        ax.set_facecolor(palette.panel)
        ax.tick_params(colors=palette.mute, length=0)
        for spine in ax.spines.values():
            spine.set_color(palette.line2)
    return figure, axes


def _bars(ax: Axes, values: Array, limit: float, ramp: theme.Ramp, mode: Mode) -> None:
    palette = theme.PALETTES[mode]
    # A bar near 0 must be seen too: it has the colour of 35 % of the limit.
    shown = np.sign(values) * np.maximum(np.abs(values), 0.35 * limit)
    rgb = theme.colours(shown, limit, ramp=ramp, mode=mode) / 255
    ax.barh(range(len(values)), values, color=list(rgb), height=0.5)
    ax.axvline(0, color=palette.line2)
    span = 1.35 * limit
    for k, value in enumerate(values):
        at, side = value + np.copysign(0.04 * span, value), "left" if value >= 0 else "right"
        ax.text(at, k, number(float(value), 3), ha=side, va="center", color=palette.ink, fontsize=9)
    ax.set_xlim(-span if ramp == "diverging" else 0, span)
    ax.set_ylim(len(values) - 0.4, -0.6)
    ax.set_yticks([])
