"""One sigmoid unit taught by two costs; what is dragged answers in the browser, and where it rests is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import streamlit as st

from pages.backprop.cross_entropy_quadratic.labels import FORMULAS, labels
from ui import state
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.pack import pack

BROWSER = Path(__file__).parent / "browser"

_mount = mounted(
    "stepcnn.costs",
    html='<div class="bench-root costs"></div>',
    css=style("shared/bench.css") + style("shared/plot.css") + style(BROWSER / "costs.css"),
    js=module(BROWSER / "costs.js"),
)


def costs(
    now: Mapping[str, Any],
    *,
    choices: Mapping[str, Any],
    texts: Mapping[str, tuple[str, str]],
    on_state: Callable[[Any], None],
    key: str,
) -> None:
    """Show the two ways of learning.

    Args:
        now: the controls by name; taken when the component is first shown.
        choices: "epochs" and "show" names, "starts" as (w, b) pairs, "reach" of the plane, "ranges" of numbers.
        texts: (heading, sentence) of every ``say-…`` block.
        on_state: gets the state, as the browser holds it, each time it comes to rest.
    """
    meta: dict[str, Any] = {
        **choices,
        "state": dict(now),
        "texts": {name: list(text) for name, text in texts.items()},
        "labels": labels(),
        "formulas": FORMULAS,
        "present": bool(state.get("present")),
        "asked": state.taken(),
    }
    told = {name: value for name, value in meta.items() if name != "state"}
    meta["version"] = blake2b(repr(told).encode(), digest_size=8).hexdigest()
    _mount(
        key=key,
        data=pack(meta, {}),
        on_state_change=lambda: on_state(st.session_state.get(key, {}).get("state")),
    )
