"""Figures that the reader turns and points at: plotly's, in the colours and typefaces of every other picture.

drawn = figure("light", height=460)
drawn.add_surface(x=layers, y=sigmas, z=gradients, colorscale=scale("diverging", "light"))
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from plotly.graph_objects import Figure

from ui.figures import theme

__all__ = ["Figure", "figure", "scale", "template"]

LETTERS, LARGE = 13, 18
"""Pixels of the letters, and in the lecture view."""


def scale(ramp: theme.Ramp, mode: theme.Mode) -> list[tuple[float, str]]:
    """A ramp as plotly's colour scale."""
    stops = theme.RAMPS[ramp][mode]
    return [(at / (len(stops) - 1), colour) for at, colour in enumerate(stops)]


def template(mode: theme.Mode, *, present: bool = False) -> go.layout.Template:
    """Paper, letters, axes, what is said under the pointer; ``present`` for the lecture view."""
    palette, letters = theme.PALETTES[mode], LARGE if present else LETTERS
    axis: dict[str, Any] = {
        "gridcolor": palette.line,
        "linecolor": palette.line2,
        "zerolinecolor": palette.line2,
        "tickfont": {"color": palette.soft, "size": letters},
        "title": {"font": {"color": palette.ink, "size": letters}},
    }
    wall = {**axis, "backgroundcolor": palette.panel, "showbackground": True, "showspikes": False}
    return go.layout.Template(
        layout={
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": palette.panel,
            "font": {"family": theme.SANS, "color": palette.ink, "size": letters},
            "colorway": [palette.accent, palette.pos, palette.neg, palette.ok, palette.warn],
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {**axis, "automargin": True},
            "yaxis": {**axis, "automargin": True},
            "scene": {"xaxis": wall, "yaxis": wall, "zaxis": wall, "bgcolor": "rgba(0,0,0,0)"},
            "hoverlabel": {
                "bgcolor": palette.panel,
                "bordercolor": palette.line2,
                "font": {"family": theme.SANS, "color": palette.ink, "size": letters},
            },
            "colorscale": {"diverging": scale("diverging", mode), "sequential": scale("sequential", mode)},
            "showlegend": False,
            "dragmode": "orbit",
        }
    )


def figure(mode: theme.Mode, *, height: int, present: bool = False, **layout: Any) -> Figure:
    """An empty figure in this dress; ``layout`` is plotly's."""
    return Figure(layout={"template": template(mode, present=present), "height": height, **layout})
