"""The worked examples of a lesson, behind one button: each opens the picture with settings of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from ui.i18n import _, blocks, language


def worked_examples(key: str, names: Iterable[str], show: Callable[[str], None]) -> None:
    """A button that opens a list of buttons, headed as the blocks ``example-<name>`` are; ``show`` hears the name.

    The list is made when it is opened: with every answer of the picture it would cost the browser as much as the
    picture itself.
    """
    popover = st.popover(_("Worked examples"), key=f"{key}.examples", on_change="rerun", width="content")
    if not popover.open:
        return
    headings = blocks(key, language())
    with popover, st.container(key="examples", gap="small"):
        for name in names:
            st.button(
                headings[f"example-{name}"].heading, key=f"{key}.example.{name}", on_click=show, args=(name,),
                width="stretch",
            )  # fmt: skip
