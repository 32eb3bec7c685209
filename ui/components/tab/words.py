"""The few words that every component in the browser says: its keys, a number that wasn't taken, and that it failed."""

from __future__ import annotations

from ui.i18n import _


def page_words() -> dict[str, str]:
    """By the names that shared/page_words.js asks for."""
    return {
        "keys_click": _("Click the picture to use its keys:"),
        "keys_here": _("The picture has the keys:"),
        "key_space": _("Space"),
        "keys_step": _("one step back or on"),
        "keys_scene": _("to the scene before or after"),
        "keys_play": _("play or pause"),
        "keys_release": _("let go"),
        "keys_cells": _("from cell to cell"),
        "keys_hold": _("hold"),
        "keys_type": _("type a number"),
        "keys_train": _("one training step"),
        "keys_epoch": _("one epoch"),
        "keys_reset": _("begin anew"),
        "typing_range": _("This can be from {low} to {high}."),
        "typing_kept": _("“{typed}” was not taken, {value} stays."),
        "failed": _(
            "This picture could not be drawn. The rest of the page works, and so does the next change of a setting."
        ),
        "failed_part": _(
            "Something in this picture went wrong: it may not show what is set. The rest of the page works."
        ),
        "failed_again": _("Draw it again"),
    }
