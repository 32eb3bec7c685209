"""The chain of batch norm's steps: a bench whose every picture is a result, laid out in two bands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from engine.types import Array
from ui.components.bench import HTML, Events, Scene, bench
from ui.components.modules import module, style
from ui.components.mounting import mounted

BROWSER = Path(__file__).parent / "browser"

_mount = mounted(
    "stepcnn.batch_norm",
    html=HTML,
    css=style("shared/bench.css") + style(BROWSER / "batch_norm.css"),
    js=module(BROWSER / "batch_norm.js"),
)
_chain = partial(bench, mount=_mount)


def chain(
    scene: Scene,
    *,
    arrays: Mapping[str, Array],
    texts: Mapping[str, tuple[str, str]],
    events: Events,
    key: str,
    labels: Mapping[str, str],
) -> None:
    """Draw the chain. Its two rows are the bands, forward and backward; their items stand one under the other.

    A result's rule is {"pieces": [...]}: signs, and {"read": [arrays], "all": bool} for the factors; see
    pages/backprop/batch_norm/grids.py.
    """
    _chain(scene, arrays=arrays, texts=texts, events=events, key=key, labels=labels)
