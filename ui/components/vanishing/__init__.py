"""Gradients on their way back through deep networks: plots, ellipses and products, drawn and moved in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ui.components.initlab import read_change
from ui.components.modules import module, style
from ui.components.mounting import mounted

_mount = mounted(
    "stepcnn.vanishing",
    html='<div class="bench-root vanishing"></div>',
    css=style("shared/bench.css") + style("shared/plot.css") + style("vanishing/vanishing.css"),
    js=module("vanishing/vanishing.js"),
)


def vanishing(make: Callable[[int], bytes], on_change: Callable[[Mapping[str, Any]], None], *, key: str) -> None:
    """Mount the picture, or bring it up to date. `make` is told the number of the last change that was heard."""
    place = f"{key}.heard"

    def changed() -> None:
        found = read_change(st.session_state.get(key, {}).get("change"), st.session_state.get(place, 0))
        if found is not None:
            st.session_state[place], change = found
            on_change(change)

    _mount(data=make(st.session_state.get(place, 0)), key=key, on_change_change=changed)
