"""What the app does once when its server starts, and the dress that every page wears."""

from __future__ import annotations

import gc
import threading
from functools import cache
from importlib import import_module
from pathlib import Path

import streamlit as st
from threadpoolctl import threadpool_limits

from engine.data.digits import all_digits
from ui import state
from ui.downloads import failure_style
from ui.figures import theme
from ui.prose import LANGUAGES
from ui.translations import labels

ROOT = Path(__file__).parent.parent
ASSETS = ROOT / "assets"
FAVICON = str(ASSETS / "images" / "favicon.svg")

# Not before the first page is on the screen: importing scikit-learn takes the interpreter for a second.
WARM_AFTER_SECONDS = 2.0
# And what one lesson only needs, not before its readers have looked at the first page: it takes a core for 1.5 seconds.
LESSONS_AFTER_SECONDS = 6.0

# New objects between two searches for garbage. A page makes some ten thousand: with Python's usual 700 there would be a
# search for every few of its elements, which is a tenth of what opening a lesson costs.
GARBAGE = 10_000
# Seconds after which what is there stays there: no later search for garbage need walk through all the libraries again.
SETTLED = 10.0

# It stands before the page's own sheets, so it says more of what it means: html:root, not html.
PRESENTER = f"""
html:root {{
  font-size: {theme.PRESENTER_PIXELS}px !important;
  --fine: {theme.PRESENTER_FINEST_PIXELS}px; --small: {theme.PRESENTER_FINEST_PIXELS}px;
}}
/* A small projector has room for one size only. */
@media (max-width: 1360px), (max-height: 780px) {{
  html:root {{ font-size: {theme.PRESENTER_FINEST_PIXELS}px !important; }}
}}
[data-testid="stHeader"] {{ display: none; }}
[data-testid="stMain"] [data-testid="stMainBlockContainer"] {{ padding-top: 0.8rem; }}
.st-key-frame-buttons {{ position: static !important; }}
:is([data-testid="stMain"], [data-testid="stPopoverBody"])
  :is([data-testid="stMarkdownContainer"], [data-testid="stCaptionContainer"]) :is(p, li) {{
  font-size: max(1em, var(--fine));
}}
"""


@st.cache_resource(show_spinner=False)
def once() -> None:
    """Keep matrix products on one thread (many readers share the cores), and make ahead of need what takes long."""
    threadpool_limits(limits=1, user_api="blas")
    gc.set_threshold(GARBAGE)
    for language in LANGUAGES:
        labels(language)
    for seconds, make in ((WARM_AFTER_SECONDS, _warm), (LESSONS_AFTER_SECONDS, _warm_lessons), (SETTLED, gc.freeze)):
        timer = threading.Timer(seconds, make)
        timer.daemon = True
        timer.start()


def _warm() -> None:
    """Read the data set."""
    all_digits()
    # Reading them has brought scikit-learn and SciPy, and with them matrix libraries of their own.
    threadpool_limits(limits=1, user_api="blas")


def _warm_lessons() -> None:
    """Make what lessons open on: a room may have an ``ahead.py`` with ``prepare()``."""
    for path in sorted(ROOT.glob("pages/*/*/ahead.py")):
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)).prepare()


def mode() -> theme.Mode:
    """Light or dark, as the reader has it."""
    return "dark" if st.context.theme.type == "dark" else "light"


def dress() -> None:
    """The logo, and what of the style depends on the reader; all sheets come with the page itself (ui/dressed.py)."""
    st.logo(str(ASSETS / "images" / f"logo-{mode()}.svg"), size="medium")
    # Menus and popovers hang outside the element that carries Streamlit's own colour scheme.
    scheme = f":root {{ color-scheme: {mode()}; }}"
    st.html(f"<style>{scheme}{failure_style()}{PRESENTER if state.get('present') else ''}</style>")


@cache
def sheets() -> str:
    """The frame's sheets, then those of the lessons' pages."""
    files = [*sorted(ASSETS.glob("style/*.css")), *sorted(ROOT.glob("pages/*/*/page.css"))]
    sheets = [path.read_text(encoding="utf-8") for path in files]
    return "\n".join([f":root {{ {theme.css_variables()} }}", *sheets])
