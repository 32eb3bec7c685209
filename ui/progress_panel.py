"""What the reader can do with the progress: take it along as a file, bring it back from one, clear it."""

from __future__ import annotations

import streamlit as st

from ui import limits, progress
from ui.downloads import download
from ui.errors import plain
from ui.i18n import _, _n
from ui.uploads import uploader

_KEY = "progress"
_FILE, _SAID, _ASKING = f"{_KEY}.file", f"{_KEY}.said", f"{_KEY}.asking"


def show() -> None:
    """A button that opens all of it; what is inside is made when it is opened."""
    popover = st.popover(_("Your progress"), key=_KEY, on_change="rerun", width="content")
    if not popover.open:
        return
    with popover, st.container(key="progress-panel", gap="small"):
        st.caption(_("Your progress is kept in this browser only, not on the server."))
        if progress.records():
            with st.container(horizontal=True):
                download(
                    _("Progress, Markdown"), progress.as_markdown, file_name="stepcnn-progress.md",
                    mime="text/markdown", key=f"{_KEY}.markdown",
                )  # fmt: skip
                download(
                    _("Progress, JSON"), progress.as_json, file_name="stepcnn-progress.json",
                    mime="application/json", key=f"{_KEY}.json",
                )  # fmt: skip
        _bring_back()
        if progress.records():
            _clearing()


def _bring_back() -> None:
    label = _("Bring progress back from a JSON file")
    uploader(label, ["JSON"], ["json"], limits.PROGRESS_BYTES, key=_FILE, on_change=_take)
    good, said = st.session_state.get(_SAID, (True, ""))
    if said:
        (st.success if good else st.info)(said)


def _take() -> None:
    """A file was chosen, or taken away again."""
    file = st.session_state.get(_FILE)
    if file is None:
        st.session_state[_SAID] = (True, "")
        return
    try:
        count = progress.take_over(file.getvalue())
    except progress.ProgressError as error:
        st.session_state[_SAID] = (False, plain(str(error)))
    else:
        st.session_state[_SAID] = (
            True,
            _n("Taken over: {count} exercise.", "Taken over: {count} exercises.", count).format(count=count),
        )


def _clearing() -> None:
    """The way to forget everything, in two steps."""
    if not st.session_state.get(_ASKING):
        st.button(_("Clear progress"), key=f"{_KEY}.clear", on_click=_ask, args=(True,))
        return
    st.warning(_("Clear all progress, here and in this browser? Only a file that you have taken along brings it back."))
    with st.container(horizontal=True):
        st.button(_("Yes, clear it"), key=f"{_KEY}.sure", on_click=_clear, type="primary")
        st.button(_("Keep it"), key=f"{_KEY}.keep", on_click=_ask, args=(False,))


def _ask(asking: bool) -> None:
    st.session_state[_ASKING] = asking


def _clear() -> None:
    _ask(False)
    st.session_state[_SAID] = (True, "")
    progress.clear()
