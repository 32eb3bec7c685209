"""What stands in the row above a picture: ``frame.picture(…, row=[choice("view", views), examples(EXAMPLES)])``;
or settings with their names over them: ``frame.picture(…, above=[settings(widgets)])``.

Each part is drawn unless the link hides it by name (``hide=view,examples``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ui import state, trained
from ui.controls import Value
from ui.figures import theme
from ui.i18n import _, _n, blocks, language
from ui.picture_input import picture_input

if TYPE_CHECKING:
    from engine.network import Network
    from ui.lesson import Frame
    from ui.sources import OwnPicture

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


def weights(there: Callable[[], bool] = lambda: True) -> Part:
    """Whose weights the digit network has: the control ``weights``, if the learner has trained one in this visit.

    ``there`` says whether the digit network is shown at all.
    """

    def whose() -> Mapping[str, str]:
        mine = trained.handed_over() if there() else None
        if mine is None:
            return {}
        step, accuracy = mine[1].step, mine[1].accuracy
        yours = _n("Yours, after {step} step ({accuracy:.1%})", "Yours, after {step} steps ({accuracy:.1%})", step)
        return {"pretrained": _("Pretrained"), "mine": yours.format(step=step, accuracy=accuracy)}

    return choice("weights", whose, label=lambda: _("Weights"))


def examples(made: Mapping[str, Mapping[str, Value]], *, keep: Collection[str] = ()) -> Part:
    """The worked examples, behind one button; the block ``example-<name>`` heads each.

    Args:
        made: the controls' values by the example's name; every control that one doesn't name goes back to its default.
        keep: controls that stay as they are.
    """

    def draw(frame: Frame) -> None:
        if not frame.shows("examples"):
            return
        key = frame.lesson.key
        # The list is made when it is opened: it would cost the browser as much as the picture itself.
        popover = st.popover(_("Worked examples"), key=f"{key}.examples", on_change="rerun", width="content")
        if not popover.open:
            return
        usual = {control.name: control.default for control in frame.controls if control.name not in keep}
        headings = blocks(key, language())
        with popover, st.container(key="examples", gap="small"):
            for name, values in made.items():
                st.button(
                    headings[f"example-{name}"].heading, key=f"{key}.example.{name}", on_click=state.take,
                    args=(usual | dict(values),), width="stretch",
                )  # fmt: skip

    return draw


def digit(network: Callable[[], Network] | None = None, *, when: Callable[[], bool] = lambda: True) -> Part:
    """The digit that is looked at, and a button to choose or draw another, where the lesson shows one now.

    ``network`` is the one whose mistakes the contact sheet marks.
    """

    def draw(_frame: Frame) -> None:
        if when():
            picture_input(network() if network else None)

    return draw


def upload(own: OwnPicture, label: Callable[[], str]) -> Part:
    """A button behind which a picture can be handed in."""

    def draw(frame: Frame) -> None:
        if not frame.shows("upload"):
            return
        popover = st.popover(label(), key=f"{frame.lesson.key}.upload", on_change="rerun", width="content")
        if popover.open:
            with popover:
                own.upload()

    return draw


def settings(draw: Callable[[], None]) -> Part:
    """A row of Streamlit's own widgets, each with its name over it."""

    def inside(_frame: Frame) -> None:
        with st.container(key="recipe", horizontal=True, vertical_alignment="bottom", gap="small"):
            draw()

    return inside


def select(
    name: str,
    label: str,
    options: Sequence[str],
    rem: float,
    words: Mapping[str, str] | None = None,
    *,
    disabled: bool = False,
    help: str | None = None,
    on_change: Callable[[], None] | None = None,
) -> None:
    """A ``Choice`` as a list of that width, for ``settings``; ``words`` for those options that aren't their own."""
    if not state.hidden(name):
        st.selectbox(
            label, options, key=state.key(name), width=pixels(rem), disabled=disabled, help=help, on_change=on_change,
            format_func=lambda option: (words or {}).get(option, option),
        )  # fmt: skip


def count(
    name: str, label: str, low: int, high: int, rem: float, *, on_change: Callable[[], None] | None = None
) -> None:
    """A whole ``Number`` that is counted up and down, for ``settings``."""
    if not state.hidden(name):
        st.number_input(label, low, high, key=state.key(name), width=pixels(rem), step=1, on_change=on_change)


def pixels(rem: float) -> int:
    """Streamlit takes widths in pixels; type is larger in the lecture view."""
    return round(rem * (theme.PRESENTER_PIXELS if state.get("present") else theme.ROOT_PIXELS))
