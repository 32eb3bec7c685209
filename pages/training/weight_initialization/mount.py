"""The pictures of the weight initialization lesson: the signal's way through the layers, and the race of the starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.telling import Change, listen

BROWSER = Path(__file__).parent / "browser"

_experiments = st.components.v2.component(
    "stepcnn.initexperiments", html="<i></i>", js=module(BROWSER / "experiments.js")
)
_lab = mounted(
    "stepcnn.initlab",
    html='<div class="lab"></div>',
    css=style(BROWSER / "lab.css"),
    js=module(BROWSER / "lab.js"),
)
_race = mounted(
    "stepcnn.initrace",
    html='<div class="race"></div>',
    css=style("shared/plot.css") + style(BROWSER / "race.css"),
    js=module(BROWSER / "race.js"),
)


def lab(experiments: bytes, make: Callable[[int], bytes], on_change: Callable[[Change], None], *, key: str) -> None:
    """Mount the signal's way, or bring it up to date. `make` is told the number of the last change that was heard.

    ``experiments`` stand in an element of their own: Streamlit sends what hasn't changed as a short reference.
    """
    _experiments(key=f"script {key}.experiments", data=experiments)
    listen(_lab, make, on_change, key=key)


def race(make: Callable[[int], bytes], on_change: Callable[[Change], None], *, key: str) -> None:
    """Mount the race of the starts, or bring it up to date."""
    listen(_race, make, on_change, key=key)
