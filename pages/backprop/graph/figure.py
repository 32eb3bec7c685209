"""A computational graph to take away: every number with its gradient, every wire with what flows back along it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING, Any

from engine.autograd.expression import Graph
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Point = tuple[float, float]
Wire = tuple[int, int]
"""(node, slot): the wire into this slot of a node."""

CARD = (3.7, 4.5)
LABEL = (5.5, 4.0)
"""Width and height of a number and of what is written on a wire, in the height of a line of type."""
_INCHES = 0.19


@dataclass(frozen=True)
class Layout:
    """Where everything stands: centres, y downwards; of a wire its points from the one number to the other."""

    width: float
    height: float
    nodes: tuple[Point, ...]
    labels: Mapping[Wire, Point]
    wires: Mapping[Wire, tuple[Point, ...]]


def graph_figure(graph: Graph, layout: Layout, words: Mapping[str, str], mode: Mode = "light") -> Figure:
    """The graph with both passes done. ``words``: "title", "value", "gradient"."""
    from matplotlib.figure import Figure

    palette = theme.PALETTES[mode]
    figure = Figure(figsize=(layout.width * _INCHES, (layout.height + 3) * _INCHES), facecolor=palette.bg)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, layout.width), ylim=(layout.height, -3))
    axes.axis("off")
    _write(axes, (0.4, -1.7), words["title"], 12, palette.ink, ha="left", weight="bold")
    key = f"{words['value']} | {words['gradient']}"
    _write(axes, (layout.width - 0.4, -0.4), key, 9, palette.mute, ha="right")
    for (place, slot), points in layout.wires.items():
        _wire(axes, points, palette.line2)
        reader, (x, y) = graph.nodes[place], layout.labels[place, slot]
        _write(axes, (x, y - 0.65), numeral(graph.nodes[reader.parents[slot]].value), 9, palette.soft)
        local, grad = reader.local[slot] if reader.local else None, reader.grad
        if local is None or grad is None:
            continue
        amount = grad * local
        tone = palette.mute if amount == 0 else palette.pos if amount > 0 else palette.neg
        _write(axes, (x, y + 0.55), f"{numeral(grad, 3)} × {numeral(local, 3)}", 8, palette.mute)
        _write(axes, (x, y + 1.6), f"= {numeral(amount)}", 9, tone, weight="bold")
    values, grads = _limits(graph)
    for node, (x, y) in zip(graph.nodes, layout.nodes, strict=True):
        if node.op == "constant":
            _cell(axes, (x, y), node.value, values, mode)
            continue
        _write(axes, (x, y - 1.6), node.label, 11, palette.ink, weight="bold")
        _cell(axes, (x, y - 0.1), node.value, values, mode)
        if node.grad is not None:
            _cell(axes, (x, y + 1.4), node.grad, grads, mode)
    return figure


def numeral(value: float, digits: int = 4) -> str:
    """A number with so many digits that say something, and a true minus; "?" where there is none."""
    return "?" if isnan(value) else f"{value:.{digits}g}".replace("-", "−")


def _limits(graph: Graph) -> tuple[float, float]:
    """The ends of the two colour maps: the largest value, and the largest gradient, either way."""
    values = [abs(node.value) for node in graph.nodes if not isnan(node.value)]
    grads = [abs(node.grad) for node in graph.nodes if node.grad is not None]
    return max(values, default=1) or 1, max(grads, default=1) or 1


def _write(
    axes: Axes, at: Point, text: str, size: float, colour: str, ha: str = "center", weight: str = "normal"
) -> None:
    axes.text(
        *at, text, fontsize=size, color=colour, ha=ha, va="center_baseline", weight=weight,
        fontfamily=families(),
    )  # fmt: skip


def _wire(axes: Axes, points: tuple[Point, ...], colour: str) -> None:
    """From card to card; level where something may be written on it, bent between."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    card, level = CARD[0] / 2, LABEL[0] / 2 - 0.2
    (x0, y0), *between, (x1, y1) = points
    stops = [(x0 + card, y0)]
    for x, y in between:
        stops += [(x - level, y), (x + level, y)]
    stops.append((x1 - card, y1))
    corners = [stops[0]]
    for start, end in pairwise(stops):
        middle = (start[0] + end[0]) / 2
        corners += [(middle, start[1]), (middle, end[1]), end]
    codes = [Path.MOVETO, *[Path.CURVE4] * (len(corners) - 1)]
    axes.add_patch(PathPatch(Path(corners, codes), facecolor="none", edgecolor=colour, linewidth=1.4, zorder=0))


def _cell(axes: Axes, at: Point, value: float, limit: float, mode: Mode) -> None:
    from matplotlib.patches import FancyBboxPatch

    width, height = CARD[0] - 0.3, 1.35
    fill: Any = theme.colours([value], limit, mode=mode)[0]
    box = FancyBboxPatch(
        (at[0] - width / 2, at[1] - height / 2), width, height, boxstyle="round,pad=0,rounding_size=0.2",
        facecolor=tuple(fill / 255), edgecolor="none",
    )  # fmt: skip
    axes.add_patch(box)
    _write(axes, at, numeral(value), 9, theme.ink_on(fill))
