"""What the browser is sent: choices, ranges and words. The two ways of learning are computed there, by the twin."""

from __future__ import annotations

from pages.backprop.cross_entropy_quadratic.controls import CONTROLS, EPOCHS, REACH, SHOWN, STARTS
from pages.backprop.cross_entropy_quadratic.labels import FORMULAS, labels
from ui.components.board import Drawn, board
from ui.controls import Number

MOUNT = board(__file__, "plot")


def drawn() -> Drawn:
    """The board of the two costs."""
    ranges = {control.name: (control.low, control.high) for control in CONTROLS if isinstance(control, Number)}
    meta = {"epochs": EPOCHS, "show": SHOWN, "starts": STARTS, "reach": REACH, "ranges": ranges, "formulas": FORMULAS}
    return Drawn(meta, labels=labels())
