"""Matrices in rows and columns, to take away: each place is reckoned, none is tried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.figures import theme
from ui.figures.theme import Mode

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDE = 2.6
"""Inches of a matrix, at least."""
CELL = 0.33
"""Inches of a cell with a number in it, at least."""
BETWEEN = 0.3
"""Inches from one to the next: side by side, and for each of the two lines of words between one above the other."""


class MatrixGrid:
    """A figure that holds so many matrices across and down, with room for a line above and one beneath each.

    ``cells``: the most rows or columns of a matrix whose numbers are written.

    A layout that matplotlib finds by itself measures every number of every matrix, twice: 64 kernels took ten seconds.
    """

    def __init__(self, across: int, down: int, cells: int, mode: Mode = "light") -> None:
        from matplotlib.figure import Figure

        self.side = max(SIDE, CELL * cells)
        self.width, self.height = across * (self.side + BETWEEN) + BETWEEN, down * (self.side + 2 * BETWEEN) + BETWEEN
        self.figure: Figure = Figure(figsize=(self.width, self.height), facecolor=theme.PALETTES[mode].panel)

    def axes(self, row: int, column: int) -> Axes:
        """Where the matrix of this place is drawn."""
        side, width, height = self.side, self.width, self.height
        left, top = BETWEEN + column * (side + BETWEEN), 1.5 * BETWEEN + row * (side + 2 * BETWEEN)
        return self.figure.add_axes((left / width, 1 - (top + side) / height, side / width, side / height))
