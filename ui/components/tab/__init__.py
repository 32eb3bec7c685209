"""What the reader's tab keeps and tells, on every page: its colour scheme, its addresses, and whose visit it is; the
language that it is read in; and the words that every component says.

Pages and components follow a switch between light and dark by themselves; pictures that the server drew (the logo,
figures) need a new run. The addresses that the app writes become places for Back by address.js. After a reload,
visit.js tells the token of the visit before this one, so that it can be taken up.
"""

from __future__ import annotations

import streamlit as st

from ui import visit
from ui.components.modules import module
from ui.components.tab.words import page_words
from ui.i18n import language
from ui.prose import Language

TAGS: dict[Language, str] = {"en": "en", "zh": "zh-Hans"}
"""What browsers and screen readers call the languages."""

_KEY, _ANSWERED = "frame.tab", "frame.tab.answered"
_TOKEN_CHARACTERS = 64

_component = st.components.v2.component("stepcnn.tab", html="<i></i>", js=module("tab/tab.js"))


def follow_tab() -> None:
    """Run the page again whenever the reader switches the scheme, or comes back from a reload; takes no room.

    Call it at the end of a run: only a tab whose visit holds something has anything to tell after a reload.
    """
    with st.container(key="frame-tab"):
        _component(
            key=_KEY,
            data={
                "token": visit.visit().token,
                "holds": bool(visit.visit().things),
                "answered": st.session_state.get(_ANSWERED, ""),
                "words": page_words(),
                "language": TAGS[language()],
            },
            on_switched_change=lambda: None,
            on_returned_change=_returned,
        )


def _returned() -> None:
    token = st.session_state.get(_KEY, {}).get("returned")
    if not isinstance(token, str) or not 0 < len(token) <= _TOKEN_CHARACTERS:
        return
    # Just after a reload the old connection may still be there: the tab asks again.
    if visit.take_up(token) != "open":
        st.session_state[_ANSWERED] = token
