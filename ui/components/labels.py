"""The words of every picture, in the reader's language."""

from __future__ import annotations

from ui.i18n import _


def common_labels() -> dict[str, str]:
    """Name -> text. ``{name}`` is filled in by the browser."""
    return {
        "previous": _("Previous"),
        "next": _("Next"),
        "play": _("Play"),
        "pause": _("Pause"),
        "speed": _("Speed"),
        "less": _("less"),
        "more_of": _("more"),
        "new_value": _("New value"),
        "not_a_number": _("Type a number between −1000 and 1000, such as 0.5."),
    }


def quiz_labels() -> dict[str, str]:
    """The words of a picture that hides values, for the learner to find (shared/quiz.js)."""
    return {
        "quiz": _("Hide the values"),
        "unquiz": _("Show the values"),
        "solved": _("{done} of {all} found"),
        "your_value": _("Your value"),
        "check": _("Check"),
        "hint": _("Hint"),
        "give_up": _("Show it"),
        "wrong": _("Not yet: {typed} isn't it. Three significant digits are enough."),
        "wrong_sign": _("The size is right, the sign isn't."),
        "unreadable": _("Please type a number, such as 3, −0.5 or 2/3."),
    }
