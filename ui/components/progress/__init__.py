"""Keeps the reader's progress in the reader's own browser, and gives it back to a session that doesn't know it yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from ui.components.modules import module

KEY = "frame.progress"

_component = st.components.v2.component("stepcnn.progress", html="<i></i>", js=module("progress/progress.js"))


def keep_progress(
    records: Sequence[Mapping[str, Any]],
    *,
    session: str,
    cleared: int,
    heard: int,
    on_emptied: Callable[[], None],
) -> object:
    """Mount it; it takes no room, and asks for a run of the page only if the browser has something to tell.

    Args:
        records: what the session knows.
        session: a name of the session's own.
        cleared: how often the reader has cleared the progress in this session.
        heard: how often the browser has told this session something.
        on_emptied: hears that another tab of this browser has cleared the progress.

    Returns:
        What the browser tells, which may be anything; None when it tells nothing. (A callback would sometimes be
        called without it: when the browser tells while the page's first run isn't over yet.)
    """
    with st.container(key="frame-progress"):
        mounted = _component(
            key=KEY,
            data={"records": list(records), "session": session, "cleared": cleared, "heard": heard},
            on_stored_change=lambda: None,
            on_emptied_change=on_emptied,
        )
    return mounted.get("stored")
