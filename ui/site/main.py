"""What runs for every reader: page settings and navigation, built from the catalogue of lessons."""

from __future__ import annotations

import streamlit as st

from ui import catalogue, errors, limits, progress, returning, startup, state
from ui.components.tab import follow_tab
from ui.i18n import _, language

with limits.SCRIPTS.taken("page"):
    st.set_page_config(page_icon=startup.FAVICON, layout="wide")
    state.restore_frame()
    startup.dress()

    to = language()
    home = st.Page(catalogue.HOME, title=_("Course map"), default=True)
    sections = {"": [home]}
    for part in catalogue.PARTS:
        for lesson in catalogue.lessons_of(part.key):
            page = st.Page(lesson.path, title=lesson.title[to], url_path=lesson.key)
            sections.setdefault(f"{part.letter} · {part.title[to]}", []).append(page)

    page = st.navigation(sections, position="hidden" if st.context.is_embedded else "top")
    # What a tab, a bookmark and a screen reader call the page.
    st.set_page_config(page_title=f"{page.title} · StepCNN")
    # What the browser tells at once would be taken for the course map's, if it came before the page is known.
    progress.keep_in_browser()
    returning.come_back()
    with errors.caught():
        page.run()
    follow_tab()
