"""A formula as a graph; stepping, pointing and dragging stay in the browser, another formula asks the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import streamlit as st

from engine.autograd.expression import OPERATIONS, Planned
from pages.backprop.graph.figure import Layout
from pages.backprop.graph.labels import labels
from ui import state
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.pack import pack

BROWSER = Path(__file__).parent / "browser"

_mount = mounted(
    "stepcnn.graph",
    html='<div class="bench-root graph-root"></div>',
    css=style("shared/bench.css") + style(BROWSER / "graph.css"),
    js=module(BROWSER / "graph.js"),
)


def graph(
    now: Mapping[str, Any],
    nodes: Sequence[Planned],
    layouts: Mapping[str, Layout],
    *,
    heard: float,
    refused: Mapping[str, Any] | None,
    presets: Sequence[Mapping[str, Any]],
    texts: Mapping[str, tuple[str, str]],
    troubles: Mapping[str, str],
    on_state: Callable[[Any], None],
    key: str,
) -> None:
    """Draw a formula.

    Args:
        now: formula, values and step; values and step are taken when the formula is first shown.
        nodes: the formula's nodes; ``layouts`` where they stand, "across" and "down".
        heard: when the browser told what was heard last.
        refused: the text that can't be read, with reason and position, where there is one.
        presets: formulas that can be called up: name, formula, values.
        texts: (heading, sentence) of every ``scene-…`` block.
        troubles: why a number can't be computed, by the names of twin.js.
        on_state: gets formula, values and step each time they come to rest.
    """
    meta: dict[str, Any] = {
        "now": dict(now),
        "nodes": [vars(node) for node in nodes],
        "layouts": {name: as_data(layout) for name, layout in layouts.items()},
        "refused": refused and dict(refused),
        "presets": [dict(preset) for preset in presets],
        "operations": {name: list(operation.derivatives) for name, operation in OPERATIONS.items()},
        "texts": {name: list(text) for name, text in texts.items()},
        "troubles": dict(troubles),
        "labels": labels(),
        "present": bool(state.get("present")),
        "asked": state.taken(),
    }
    # Numbers and step live in the browser: that they were told is no reason to draw anew.
    told = {**meta, "now": now["formula"]}
    meta["heard"] = heard
    meta["version"] = blake2b(repr(told).encode(), digest_size=8).hexdigest()
    _mount(
        key=key,
        data=pack(meta, {}),
        on_state_change=lambda: on_state(st.session_state.get(key, {}).get("state")),
    )


def as_data(layout: Layout) -> dict[str, Any]:
    """A layout as the browser reads it: wires as [node, slot, point, …], labels by "node.slot"."""
    return {
        "width": layout.width,
        "height": layout.height,
        "nodes": layout.nodes,
        "labels": {f"{node}.{slot}": at for (node, slot), at in layout.labels.items()},
        "wires": [[node, slot, *points] for (node, slot), points in layout.wires.items()],
    }
