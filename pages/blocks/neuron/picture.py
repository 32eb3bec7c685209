"""One neuron in five scenes; whatever is dragged answers in the browser, and where it rests is told to the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import streamlit as st

from pages.blocks.neuron.compute import FUNCTIONS, Unit, line_for, nand_circuit, two_layers_for
from pages.blocks.neuron.labels import FORMULAS, labels, names
from ui import state
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.pack import pack

BROWSER = Path(__file__).parent / "browser"

_mount = mounted(
    "stepcnn.neuron",
    html='<div class="bench-root scenes"></div>',
    css="".join(map(style, ("shared/bench.css", "shared/plot.css", "shared/scenes.css", BROWSER / "neuron.css"))),
    js=module(BROWSER / "neuron.js"),
)


def neuron(
    now: Mapping[str, Any],
    *,
    scenes: tuple[str, ...],
    edges: tuple[str, ...],
    votes: tuple[Mapping[str, Any], ...],
    texts: Mapping[str, tuple[str, str]],
    on_state: Callable[[Any], None],
    key: str,
) -> None:
    """Show the scenes.

    Args:
        now: what the link says: scene, numbers, goals; taken when the component is first shown.
        edges: names of the choices of steepness, the last one "step".
        votes: the votes that can be called up again.
        texts: (heading, sentence) of every ``scene-…`` block.
        on_state: gets the state, as the browser holds it, each time it comes to rest.
    """
    meta: dict[str, Any] = {
        "scenes": scenes,
        "state": dict(now),
        "edges": edges,
        "votes": votes,
        "texts": {name: list(text) for name, text in texts.items()},
        "labels": labels(),
        "formulas": FORMULAS,
        "functions": functions(),
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


def functions() -> list[dict[str, Any]]:
    """The sixteen functions: name, a line if there is one, three units, and a circuit of NAND gates."""
    found = []
    for bits, name in zip(FUNCTIONS, names(), strict=True):
        line, layers, circuit = line_for(bits), two_layers_for(bits), nand_circuit(bits)
        found.append(
            {
                "name": name,
                "line": line and as_data(line),
                "layers": [as_data(unit) for unit in (*layers.hidden, layers.out)],
                "circuit": {
                    "gates": [[gate.first, gate.second] for gate in circuit.gates],
                    "answer": circuit.answer,
                },
            }
        )
    return found


def as_data(unit: Unit) -> dict[str, Any]:
    """A unit as the browser has it."""
    return {"w": list(unit.weight), "b": unit.bias}
