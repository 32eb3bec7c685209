"""A neuron's picture to take away: bars of a vote, planes with their lines, or the signals of a circuit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.types import Array
from pages.blocks.neuron.compute import CORNERS, Circuit, TwoLayers, Unit, corners
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.svg import number
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOW, HIGH, POINTS = -0.6, 1.6, 240
PALE, FULL = 0.42, 1.25


def vote_figure(x: Array, unit: Unit, labels: Mapping[str, str], mode: Mode = "light") -> Figure:
    """Each product as a bar that begins where the last one ended; a dashed line at the threshold.

    x (D,) scores. ``labels``: words for "sum", "threshold".
    """
    figure, axes = _figure((8, 3.2), 1, mode)
    ax, palette = axes[0], theme.PALETTES[mode]
    products = x * np.array(unit.weight)
    starts = np.cumsum(products) - products
    for row, (start, product) in enumerate(zip(starts, products, strict=True)):
        ax.barh(row, product, left=start, height=0.5, color=palette.pos if product >= 0 else palette.neg)
        text = f"{number(x[row], 1)} × {number(unit.weight[row], 1)} = {number(product, 1)}"
        ax.text(start + product / 2, row - 0.42, text, ha="center", fontsize=9, color=palette.ink)
    ax.plot([products.sum()], [len(x)], "o", color=palette.ink)
    ax.text(
        products.sum(), len(x) - 0.3, f"{labels['sum']} {number(products.sum(), 1)}", ha="center", color=palette.ink
    )
    ax.axvline(-unit.bias, color=palette.accent, linestyle="--")
    ax.text(-unit.bias, -0.75, f" {labels['threshold']} {number(-unit.bias, 1)}", color=palette.accent)
    ax.axvline(0, color=palette.line2)
    ax.set_ylim(len(x) + 0.5, -1)
    ax.set_yticks([])
    return figure


def plane_figure(unit: Unit, mode: Mode = "light") -> Figure:
    """One unit's plane: orange where it says 1, its line, and the corners with what they get."""
    figure, axes = _figure((4.4, 4.4), 1, mode)
    _ground(axes[0], unit.outputs(_places()), mode)
    _line(axes[0], unit, "w", mode)
    _corners(axes[0], corners(), unit.outputs(corners()), mode)
    return figure


def layers_figure(net: TwoLayers, mode: Mode = "light") -> Figure:
    """Input plane with two lines, hidden plane with the third; the corners in both."""
    figure, axes = _figure((8.6, 4.4), 2, mode)
    y = net.outputs(corners())
    _ground(axes[0], net.outputs(_places()), mode)
    for unit, name in zip(net.hidden, ("$h_1$", "$h_2$"), strict=True):
        _line(axes[0], unit, name, mode)
    _corners(axes[0], corners(), y, mode)
    _ground(axes[1], net.out.outputs(_places()), mode)
    _line(axes[1], net.out, "y", mode)
    _corners(axes[1], net.hidden_outputs(corners()), y, mode)
    axes[1].set_xlabel("$h_1$")
    axes[1].set_ylabel("$h_2$", rotation=0)
    return figure


def patch_figure(image: Array, unit: Unit, answers: Array, mode: Mode = "light") -> Figure:
    """A picture, the nine weights of a unit, and its answer at every place."""
    figure, axes = _figure((9.6, 3.6), 3, mode)
    weight = np.array(unit.weight).reshape(3, 3)
    names = ("$x$", f"$w$, b = {number(unit.bias, 2)}", "$y$")
    for ax, values, name in zip(axes, (image, weight, answers), names, strict=True):
        shown = theme.colours(values, ramp="sequential" if values is image else "diverging", mode=mode)
        ax.imshow(shown)
        for (r, c), value in np.ndenumerate(values):
            ax.text(c, r, number(value, 1), ha="center", va="center", fontsize=8, color=theme.ink_on(shown[r, c]))
        ax.set_title(name, color=theme.PALETTES[mode].ink)
        ax.set_xticks([])
        ax.set_yticks([])
    return figure


def circuit_figure(circuit: Circuit, mode: Mode = "light") -> Figure:
    """Every signal of a circuit at each of the four inputs, one column a signal."""
    signals = circuit.signals(corners())
    count = signals.shape[1]
    figure, axes = _figure((1.6 + 0.9 * count, 3.2), 1, mode)
    ax = axes[0]
    ax.imshow(_ramp(signals, mode, 1.0), aspect="auto")
    names = ["$x_1$", "$x_2$", *(_gate_name(circuit, i, names_of(count)) for i in range(count - 2))]
    for (row, column), value in np.ndenumerate(signals):
        shade = theme.ink_on(_ramp(np.array([value]), mode, 1.0)[0])
        ax.text(column, row, f"{value:g}", ha="center", va="center", color=shade)
    ax.set_xticks(range(count), names, fontsize=8)
    ax.set_yticks([])
    ax.xaxis.tick_top()
    return figure


def names_of(count: int) -> list[str]:
    """What signals are called: the inputs, then letters."""
    return ["x₁", "x₂", *"abcdefgh"][:count]


def _gate_name(circuit: Circuit, gate: int, names: list[str]) -> str:
    read = circuit.gates[gate]
    return f"{names[gate + 2]} = NAND\n({names[read.first]}, {names[read.second]})"


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


def _places() -> Array:
    """Every place of the plane, row by row from the top. (POINTS², 2)."""
    at = np.linspace(LOW, HIGH, POINTS)
    x2, x1 = np.meshgrid(at[::-1], at, indexing="ij")
    return np.stack([x1.ravel(), x2.ravel()], axis=1)


def _ramp(y: Array, mode: Mode, strength: float) -> Array:
    """Outputs from 0 to 1 as colours: blue says 0, orange 1. (…, 3)."""
    rgb = theme.colours(2 * y - 1, FULL, mode=mode).astype(float)
    ground = np.array(theme.hex_to_rgb(theme.PALETTES[mode].panel), float)
    shown: Array = np.rint(ground + (rgb - ground) * strength).astype(np.uint8)
    return shown


def _ground(ax: Axes, y: Array, mode: Mode) -> None:
    rows = _ramp(y.reshape(POINTS, POINTS), mode, PALE)
    ax.imshow(rows, extent=(LOW, HIGH, LOW, HIGH), interpolation="bilinear")
    ax.set_xlabel("$x_1$")
    ax.set_ylabel("$x_2$", rotation=0)
    ax.set_xticks([0, 1])
    ax.set_yticks([0, 1])


def _line(ax: Axes, unit: Unit, name: str, mode: Mode) -> None:
    w, palette = np.array(unit.weight), theme.PALETTES[mode]
    square = float(w @ w)
    if square == 0:
        return
    foot = np.full(2, 0.5) - w * (unit.sums(np.full((1, 2), 0.5))[0] / square)
    along, tip = np.array([-w[1], w[0]]) / square**0.5, foot + w / square**0.5 * min(0.16 * square**0.5, 0.75)
    ax.plot(*np.stack([foot - 3 * along, foot + 3 * along], axis=1), color=palette.ink, linewidth=1.8)
    ax.annotate(name, xy=tuple(foot), xytext=tuple(tip), color=palette.ink,
                arrowprops={"arrowstyle": "<|-", "color": palette.ink, "linewidth": 1.8})  # fmt: skip
    ax.set_xlim(LOW, HIGH)
    ax.set_ylim(LOW, HIGH)


def _corners(ax: Axes, at: Array, y: Array, mode: Mode) -> None:
    palette = theme.PALETTES[mode]
    for place, value, name in zip(at, y, CORNERS, strict=True):
        rgb = _ramp(np.array([value]), mode, 1.0)[0]
        ax.plot(*place, "o", markersize=17, color=rgb / 255, markeredgecolor=palette.panel, markeredgewidth=1.5)
        text = f"{value:.2g}"
        ax.text(place[0], place[1], text, ha="center", va="center", color=theme.ink_on(rgb), fontsize=9)
        ax.annotate(str(name), place, xytext=(11, -14), textcoords="offset points", fontsize=8, color=palette.soft)
