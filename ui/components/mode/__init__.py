"""Tells the server when the reader switches between light and dark, which Streamlit alone doesn't.

Pages and components follow by themselves; pictures that the server drew (the logo, figures) need a new run.
"""

from __future__ import annotations

import streamlit as st

from ui.components.modules import module

_component = st.components.v2.component("stepcnn.mode", html="<i></i>", js=module("mode/mode.js"))


def follow_mode() -> None:
    """Run the page again whenever the reader switches; it takes no room."""
    with st.container(key="frame-mode"):
        _component(key="frame.mode", on_switched_change=lambda: None)
