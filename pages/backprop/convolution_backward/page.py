"""Convolution, backward: every gradient as the products that make it, in four ways to see it."""

from engine import reference
from pages.backprop.convolution_backward.check import check
from pages.backprop.convolution_backward.compute import col2im, input_grad
from pages.backprop.convolution_backward.controls import CONTROLS, EDITS, EXAMPLES, geometry, numbers, settle
from pages.backprop.convolution_backward.exercises import EXERCISES
from pages.backprop.convolution_backward.picture import drawn, figure, links, views
from ui.components.bench import BENCH
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.row import choice, examples

ROW = [choice("view", views), examples(EXAMPLES)]

with lesson_frame("convolution-backward", CONTROLS) as frame:
    frame.picture(BENCH, drawn, acts=EDITS.acts, row=ROW, settle=settle, says="scene-")
    frame.text("reading")
    frame.text("input")
    frame.text("weight")
    frame.text("stride")
    frame.text("columns")
    frame.text("pooling")
    frame.text("code")
    frame.code(reference.conv2d_backward, mark=[r"dx\[n", r"dweight\["], values=geometry())
    frame.code(input_grad, mark=["np.pad"], values=geometry())
    frame.code(col2im, mark=["window.spread"])
    frame.check(_("Compute it again with loops, and measure it"), check)
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=numbers)
    frame.text("links")
    links(frame)
    frame.text("sources")
