"""A small network with its every elementary step written out: backpropagation as one does it with a pencil."""

from engine.by_hand.handout import handout
from engine.by_hand.run import Run, descend
from engine.by_hand.setup import CLASSIC, HEADS, HIDDEN, Setup, drawn
from engine.by_hand.sheet import Line, Sheet, written_out
from engine.by_hand.symbols import Symbol, latex, written

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
