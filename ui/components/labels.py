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
