"""The live picture of a training run: drawn in the browser, fed with packed bytes, updated where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from ui.components.modules import module, style
from ui.components.mounting import mounted

BROWSER = Path(__file__).parent / "browser"

ACTIONS = ("look", "play", "pause", "step", "epoch", "reset", "undo", "speed", "digit", "cell", "open")

_component = mounted(
    "stepcnn.live",
    html='<div class="live"></div>',
    css=style("shared/plot.css") + style(BROWSER / "live.css"),
    js=module(BROWSER / "live.js"),
)


@dataclass(frozen=True)
class Event:
    """What the learner did: one of ACTIONS, and the speed's name or the digit's number where it has one."""

    action: str
    value: str | int = ""


def live(make: Callable[[int], bytes], on_event: Callable[[Event], None], *, key: str) -> None:
    """Mount the component, or bring it up to date.

    `make` gives the packed picture, and is told the number of the last event heard, which the browser wants to
    know; `on_event` runs before that, once for each event.
    """
    place = f"{key}.heard"

    def changed() -> None:
        heard, events = read_events(st.session_state.get(key, {}).get("events"), st.session_state.get(place, 0))
        st.session_state[place] = heard
        for event in events:
            on_event(event)

    _component(data=make(st.session_state.get(place, 0)), key=key, on_events_change=changed)


def read_events(raw: Any, heard: int) -> tuple[int, list[Event]]:
    """The last number, and the events that come after `heard`; whatever isn't an event is left out."""
    events = []
    for item in raw if isinstance(raw, list | tuple) else []:
        if not isinstance(item, Mapping) or not isinstance(item.get("id"), int | float) or item["id"] <= heard:
            continue
        heard = int(item["id"])
        value = item.get("value")
        if item.get("action") in ACTIONS:
            events.append(Event(item["action"], value if isinstance(value, str | int) else ""))
    return heard, events
