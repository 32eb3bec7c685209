"""Small pieces of SVG: grids of coloured cells, and the funnel from what is read to what is written."""

from __future__ import annotations

import base64
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from ui.figures import theme


def grid(
    values: npt.NDArray[Any],
    x: float,
    y: float,
    cell: float,
    *,
    limit: float | None = None,
    ramp: theme.Ramp = "diverging",
    mode: theme.Mode = "light",
    gap: float = 1.0,
    decimals: int | None = None,
) -> str:
    """The cells of a map (H, W) with its upper left corner at (x, y); ``decimals`` writes the numbers too."""
    rgb = theme.colours(values, limit, ramp=ramp, mode=mode)
    size, round_ = cell - gap, min(2.0, cell / 8)
    pieces = []
    for (row, column), value in np.ndenumerate(values):
        left, top = x + column * cell, y + row * cell
        fill = "#{:02x}{:02x}{:02x}".format(*rgb[row, column])
        pieces.append(
            f'<rect x="{left:g}" y="{top:g}" width="{size:g}" height="{size:g}" rx="{round_:g}" fill="{fill}"/>'
        )
        if decimals is not None:
            pieces.append(
                text(
                    number(float(value), decimals),
                    left + size / 2,
                    top + size / 2,
                    size=cell * 0.31,
                    fill=theme.ink_on(rgb[row, column]),
                    anchor="middle",
                )
            )
    return "".join(pieces)


def text(words: str, x: float, y: float, *, size: float, fill: str, anchor: str = "start", weight: int = 400) -> str:
    """One line of text, its middle at height y."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}" text-anchor="{anchor}" '
        f'font-weight="{weight}" dominant-baseline="central">{escape(words)}</text>'
    )


def frame(x: float, y: float, width: float, height: float, colour: str, thickness: float = 2.0) -> str:
    """A rounded outline."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="4" fill="none" '
        f'stroke="{colour}" stroke-width="{thickness:g}"/>'
    )


def funnel(start: tuple[float, float, float], end: tuple[float, float, float], colour: str) -> str:
    """The band that joins two edges, each given as (x, top, bottom)."""
    x0, top0, bottom0 = start
    x1, top1, bottom1 = end
    middle = (x0 + x1) / 2
    upper = f"M{x0:g} {top0:g}C{middle:g} {top0:g} {middle:g} {top1:g} {x1:g} {top1:g}"
    lower = f"C{middle:g} {bottom1:g} {middle:g} {bottom0:g} {x0:g} {bottom0:g}"
    return (
        f'<path d="{upper}V{bottom1:g}{lower}Z" fill="{colour}" opacity=".09"/>'
        f'<path d="{upper}M{x1:g} {bottom1:g}{lower}" fill="none" stroke="{colour}" opacity=".45" stroke-width="1.2"/>'
    )


def number(value: float, decimals: int = 2) -> str:
    """A number with a true minus; exactly zero is "0"."""
    if value == 0:
        return "0"
    written = f"{abs(value):.{decimals}f}"
    return "−" + written if value < 0 and float(written) else written


def document(body: str, width: float, height: float) -> str:
    """A whole SVG file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" font-family="{escape(theme.SANS)}">{body}</svg>'
    )


def image(drawing: str, alt: str) -> str:
    """An SVG as an HTML picture that carries itself; ``alt`` is what a screen reader says."""
    data = base64.b64encode(drawing.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">'
