"""Two browser-side components to choose a digit with: a contact sheet of the data set, and paper to draw on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ui.components.modules import module, style
from ui.components.mounting import mounted

_sheet = mounted(
    "stepcnn.picture_sheet",
    html="""
    <div class="sheet">
      <div class="chips" role="group"></div>
      <div class="window"><canvas tabindex="0" role="application"></canvas></div>
      <p class="caption" aria-live="polite"></p>
    </div>""",
    css=style("picture/sheet.css"),
    js=module("picture/sheet.js"),
)

_canvas = mounted(
    "stepcnn.picture_canvas",
    html="""
    <div class="draw">
      <figure>
        <figcaption data-word="draw"></figcaption>
        <canvas class="paper" tabindex="0" role="application"></canvas>
      </figure>
      <figure>
        <figcaption data-word="seen"></figcaption>
        <canvas class="seen" role="img"></canvas>
        <div class="tools">
          <button type="button" data-act="pen" data-word="pen"></button>
          <button type="button" data-act="rubber" data-word="rubber"></button>
          <button type="button" data-act="undo" data-word="undo"></button>
          <button type="button" data-act="clear" data-word="clear"></button>
          <button type="button" data-act="stretch" data-word="stretch"></button>
        </div>
      </figure>
      <p class="keys" data-word="keys"></p>
    </div>""",
    css=style("picture/canvas.css"),
    js=module("picture/canvas.js"),
)


def sheet(data: bytes, on_digit: Callable[[Any], None], *, key: str) -> None:
    """Show the contact sheet; ``on_digit`` gets the index of the digit that was chosen, as the browser sent it."""
    _sheet(key=key, data=data, on_digit_change=lambda: on_digit(_sent(key, "digit")))


def canvas(drawn: str, words: Mapping[str, str], on_drawn: Callable[[Any], None], *, key: str) -> None:
    """Show the paper with a drawing on it; ``on_drawn`` gets its 64 characters after each stroke, "" for bare paper."""
    _canvas(key=key, data={"drawn": drawn, "words": dict(words)}, on_drawn_change=lambda: on_drawn(_sent(key, "drawn")))


def _sent(key: str, name: str) -> Any:
    return st.session_state.get(key, {}).get(name)
