"""A small network and the sheet of its elementary steps; stepping, pointing and guessing stay in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import streamlit as st

from engine.types import Array
from pages.backprop.by_hand.compute import HEADS, HIDDEN, Sheet
from pages.backprop.by_hand.labels import labels
from pages.backprop.by_hand.words import SIGNS, facts, markup, spoken, text_of
from ui import state
from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.pack import pack

BROWSER = Path(__file__).parent / "browser"

_mount = mounted(
    "stepcnn.byhand",
    html='<div class="bench-root byhand"></div>',
    css=style("shared/bench.css") + style("shared/plot.css") + style(BROWSER / "byhand.css"),
    js=module(BROWSER / "byhand.js"),
)


def byhand(make: Callable[[], bytes], on_event: Callable[[Mapping[str, Any]], None], *, key: str) -> None:
    """Mount the picture that ``make`` packs, or bring it up to date; ``on_event`` hears what the learner did first."""

    def heard() -> None:
        told = st.session_state.get(key, {}).get("event")
        if isinstance(told, Mapping):
            on_event(told)

    _mount(data=make(), key=key, on_event_change=heard)


def picture(
    sheet: Sheet,
    curve: tuple[Array, Array],
    *,
    n: int,
    levels: tuple[int, ...],
    sizes: tuple[str, ...],
    controls: Mapping[str, Any],
    texts: Mapping[str, tuple[str, str]],
    notice: str,
) -> bytes:
    """All of it as one block of bytes.

    Args:
        curve: steps and errors of the run so far.
        n: the step that the sheet stands at.
        levels: how far a click may run.
        sizes: networks that can be called up, as "2-2-2".
        controls: the controls by name, as they stand.
        texts: heading and sentence of every ``step-…`` block.
        notice: what couldn't be done, or nothing.
    """
    meta: dict[str, Any] = {
        "symbols": {
            name: {
                "markup": markup(symbol, sheet.symbols),
                "spoken": spoken(symbol, sheet.symbols),
                "value": symbol.value,
            }
            for name, symbol in sheet.symbols.items()
        },
        "lines": [
            {
                "result": line.result,
                "tokens": line.tokens,
                "phase": line.phase,
                "unit": line.unit,
                "text": text_of(line, sheet),
                "facts": facts(line, sheet),
            }
            for line in sheet.lines
        ],
        "units": sheet.units,
        "weights": sheet.weights,
        "biases": sheet.biases,
        "first": f"dE_{sheet.weights[-1][0][0]}",
        "signs": SIGNS,
        "n": n,
        "levels": levels,
        "choices": {"sizes": sizes, "hidden": list(HIDDEN), "head": HEADS},
        "controls": dict(controls),
        "texts": {name: list(text) for name, text in texts.items()},
        "labels": labels(),
        "notice": notice,
        "present": bool(state.get("present")),
        "asked": state.taken(),
    }
    steps, errors = curve
    # Where one stands, and what has been found, is known in the browser already: it isn't news.
    places = ("at", "view", "quiz", "done")
    told = {**meta, "controls": {name: value for name, value in controls.items() if name not in places}}
    meta["version"] = blake2b(repr((told, len(steps), float(errors[-1]))).encode(), digest_size=8).hexdigest()
    return pack(meta, {"steps": steps, "errors": errors})
