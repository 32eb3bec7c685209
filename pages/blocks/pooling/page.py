"""Pooling: a window becomes one number, and its gradient finds the way back."""

from engine import reference
from engine.layers import MaxPool2d
from engine.layers.pool_variants import LPPool2d
from pages.blocks.pooling.check import compare
from pages.blocks.pooling.controls import (
    ARROWS,
    CONTROLS,
    EDITS,
    EXAMPLES,
    RESETS,
    draw_again,
    over_all_digits,
    pooled,
    sizes,
)
from pages.blocks.pooling.exercises import EXERCISES
from pages.blocks.pooling.picture import MOUNT, drawn, figure, views
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.row import choice, digit, examples

ROW = [digit(), choice("view", views), examples(EXAMPLES)]

with lesson_frame("pooling", CONTROLS) as frame:
    acts = ARROWS | {"draw": draw_again}
    frame.picture(MOUNT, drawn, acts=acts, row=ROW, edits=EDITS, resets=RESETS, says="scene-")
    frame.text("reading")
    frame.text("why")
    frame.text("ties")
    frame.text("kinds")
    frame.text("moving", **over_all_digits())
    frame.text("code")
    frame.code(reference.max_pool2d_backward, mark=["winner = _winner", r"dx\[n, c, \*winner\] \+="], values=sizes())
    frame.code(MaxPool2d.forward, mark=["y, switches ="])
    frame.code(LPPool2d.slope, mark=[r"ratio = np\.divide"])
    frame.check(_("Compute it again with plain loops"), compare)
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lambda: pooled().arrays())
    frame.text("sources")
