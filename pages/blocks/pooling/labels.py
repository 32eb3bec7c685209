"""The bench of the lesson "Pooling": it knows ties, draws and the way back to a winner."""

from __future__ import annotations

from pathlib import Path

from ui.components.bench import HTML
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.i18n import _

BROWSER = Path(__file__).parent / "browser"

mount = mounted(
    "stepcnn.pooling",
    html=HTML,
    css=style("shared/bench.css") + style(BROWSER / "pooling.css"),
    js=module(BROWSER / "pooling.js"),
)


def labels() -> dict[str, str]:
    """Words of this lesson's bench, besides those of every bench."""
    return {
        "shares": _("Shares"),
        "chances": _("Chances"),
        "max": _("Max"),
        "average": _("Average"),
        "convolution": _("Strided convolution"),
        "draw_of": _("draw"),
        "no_terms": _("no window reads this cell"),
        "note_tie": _("{equals} cells are equal: the first, at row {winner_row}, column {winner_column}, wins"),
        "note_drawn": _("drawn: row {winner_row}, column {winner_column}"),
        "note_cells": _("{count} cells, each times its share"),
        "note_window": _("one window reads this cell"),
        "note_windows": _("{count} windows read this cell"),
        "note_wins": _("{count} windows read this cell; it was taken by {wins}"),
        "note_unread": _("no window reads this cell"),
    }
