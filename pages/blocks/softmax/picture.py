"""Scores and what becomes of them, in five scenes; whatever is dragged answers in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import streamlit as st

from pages.blocks.softmax.labels import FORMULAS, labels
from ui import state
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.pack import pack

BROWSER = Path(__file__).parent / "browser"

_mount = mounted(
    "stepcnn.scores",
    html='<div class="bench-root scenes"></div>',
    css="".join(map(style, ("shared/bench.css", "shared/plot.css", "shared/scenes.css", BROWSER / "scores.css"))),
    js=module(BROWSER / "scores.js"),
)


def scores(
    now: Mapping[str, Any],
    *,
    scenes: tuple[str, ...],
    examples: Mapping[str, Sequence[Any]],
    texts: Mapping[str, tuple[str, str]],
    on_state: Callable[[Any], None],
    key: str,
) -> None:
    """Show the scenes.

    Args:
        now: what the link says: scene, scores, truths, temperature; taken when the component is first shown.
        examples: what can be called up: "scores", "temperatures", "margins", "large".
        texts: (heading, sentence) of every ``scene-…`` block.
        on_state: gets the state, as the browser holds it, each time it comes to rest.
    """
    meta: dict[str, Any] = {
        **examples,
        "scenes": scenes,
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
