"""What is taken home: the network with its values and gradients as a figure, and the whole sheet as a handout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.written import trimmed
from pages.backprop.by_hand.compute.sheet import Sheet, Symbol
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.svg import number
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.figure import Figure

ACROSS, DOWN = 2.6, 1.5
WEIGHT_AT = 0.3
FEW = 6
DIGITS = 9
OPERATORS = {
    "*": r" \cdot ",
    "+": " + ",
    "-": " - ",
    "/": r" \,/\, ",
    "**2": "^2",
    "0.5*": r"\tfrac12 ",
    "1-": "1 - ",
    "-(": "-(",
    "sigmoid(": r"\sigma(",
    "tanh(": r"\tanh(",
    "relu(": r"\max(0,\, ",
    "log(": r"\ln(",
    "exp(": r"\exp(",
    ">0]": " > 0]",
}
"""The signs between quantities, as LaTeX; what isn't here is written as it is."""


def network_figure(sheet: Sheet, mode: Mode = "light") -> Figure:
    """Columns of units, left to right; an edge has its weight's colour, and where there is room its numbers."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    palette = theme.PALETTES[mode]
    tallest = max(len(layer) for layer in sheet.units)
    size = (ACROSS * len(sheet.units) + 1.2, DOWN * tallest + 0.9)
    with mpl.rc_context({"font.family": families(), "mathtext.fontset": "stix"}):
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


def handout(sheet: Sheet, words: Mapping[str, str]) -> str:
    """Every line as result = formula = numbers = value, under the headings of ``words``.

    ``words``: "title", "given", and a heading for each phase: "forward", "error", "backward", "update", "again".
    """
    made = {line.result for line in sheet.lines}
    given = [symbol for name, symbol in sheet.symbols.items() if name not in made]
    parts = [f"# {words['title']}", f"## {words['given']}"]
    for kind in ("i", "t", "w", "b", "lr"):
        row = [rf"{latex(s, sheet.symbols)} = {number_latex(s.value)}" for s in given if s.base == kind]
        parts.append("$" + r"$, $".join(row) + "$")
    phase = ""
    for line in sheet.lines:
        if line.phase != phase:
            phase = line.phase
            parts.append(f"## {words[phase]}")
        symbol = sheet.symbols[line.result]
        sides = [latex(symbol, sheet.symbols), tokens_latex(line.tokens, sheet.symbols, numbers=False)]
        numbers = tokens_latex(line.tokens, sheet.symbols, numbers=True)
        value = number_latex(symbol.value)
        sides += [numbers, value] if numbers != value else [value]
        parts.append("$$" + " = ".join(sides) + "$$")
    return "\n\n".join(parts) + "\n"


def written(value: float, digits: int = DIGITS) -> str:
    """A number to nine decimals without idle zeros; below 0.0001 with a power of ten: 3.5102e-05."""
    if value == 0:
        return "0"
    if abs(value) < 1e-4 or abs(value) >= 1e7:
        return f"{value:.4e}"
    return trimmed(value, digits)


def number_latex(value: float) -> str:
    """A number in LaTeX."""
    text = written(value)
    head, power, exponent = text.partition("e")
    return rf"{head} \cdot 10^{{{int(exponent)}}}" if power else text


def latex(symbol: Symbol, symbols: Mapping[str, Symbol]) -> str:
    """A symbol in LaTeX."""
    base = {"d": r"\delta", "lr": r"\eta", "net": r"\mathit{net}", "out": r"\mathit{out}"}.get(symbol.base, symbol.base)
    text = f"{base}_{{{symbol.index}}}" if symbol.index else base
    if symbol.below:
        return rf"\frac{{\partial {text}}}{{\partial {latex(symbols[symbol.below], symbols)}}}"
    return f"{text}^{{+}}" if symbol.new else text


def tokens_latex(tokens: tuple[str, ...], symbols: Mapping[str, Symbol], *, numbers: bool) -> str:
    """A right-hand side in LaTeX, with its symbols or with their numbers."""
    pieces = []
    for token in tokens:
        if token not in symbols:
            pieces.append(OPERATORS.get(token, token))
        elif numbers:
            text = number_latex(symbols[token].value)
            pieces.append(f"({text})" if symbols[token].value < 0 else text)
        else:
            pieces.append(latex(symbols[token], symbols))
    return "".join(pieces)
