"""Gradients on their way back through deep networks: plots, ellipses and products, drawn and moved in the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ui.components.modules import module, style
from ui.components.mounting import mounted
from ui.components.telling import Change, listen

BROWSER = Path(__file__).parent / "browser"

_mount = mounted(
    "stepcnn.vanishing",
    html='<div class="bench-root vanishing"></div>',
    css=style("shared/bench.css") + style("shared/plot.css") + style(BROWSER / "vanishing.css"),
    js=module(BROWSER / "vanishing.js"),
)


def vanishing(make: Callable[[int], bytes], on_change: Callable[[Change], None], *, key: str) -> None:
    """Mount the picture, or bring it up to date. `make` is told the number of the last change that was heard."""
    listen(_mount, make, on_change, key=key)
