"""The pictures of the weight initialization lesson: the signal's way through the layers, and the race of the starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ui.components.modules import module, style
from ui.components.mounting import mounted

Change = Mapping[str, Any]

_lab = mounted(
    "stepcnn.initlab",
    html='<div class="lab"></div>',
    css=style("initlab/lab.css"),
    js=module("initlab/lab.js"),
)
_race = mounted(
    "stepcnn.initrace",
    html='<div class="race"></div>',
    css=style("shared/plot.css") + style("initlab/race.css"),
    js=module("initlab/race.js"),
)


def lab(make: Callable[[int], bytes], on_change: Callable[[Change], None], *, key: str) -> None:
    """Mount the signal's way, or bring it up to date. `make` is told the number of the last change that was heard."""
    _mounted(_lab, make, on_change, key)


def race(make: Callable[[int], bytes], on_change: Callable[[Change], None], *, key: str) -> None:
    """Mount the race of the starts, or bring it up to date."""
    _mounted(_race, make, on_change, key)


def _mounted(component: Any, make: Callable[[int], bytes], on_change: Callable[[Change], None], key: str) -> None:
    place = f"{key}.heard"

    def changed() -> None:
        found = read_change(st.session_state.get(key, {}).get("change"), st.session_state.get(place, 0))
        if found is not None:
            st.session_state[place], change = found
            on_change(change)

    component(data=make(st.session_state.get(place, 0)), key=key, on_change_change=changed)


def read_change(raw: Any, heard: int) -> tuple[int, Change] | None:
    """The number of a change and the change, if it is one and newer than what was heard; else nothing."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("id"), int | float) or raw["id"] <= heard:
        return None
    return int(raw["id"]), {str(name): value for name, value in raw.items() if name != "id"}
