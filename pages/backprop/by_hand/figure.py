"""The small network to take away: units with their values and δ, weights with their gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pages.backprop.by_hand.compute import Sheet, latex
from ui.figures import theme
from ui.figures.svg import number
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.figure import Figure

ACROSS, DOWN = 2.6, 1.5
WEIGHT_AT = 0.3
FEW = 6


def network_figure(sheet: Sheet, mode: Mode = "light") -> Figure:
    """Columns of units, left to right; an edge has its weight's colour, and where there is room its numbers."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    palette = theme.PALETTES[mode]
    tallest = max(len(layer) for layer in sheet.units)
    size = (ACROSS * len(sheet.units) + 1.2, DOWN * tallest + 0.9)
    with mpl.rc_context({"font.family": [*theme.MATPLOTLIB_FONTS], "mathtext.fontset": "stix"}):
        figure = Figure(figsize=size, facecolor=palette.panel)
        ax = figure.add_axes((0, 0, 1, 1))
    ax.set_xlim(-0.9, ACROSS * (len(sheet.units) - 1) + 1.9)
    ax.set_ylim(-DOWN * tallest / 2 - 0.3, DOWN * tallest / 2 + 0.6)
    ax.axis("off")

    def at(layer: int, k: int) -> tuple[float, float]:
        return ACROSS * layer, DOWN * ((len(sheet.units[layer]) - 1) / 2 - k)

    names = [name for layer in sheet.weights for row in layer for name in row]
    limit = max(abs(sheet.value(name)) for name in names) or 1.0
    rgb = dict(
        zip(names, theme.colours(np.array([sheet.value(n) for n in names]), limit, mode=mode) / 255, strict=True)
    )
    for layer, matrix in enumerate(sheet.weights):
        few = len(matrix) * len(matrix[0]) <= FEW
        for k, row in enumerate(matrix):
            for j, name in enumerate(row):
                (x0, y0), (x1, y1) = at(layer, j), at(layer + 1, k)
                ax.plot([x0, x1], [y0, y1], color=palette.mute, linewidth=3.4, zorder=1)
                ax.plot([x0, x1], [y0, y1], color=rgb[name], linewidth=2.4, zorder=1)
                if few:
                    text = f"${latex(sheet.symbols[name], sheet.symbols)}$ {number(sheet.value(name), 3)}\n"
                    text += f"∂ {number(sheet.value(f'dE_{name}'), 4)}"
                    spot = (x0 + WEIGHT_AT * (x1 - x0), y0 + WEIGHT_AT * (y1 - y0))
                    box = {"facecolor": palette.panel, "edgecolor": palette.line, "pad": 2}
                    ax.text(*spot, text, color=palette.ink, fontsize=7.5, ha="center", va="center", bbox=box, zorder=3)
    for layer, units in enumerate(sheet.units):
        for k, unit in enumerate(units):
            if layer:
                lines = [f"{unit}  out {number(sheet.value(f'out_{unit}'), 4)}"]
                lines.append(f"δ {number(sheet.value(f'd_{unit}'), 4)}")
            else:
                lines = [f"${latex(sheet.symbols[unit], sheet.symbols)}$ {number(sheet.value(unit), 3)}"]
            box = {"boxstyle": "round,pad=0.5", "facecolor": palette.panel, "edgecolor": palette.accent}
            spot = at(layer, k)
            ax.text(
                *spot, "\n".join(lines), color=palette.ink, fontsize=9, ha="center", va="center", bbox=box, zorder=4
            )
    for k in range(len(sheet.units[-1])):
        x, y = at(len(sheet.units) - 1, k)
        ax.text(x + 0.85, y, f"t {number(sheet.setup.target[k], 3)}", color=palette.soft, fontsize=9, va="center")
    ax.text(
        ax.get_xlim()[1] - 0.1,
        ax.get_ylim()[1] - 0.15,
        f"E = {sheet.value('E'):.6g}",
        ha="right",
        va="top",
        fontsize=11,
    )
    return figure
