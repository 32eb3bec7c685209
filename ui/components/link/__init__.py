"""A small button that copies the page's address; where the browser won't, it shows the address to copy.

What is pressed asks all pictures on the page to tell where they stand, then the server for the link: ``asked`` is the
number of the question. The answer stays what it was until the next question, so that no run of the page sends it again.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.components.modules import module, style
from ui.components.mounting import mounted

_KEY, _ANSWER = "frame.link", "frame.link.answer"

_component = mounted(
    "stepcnn.link",
    html='<button type="button"></button><input type="text" readonly hidden />',
    css=style("link/link.css"),
    js=module("link/link.js"),
)


def copy_link(label: str, done: str, fallback: str, query: Callable[[], str]) -> None:
    """Show the button; the three texts are its label, what it says when copied, and when it couldn't be.

    ``query`` gives what stands behind the address's question mark now.
    """
    found = st.session_state.get(_KEY, {}).get("asked")
    asked = int(found) if isinstance(found, int | float) else 0
    answer: tuple[int, str] = st.session_state.get(_ANSWER, (0, ""))
    if asked != answer[0]:
        answer = st.session_state[_ANSWER] = (asked, query())
    words = {"label": label, "done": done, "fallback": fallback}
    _component(
        key=_KEY,
        data=words | {"asked": answer[0], "query": answer[1]},
        on_asked_change=lambda: None,
        width="content",
        height="content",
    )
