"""Convolution: a kernel slides over a picture, and every product that it makes is written out."""

from engine import reference
from engine.kernels import convolution
from engine.kernels.im2col import im2col
from pages.blocks.convolution.check import compare
from pages.blocks.convolution.controls import (
    CONTROLS,
    EDITS,
    EXAMPLES,
    RESETS,
    alexnet,
    another_shape,
    motive,
    sizes,
)
from pages.blocks.convolution.exercises import EXERCISES
from pages.blocks.convolution.picture import drawn, sharing, views
from pages.blocks.convolution.sources import OWN, digit_is_shown
from pages.blocks.convolution.takeaway import figure, numbers
from ui.components.bench import BENCH
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.row import choice, digit, examples, upload

ROW = [
    digit(when=digit_is_shown),
    choice("view", views),
    examples(EXAMPLES, keep=("digit", "drawn", "target", "shape")),
    upload(OWN, lambda: _("Your picture")),
]

with lesson_frame("convolution", CONTROLS) as frame:
    acts = {"another": another_shape}
    frame.picture(BENCH, drawn, edits=EDITS, acts=acts, row=ROW, below=[sharing], resets=RESETS, says="scene-")
    frame.text("motive", **motive())
    frame.text("reading")
    frame.text("sizes", **alexnet())
    frame.text("channels")
    frame.text("matrix", **alexnet())
    frame.text("relatives")
    frame.text("code")
    frame.code(reference.conv2d, mark=[r"y\[n, k, i, j\] \+="], values=sizes())
    frame.code(im2col, mark=["patches.transpose"], values=sizes())
    frame.code(convolution.correlate_by_rows, mark=[r"np\.matmul\(matrix"])
    frame.check(_("Compute it again with plain loops"), compare)
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=numbers)
    frame.text("sources")
