"""Convolution, backward: every gradient as its products, one weight's first, then all in four ways to see them."""

from engine import reference
from pages.backprop.convolution_backward.check import check
from pages.backprop.convolution_backward.compute import col2im, input_grad
from pages.backprop.convolution_backward.controls import CONTROLS, EDITS, EXAMPLES, RESETS, geometry, hide, numbers
from pages.backprop.convolution_backward.exercises import EXERCISES
from pages.backprop.convolution_backward.picture import BENCH, drawn, figure, links, views
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.row import choice, examples

ROW = [choice("view", views), examples(EXAMPLES)]

with lesson_frame("convolution-backward", CONTROLS) as frame:
    frame.picture(BENCH, drawn, edits=EDITS, acts={"quiz": hide}, row=ROW, resets=RESETS, says="scene-")
    frame.text("reading")
    frame.text("weight")
    frame.text("input")
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
