"""The top of a page: one compact row with title, goal, and small buttons for language, lecture view and link."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import catalogue, errors, state
from ui.components.link import copy_link
from ui.i18n import NAMES, _, language, set_language
from ui.prose import Language


def way(to: str, label: str, *, help: str | None = None, **query: str) -> None:
    """A link to a page in the reader's language and view, in another tab too; its address is written only once."""
    st.page_link(to, label=label, help=help, query_params=state.query(*state.FRAME_NAMES) | query)


def lesson_header(entry: catalogue.Lesson) -> DeltaGenerator:
    """Title, one-sentence goal and prerequisites at the left, the buttons at the right; gives the place of the link."""
    to = language()
    with st.container(key="frame-bar", horizontal=True, vertical_alignment="center"):
        with st.container(key="frame-title", horizontal=True, vertical_alignment="center", gap="small"):
            st.html(
                f'<div class="sc-title"><h1>{escape(entry.title[to])}</h1><p>{escape(entry.goal[to])}</p></div>',
                width="content",
            )
            if entry.prerequisites and not state.get("present") and not st.context.is_embedded:
                st.html(f'<span class="sc-before">{escape(_("Builds on"))}</span>', width="content")
                for key in entry.prerequisites:
                    before = catalogue.lesson(key)
                    way(str(before.path), before.title[to])
        return buttons()


def buttons() -> DeltaGenerator:
    """Language, lecture view, and a place for ``link``."""
    other: Language = "en" if language() == "zh" else "zh"
    with st.container(
        key="frame-buttons", horizontal=True, horizontal_alignment="right", vertical_alignment="center",
        width="content", gap="small",
    ):  # fmt: skip
        st.button(NAMES[other], key="frame.language", on_click=set_language, args=(other,))
        presenting = state.get("present")
        st.button(
            _("Leave lecture view") if presenting else _("Lecture view"),
            key="frame.presenter",
            on_click=state.set,
            args=("present", not presenting),
            help=None if presenting else _("Large type for a lecture hall"),
        )
        return st.container(width="content")


@errors.fragment
def link() -> None:
    """The button that copies the link: at the page's end, when all that belongs into it is settled."""
    state.sync()
    copy_link(_("Copy link"), _("Link copied"), _("Copy this link:"), lambda: urlencode(state.query()))
