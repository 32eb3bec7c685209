"""What the browser is sent: the scenes and their words. Shares, slopes and losses are computed there, by the twin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.blocks.softmax.controls import EXAMPLES, SCENES, scores, truth
from pages.blocks.softmax.figure import shares_figure, temperature_figure
from pages.blocks.softmax.labels import FORMULAS, labels
from ui import state
from ui.components.board import Drawn, board

if TYPE_CHECKING:
    from ui.figures.export import Figure

MOUNT = board(__file__, "plot", "scenes")


def drawn() -> Drawn:
    """The scenes from scores to shares."""
    return Drawn({**EXAMPLES, "scenes": SCENES, "formulas": FORMULAS}, labels=labels())


def figure() -> Figure:
    """The scene that is shown, as a figure."""
    match state.get("scene"):
        case "temperature":
            return temperature_figure(scores("warm"), float(state.get("T")), {"temperature": "T"})
        case "margins":
            return shares_figure(scores("margins"), int(state.get("against")))
        case "overflow":
            return shares_figure(scores("large"), int(scores("large").argmax()))
    return shares_figure(scores(), truth())
