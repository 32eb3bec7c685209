"""The activations' picture: curves, crowds, chains, zig-zags and dying units, drawn and moved in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from ui.components.modules import module, style
from ui.components.mounting import mounted

BROWSER = Path(__file__).parent / "browser"

_mount = mounted(
    "stepcnn.activations",
    html='<div class="bench-root act"></div>',
    css=style("shared/bench.css") + style("shared/plot.css") + style(BROWSER / "activations.css"),
    js=module(BROWSER / "activations.js"),
)


def activations(make: Callable[[], bytes], on_change: Callable[[Mapping[str, Any]], None], *, key: str) -> None:
    """Mount the picture that `make` packs, or bring it up to date.

    What the learner moves stays in the browser; where it comes to rest is told to `on_change`, as all controls by
    name, before the picture is made.
    """

    def changed() -> None:
        told = st.session_state.get(key, {}).get("controls")
        if isinstance(told, Mapping):
            on_change(told)

    _mount(data=make(), key=key, on_controls_change=changed)
