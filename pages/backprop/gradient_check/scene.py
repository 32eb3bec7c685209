"""A gradient check to look at: dragging and pointing stay in the browser, another subject or case asks the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import streamlit as st

from engine.types import Array
from pages.backprop.gradient_check.labels import FORMULAS, labels
from ui import state
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.pack import pack

BROWSER = Path(__file__).parent / "browser"

_mount = mounted(
    "stepcnn.gradientcheck",
    html='<div class="bench-root gradientcheck"></div>',
    css=style("shared/bench.css") + style("shared/plot.css") + style(BROWSER / "gradientcheck.css"),
    js=module(BROWSER / "gradientcheck.js"),
)


def gradient_check(
    view: str,
    now: Mapping[str, Any],
    meta: Mapping[str, Any],
    arrays: Mapping[str, Array],
    *,
    texts: Mapping[str, tuple[str, str]],
    on_state: Callable[[Any], None],
    on_accuse: Callable[[Any], None],
    key: str,
) -> None:
    """Show one of the three boards.

    Args:
        view: "h" (the error against h), "kink" or "fault".
        now: the controls by name; what the browser itself changes of them is taken when the board is first shown.
        meta: what the board shows besides arrays, see ``pages.backprop.gradient_check.picture``.
        texts: (heading, sentence) of the blocks that the board may say.
        on_state: gets the controls each time they come to rest, or when the engine must answer.
        on_accuse: gets {"case", "layer", "line"} when a line is clicked.
    """
    told: dict[str, Any] = {
        "view": view,
        **meta,
        "texts": {name: list(text) for name, text in texts.items()},
        "labels": labels(),
        "formulas": FORMULAS,
        "present": bool(state.get("present")),
        "asked": state.taken(),
    }
    digest = blake2b(repr(told).encode(), digest_size=8)
    for array in arrays.values():
        digest.update(array.tobytes())
    _mount(
        key=f"{key}.{view}",
        data=pack({**told, "state": dict(now), "version": digest.hexdigest()}, arrays),
        on_state_change=lambda: on_state(st.session_state.get(f"{key}.{view}", {}).get("state")),
        on_accuse_change=lambda: on_accuse(st.session_state.get(f"{key}.{view}", {}).get("accuse")),
    )
