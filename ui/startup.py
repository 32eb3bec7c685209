"""What the app does once when its server starts, and the dress that every page wears."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

import streamlit as st
from threadpoolctl import threadpool_limits

from engine.data.digits import all_digits
from ui import state
from ui.components.mode import follow_mode
from ui.figures import theme

ASSETS = Path(__file__).parent.parent / "assets"
FAVICON = str(ASSETS / "images" / "favicon.svg")

# Not before the first page is on the screen: importing scikit-learn takes the interpreter for a second.
WARM_AFTER_SECONDS = 2.0

PRESENTER = f"""
html {{ font-size: {theme.PRESENTER_PIXELS}px !important; }}
[data-testid="stTopNavLink"], [data-testid="stTopNavSection"], [data-testid="stMainMenu"] {{ display: none; }}
"""


@st.cache_resource(show_spinner=False)
def once() -> threading.Timer:
    """Keep matrix products on one thread (many readers share the cores), and read the data set ahead of need."""
    threadpool_limits(limits=1, user_api="blas")
    timer = threading.Timer(WARM_AFTER_SECONDS, _warm)
    timer.daemon = True
    timer.start()
    return timer


def _warm() -> None:
    all_digits()
    # Reading them has brought scikit-learn and SciPy, and with them matrix libraries of their own.
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
