"""The gradients of a network at every size of its weights, drawn: a surface, and a cut through it at the input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.types import Array
from engine.written import trimmed
from ui.figures import interactive, theme
from ui.figures.interactive import Figure
from ui.numbers import power_of_ten

FARTHEST = 12
"""Powers of ten, either way, at which the surface is cut off: beyond it would be a needle."""
MARKS = (0.2, 0.5, 1, 2, 5, 10)
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


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
    of: Landscape, chosen: float, words: Mapping[str, str], mode: theme.Mode, *, present: bool = False
) -> Figure:
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


def first(of: Landscape, chosen: float, words: Mapping[str, str], mode: theme.Mode, *, present: bool = False) -> Figure:
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
    return {"tickvals": marks, "ticktext": [f"10{str(mark).translate(_RAISED)}" for mark in marks]}
