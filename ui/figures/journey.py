"""One digit's way through a small network: the picture on the home page.

A patch of the digit, a kernel and the one number that they make; then what the deeper layers see and what the
network says. Every colour and number comes from the trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.explain.terms import Terms, forward_terms
from engine.network import Trace
from ui.figures import svg, theme

# A seven from the digits that ship with the course, as a link writes it. It is number 504; spelt out here,
# the first page needs no data set.
SEVEN = "002888c200cgeef100e90c6000a28b000002e30000098000000e4000003f0000"

CELL, KERNEL_CELL, SMALL = 26.0, 40.0, 8.0
TOP = 34.0
CAPTION = 13.0


def journey(trace: Trace, p: npt.NDArray[Any], mode: theme.Mode, labels: Mapping[str, str]) -> str:
    """The picture as HTML: two drawings side by side and the arithmetic of one number under them.

    Args:
        trace: a forward pass of one digit through the digit network.
        p: (10,) the probabilities it ends in.
        labels: "input", "kernel", "output", "deeper", "answer", "sum", and for screen readers "alt", "alt deeper".
    """
    channel, row, column = _strongest(trace["conv1"].y[0])
    terms = forward_terms(trace["conv1"], (0, channel, row, column))
    return (
        f'<div class="sc-journey"><div class="sc-drawings">{_first(trace, channel, row, column, mode, labels)}'
        f"{_deeper(trace, p, mode, labels)}</div>{_sum(terms, labels)}</div>"
    )


def _strongest(maps: npt.NDArray[Any]) -> tuple[int, int, int]:
    """Channel, row and column of the largest value away from the border, where the whole patch is real."""
    inner = maps[:, 1:-1, 1:-1]
    channel, row, column = np.unravel_index(int(inner.argmax()), inner.shape)
    return int(channel), int(row) + 1, int(column) + 1


def _first(trace: Trace, channel: int, row: int, column: int, mode: theme.Mode, labels: Mapping[str, str]) -> str:
    """Digit ∗ kernel = map, with the funnel of one number."""
    step, colours = trace["conv1"], theme.PALETTES[mode]
    side = 8 * CELL
    kernel_x, map_x = side + 62, side + 62 + 3 * KERNEL_CELL + 62
    kernel_y = TOP + (side - 3 * KERNEL_CELL) / 2
    patch = (CELL * (column - 1), TOP + CELL * (row - 1))
    cell = (map_x + CELL * column, TOP + CELL * row)
    kernel_bottom = kernel_y + 3 * KERNEL_CELL
    body = [
        _caption(labels["input"], "8 × 8", 0, mode),
        _caption(labels["kernel"], "3 × 3", kernel_x, mode, y=kernel_y - 21),
        _caption(labels["output"], f"conv1[{channel}]", map_x, mode),
        svg.funnel(
            (patch[0] + 3 * CELL, patch[1], patch[1] + 3 * CELL),
            (kernel_x - 3, kernel_y - 2, kernel_bottom + 1),
            colours.accent,
        ),
        svg.funnel(
            (kernel_x + 3 * KERNEL_CELL + 2, kernel_y - 2, kernel_bottom + 1),
            (cell[0] - 2, cell[1] - 1, cell[1] + CELL),
            colours.accent,
        ),
        svg.grid(step.x[0, 0], 0, TOP, CELL, limit=1.0, ramp="sequential", mode=mode),
        svg.grid(step.y[0, channel], map_x, TOP, CELL, mode=mode),
        svg.grid(step.params["weight"][channel, 0], kernel_x, kernel_y, KERNEL_CELL, mode=mode, decimals=2),
        svg.frame(patch[0] - 1, patch[1] - 1, 3 * CELL + 1, 3 * CELL + 1, colours.accent, 2.5),
        svg.frame(cell[0] - 1.5, cell[1] - 1.5, CELL + 2, CELL + 2, colours.accent, 2.5),
    ]
    for sign, x in (("∗", side + 31), ("=", map_x - 31)):
        body.append(svg.text(sign, x, TOP + side / 2, size=24, fill=colours.mute, anchor="middle"))
    return svg.image(svg.document("".join(body), map_x + side, TOP + side + 2), labels["alt"])


def _deeper(trace: Trace, p: npt.NDArray[Any], mode: theme.Mode, labels: Mapping[str, str]) -> str:
    """The sixteen maps of the second convolution, and the ten probabilities."""
    maps, colours = trace["relu2"].y[0], theme.PALETTES[mode]
    pitch = 4 * SMALL + 7
    side = 8 * CELL
    start = TOP + (side - 4 * pitch + 7) / 2
    limit = float(np.abs(maps).max())
    body = [_caption(labels["deeper"], "16 × 4 × 4", 24, mode)]
    for channel, values in enumerate(maps):
        x, y = 24 + (channel % 4) * pitch, start + (channel // 4) * pitch
        body.append(svg.grid(values, x, y, SMALL, limit=limit, mode=mode, gap=0.6))
    bars = 24 + 4 * pitch + 40
    body.append(_caption(labels["answer"], "", bars, mode))
    line, best = side / 10, int(p.argmax())
    for digit, share in enumerate(p):
        middle = TOP + line * (digit + 0.5)
        strong = digit == best
        colour = colours.ink if strong else colours.mute
        body.append(svg.text(str(digit), bars, middle, size=13, fill=colour, weight=700 if strong else 400))
        body.append(
            f'<rect x="{bars + 18:g}" y="{middle - 5.5:g}" width="{max(1.5, 84 * float(share)):g}" height="11" '
            f'rx="2" fill="{colours.ink if strong else colours.line2}"/>'
        )
        if strong:
            body.append(
                svg.text(f"{100 * float(share):.0f} %", bars + 108, middle, size=13, fill=colours.ink, weight=700)
            )
    for x in (10.0, bars - 22):
        y = TOP + side / 2
        body.append(f'<path d="M{x - 3:g} {y - 6:g}l6 6l-6 6" fill="none" stroke="{colours.mute}" stroke-width="1.6"/>')
    return svg.image(svg.document("".join(body), bars + 150, TOP + side + 2), labels["alt deeper"])


def _caption(role: str, name: str, x: float, mode: theme.Mode, y: float = 12.0) -> str:
    colours = theme.PALETTES[mode]
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{CAPTION:g}" dominant-baseline="central">'
        f'<tspan font-weight="650" fill="{colours.ink}">{escape(role)}</tspan>'
        f'<tspan dx="7" fill="{colours.mute}">{escape(name)}</tspan></text>'
    )


def _sum(terms: Terms, labels: Mapping[str, str]) -> str:
    """The products that make the number, as chips."""
    chips = [
        f'<span class="{_sign(left * right)}">{svg.number(left)} × {svg.number(right)}</span>'
        for left, right in zip(terms.left.tolist(), terms.right.tolist(), strict=True)
    ]
    chips.append(f'<span class="{_sign(terms.bias)}">b {svg.number(terms.bias)}</span>')
    return (
        f'<div class="sc-sum"><b>{escape(labels["sum"])}</b>{"<i>+</i>".join(chips)}'
        f'<i>=</i><strong class="{_sign(terms.value)}">{svg.number(terms.value)}</strong></div>'
    )


def _sign(value: float) -> str:
    return "sc-pos" if value > 0 else "sc-neg" if value < 0 else "sc-zero"
