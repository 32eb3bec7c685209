"""Words of this lesson's bench, besides those of every bench."""

from __future__ import annotations

from ui.i18n import _


def labels() -> dict[str, str]:
    """By name; the browser fills gaps."""
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
        "note_cells": _("{count} {count|cell|cells}, each times its share"),
        "note_window": _("one window reads this cell"),
        "note_windows": _("{count} {count|window reads|windows read} this cell"),
        "note_wins": _("{count} {count|window reads|windows read} this cell; it was taken by {wins}"),
        "note_unread": _("no window reads this cell"),
    }
