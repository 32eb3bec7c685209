"""Batch norm, forward and backward: nine small steps, their undoing, and what goes wrong when one is forgotten."""

from engine.reference import norm
from pages.backprop.batch_norm.check import check
from pages.backprop.batch_norm.compute import backward_steps, forward_steps
from pages.backprop.batch_norm.controls import CONTROLS, EDITS, EXAMPLES, RESETS, batch, eps, numbers
from pages.backprop.batch_norm.exercises import EXERCISES
from pages.backprop.batch_norm.picture import MOUNT, drawn, figure, views
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.row import choice, examples

ROW = [choice("view", views), examples(EXAMPLES)]

with lesson_frame("batch-norm", CONTROLS) as frame:
    frame.picture(MOUNT, drawn, row=ROW, edits=EDITS, resets=RESETS, says=("step-", "scene-"))
    frame.text("reading")
    frame.text("why")
    frame.text("steps")
    frame.code(forward_steps, mark=["# [1-9]$"], values={"eps": eps(), "x": batch()})
    frame.code(backward_steps, mark=["# [1-9]'$"])
    frame.text("together")
    frame.code(norm.standardise_backward, mark=["dx[at] ="])
    frame.text("testing")
    frame.check(_("Compute it again at once, and measure it"), check)
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=numbers)
    frame.text("sources")
