"""A small network with its every elementary step written out: backpropagation as one does it with a pencil."""

from pages.backprop.by_hand.compute.handout import handout
from pages.backprop.by_hand.compute.run import Run, descend
from pages.backprop.by_hand.compute.setup import CLASSIC, HEADS, HIDDEN, Setup, drawn
from pages.backprop.by_hand.compute.sheet import Line, Sheet, written_out
from pages.backprop.by_hand.compute.symbols import Symbol, latex, written

__all__ = [
    "CLASSIC",
    "HEADS",
    "HIDDEN",
    "Line",
    "Run",
    "Setup",
    "Sheet",
    "Symbol",
    "descend",
    "drawn",
    "handout",
    "latex",
    "written",
    "written_out",
]
