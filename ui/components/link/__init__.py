"""A small button that copies the page's address; where the browser won't, it shows the address to copy."""

from __future__ import annotations

import streamlit as st

from ui.components.modules import module, style

_component = st.components.v2.component(
    "stepcnn.link",
    html='<button type="button"></button><input type="text" readonly hidden />',
    css=style("link/link.css"),
    js=module("link/link.js"),
)


def copy_link(label: str, done: str, fallback: str) -> None:
    """Show the button; the three texts are its label, what it says when copied, and when it couldn't be."""
    _component(
        key="frame.link", data={"label": label, "done": done, "fallback": fallback}, width="content", height="content"
    )
