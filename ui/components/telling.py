"""A component that tells its changes one at a time, each with a number: one that was heard isn't heard again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

Change = Mapping[str, Any]


def listen(
    mount: Callable[..., Any], make: Callable[[int], bytes], on_change: Callable[[Change], None], *, key: str
) -> None:
    """Mount a component whose script is built on ``shared/telling.js``, or bring it up to date.

    ``make`` is told the number of the last change that was heard, and gives what the component draws.
    """
    place = f"{key}.heard"

    def changed() -> None:
        found = read_change(st.session_state.get(key, {}).get("change"), st.session_state.get(place, 0))
        if found is not None:
            st.session_state[place], change = found
            on_change(change)

    mount(data=make(st.session_state.get(place, 0)), key=key, on_change_change=changed)


def read_change(raw: Any, heard: int) -> tuple[int, Change] | None:
    """The number of a change and the change, if it is one and newer than what was heard; else nothing."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("id"), int | float) or raw["id"] <= heard:
        return None
    return int(raw["id"]), {str(name): value for name, value in raw.items() if name not in ("id", "since")}
