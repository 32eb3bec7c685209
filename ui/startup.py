"""What the app does once when its server starts, and the dress that every page wears."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

import streamlit as st
from threadpoolctl import threadpool_limits

from ui import state
from ui.components.mode import follow_mode
from ui.figures import theme

ASSETS = Path(__file__).parent.parent / "assets"
FAVICON = str(ASSETS / "images" / "favicon.svg")

PRESENTER = f"""
html {{ font-size: {theme.PRESENTER_PIXELS}px !important; }}
[data-testid="stTopNavLink"], [data-testid="stTopNavSection"], [data-testid="stMainMenu"] {{ display: none; }}
"""


@st.cache_resource(show_spinner=False)
def once() -> threading.Thread:
    """Keep matrix products on one thread (many readers share the cores), and import what is slow ahead of need."""
    threadpool_limits(limits=1, user_api="blas")
    thread = threading.Thread(target=_warm, name="warm", daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    import sklearn.datasets  # noqa: F401

    threadpool_limits(limits=1, user_api="blas")


def mode() -> theme.Mode:
    """Light or dark, as the reader has it."""
    return "dark" if st.context.theme.type == "dark" else "light"


def dress() -> None:
    """Logo, style sheets and type size: the same on every page."""
    st.logo(str(ASSETS / "images" / f"logo-{mode()}.svg"), size="medium")
    # Menus and popovers hang outside the element that carries Streamlit's own colour scheme.
    scheme = f":root {{ color-scheme: {mode()}; }}"
    follow_mode()
    st.html(f"<style>{_sheets()}{scheme}{PRESENTER if state.get('present') else ''}</style>")


@cache
def _sheets() -> str:
    sheets = [path.read_text(encoding="utf-8") for path in sorted((ASSETS / "style").glob("*.css"))]
    return "\n".join([f":root {{ {theme.css_variables()} }}", *sheets])
