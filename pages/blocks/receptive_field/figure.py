"""One unit's receptive field on every map of a stack, as a sheet to take away."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from engine.analysis.receptive_field import Box
from engine.types import Array
from ui.figures import theme
from ui.figures.fonts import families
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 7


@dataclass(frozen=True)
class Map:
    """One panel: its name, a line beneath it, and numbers (H, W), none below 0."""

    name: str
    note: str
    values: Array


@dataclass(frozen=True)
class Sheet:
    """The image's map first. ``box`` is the theoretical field in pixels; it may hang over the image's edge."""

    title: str
    maps: tuple[Map, ...]
    box: Box
    level: int


def field_figure(sheet: Sheet, mode: Mode = "light") -> Figure:
    """All maps, input first, each from white at 0 to black at its own largest number; the field framed on the image."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    palette = theme.PALETTES[mode]
    rows = ceil(len(sheet.maps) / ACROSS)
    columns = min(len(sheet.maps), ACROSS)
    with mpl.rc_context({"font.family": families()}):
        figure = Figure(
            figsize=(2.1 * max(columns, 4), 2.6 * rows + 0.5), facecolor=palette.panel, layout="constrained"
        )
        grid = figure.subplots(rows, columns, squeeze=False)
        for number, axes in enumerate(grid.flat):
            if number >= len(sheet.maps):
                axes.set_axis_off()
                continue
            panel = sheet.maps[number]
            _draw(axes, panel, mode)
            on_image = panel.values.shape == sheet.maps[0].values.shape and number in (0, len(sheet.maps) - 1)
            if on_image and sheet.level:
                _frame(axes, sheet.box, palette.accent)
        figure.suptitle(sheet.title, x=0.01, ha="left", fontsize=12, color=palette.ink)
        # Fonts are chosen while the text is laid out, so that has to happen in here.
        figure.draw_without_rendering()
    return figure


def _draw(axes: Axes, panel: Map, mode: Mode) -> None:
    palette = theme.PALETTES[mode]
    axes.imshow(theme.colours(panel.values, ramp="sequential", mode=mode), interpolation="nearest")
    axes.set_title(f"{panel.name}  {panel.values.shape[0]}×{panel.values.shape[1]}", fontsize=9, color=palette.ink)
    axes.set_xlabel(f"{panel.note}\n0 … {panel.values.max():.3g}", fontsize=8, color=palette.mute)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_edgecolor(palette.line2)


def _frame(axes: Axes, box: Box, colour: str) -> None:
    from matplotlib.patches import Rectangle

    corner, width, height = (box.left - 0.5, box.top - 0.5), box.right - box.left, box.bottom - box.top
    axes.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=colour, linewidth=1.6))
