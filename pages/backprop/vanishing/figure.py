"""Gradients on their way back through deep networks: figures to take away, and the gradients of a network at every
size of its weights, to turn and to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.types import Array
from engine.written import trimmed
from pages.backprop.vanishing.compute.back import Flow
from pages.backprop.vanishing.compute.prediction import Expected
from ui.figures import interactive, theme
from ui.figures.fonts import families
from ui.figures.theme import Mode
from ui.numbers import power_of_ten, ten_to

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FARTHEST = 12
"""Powers of ten, either way, at which the surface is cut off: beyond it would be a needle."""
MARKS = (0.2, 0.5, 1, 2, 5, 10)


def depth_figure(
    curves: Sequence[tuple[str, Flow]], expected: Expected, labels: Mapping[str, str], *, mode: Mode = "light"
) -> Figure:
    """The gradient's length at every layer on a log axis, and the gain of each, for the first of the curves.

    curves: name and flow, the present one first. labels: "gradient", "gain", "layer", "predicted".
    """
    import matplotlib as mpl

    with mpl.rc_context({"font.family": families()}):
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
    with mpl.rc_context({"font.family": families()}):
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


@dataclass(frozen=True)
class Landscape:
    """times (T,): by what the weights' standard deviation is multiplied; gradient (T, depth + 1): RMS of dL/dy_l."""

    times: Array
    gradient: Array

    @property
    def powers(self) -> Array:
        """log₁₀ of every gradient; not-a-number where float32 has lost it."""
        with np.errstate(all="ignore"):
            found = np.log10(self.gradient.astype(np.float64))
        return np.where(np.isfinite(found), found, np.nan)

    def nearest(self, times: float) -> int:
        """The place of the size nearest to this one."""
        return int(np.abs(np.log(self.times / times)).argmin())


def surface(
    of: Landscape, chosen: float, words: Mapping[str, str], mode: Mode, *, present: bool = False
) -> interactive.Figure:
    """Depth to one side, the weights' size to the other, the gradient upwards; the chosen size as a line.

    ``words`` are "layer", "gradient", "first" and "times".
    """
    powers, layers, at = of.powers, np.arange(of.gradient.shape[1]), of.nearest(chosen)
    heights = np.clip(powers, -FARTHEST, FARTHEST)
    said = [
        [f"σ × {trimmed(times, 2)}<br>{words['gradient']} {_written(value)}" for value in row]
        for times, row in zip(of.times, of.gradient, strict=True)
    ]
    made = interactive.figure(mode, height=560 if present else 460, present=present)
    made.add_surface(
        x=layers,
        y=np.log10(of.times),
        z=heights,
        cmid=0,
        colorscale=interactive.scale("diverging", mode),
        showscale=False,
        customdata=said,
        hovertemplate=f"{words['layer']} %{{x}}<br>%{{customdata}}<extra></extra>",
    )
    made.add_scatter3d(
        x=layers,
        y=np.full(len(layers), np.log10(of.times[at])),
        z=heights[at] + 0.05,
        mode="lines",
        line={"width": 7, "color": theme.PALETTES[mode].accent},
        hoverinfo="skip",
    )
    upwards = _axis(heights, 4)
    for end, sign in ((-FARTHEST, "≤"), (FARTHEST, "≥")):
        if end in upwards["tickvals"] and np.nanmax(powers * np.sign(end)) > FARTHEST:
            place = upwards["tickvals"].index(end)
            upwards["ticktext"][place] = f"{sign} {upwards['ticktext'][place]}"
    made.update_scenes(
        xaxis_title_text=words["layer"],
        yaxis={"title_text": "σ ×", "tickvals": np.log10(MARKS), "ticktext": [trimmed(mark, 1) for mark in MARKS]},
        zaxis={"title_text": words["gradient"], **upwards},
        camera={"eye": {"x": -1.5, "y": -1.5, "z": 0.75}, "center": {"x": 0, "y": 0, "z": -0.14}},
        aspectratio={"x": 1.5, "y": 1.2, "z": 0.9},
    )
    return made


def first(
    of: Landscape, chosen: float, words: Mapping[str, str], mode: Mode, *, present: bool = False
) -> interactive.Figure:
    """What is left at the input of a gradient of 1 at the end, size by size; the chosen one is the large point."""
    heights = of.powers[:, 0]
    here = np.arange(len(of.times)) == of.nearest(chosen)
    made = interactive.figure(mode, height=300 if present else 240, present=present, dragmode=False)
    made.add_hline(0, line={"color": theme.PALETTES[mode].mute, "dash": "dot", "width": 1})
    made.add_scatter(
        x=of.times,
        y=heights,
        mode="lines+markers",
        marker={"size": np.where(here, 16, 9), "opacity": 1},
        line={"width": 2},
        customdata=[_written(value) for value in of.gradient[:, 0]],
        hovertemplate=f"σ × %{{x}}<br>{words['first']} %{{customdata}}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
    )
    made.update_xaxes(type="log", title_text=words["times"], tickvals=MARKS)
    made.update_yaxes(title_text=words["first"], **_axis(heights, 10))
    return made


def _written(gradient: float) -> str:
    if not np.isfinite(gradient):
        return "∞"
    return trimmed(gradient, 3) if 0.01 <= gradient < 1000 else power_of_ten(gradient)


def _axis(heights: Array, step: int) -> dict[str, Any]:
    """Powers of ten, as far as the heights reach."""
    if not np.isfinite(heights).any():
        return {}
    low, high = int(np.nanmin(heights) // step), int(-(-np.nanmax(heights) // step))
    marks = [step * mark for mark in range(low, high + 1)]
    return {"tickvals": marks, "ticktext": [ten_to(10.0**mark) for mark in marks]}
