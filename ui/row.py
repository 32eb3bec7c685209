"""What stands in the row above a picture: ``frame.picture(…, row=[choice("view", views), examples(EXAMPLES, show)])``.

Each part is drawn unless the link hides it by name (``hide=view,examples``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from ui import state
from ui.examples import worked_examples
from ui.i18n import _

if TYPE_CHECKING:
    from ui.lesson import Frame

Part = Callable[["Frame"], None]


def _view() -> str:
    return _("View")


def choice(
    name: str,
    words: Callable[[], Mapping[str, str]],
    *,
    label: Callable[[], str] = _view,
    on_change: Callable[[], None] | None = None,
) -> Part:
    """The control ``name`` as a row of buttons, one of which is pressed.

    Args:
        name: of a ``Choice`` of the lesson.
        words: the options that there are now, and their words; none for a row that isn't there.
        label: what is chosen, for a screen reader.
        on_change: is called before the page runs again.
    """

    def draw(frame: Frame) -> None:
        options = words() if frame.shows(name) else {}
        if options:
            st.segmented_control(
                label(), list(options), format_func=lambda option: options[option], required=True,
                key=state.key(name), on_change=on_change, label_visibility="collapsed", width="content",
            )  # fmt: skip

    return draw


def examples(names: Iterable[str], show: Callable[[str], None]) -> Part:
    """The worked examples, behind one button; ``show`` hears the chosen one's name."""

    def draw(frame: Frame) -> None:
        if frame.shows("examples"):
            worked_examples(frame.lesson.key, names, show)

    return draw
