"""Activations: eleven curves, and what each does to a crowd of numbers and to the gradient that comes back."""

from functools import partial

from engine.layers.activation import ReLU, Sigmoid
from pages.blocks.activations.check import slope_check
from pages.blocks.activations.compute.units import pass_through
from pages.blocks.activations.controls import CONTROLS, numbers, passage, settle, slope_numbers, sparse_numbers
from pages.blocks.activations.exercises import EXERCISES
from pages.blocks.activations.picture import MOUNT, drawn, figure
from ui import state
from ui.i18n import _
from ui.lesson import lesson_frame

with lesson_frame("activations", CONTROLS) as frame:
    frame.picture(MOUNT, drawn, settle=settle, says="scene-")
    frame.text("why")
    frame.text("slopes", **slope_numbers())
    frame.text("positive")
    frame.text("dying", **sparse_numbers())
    frame.text("which")
    frame.code(Sigmoid, mark=[r"y = sigmoid\(x\)", r"1 - cache"], values={"y": passage().y})
    frame.code(ReLU.backward, mark=[r"dy \* cache"])
    frame.code(pass_through, mark=["function.forward", r"dx = function"], values={"mean": state.get("mean")})
    frame.text("check")
    frame.check(_("Check every slope"), partial(slope_check, frame))
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=numbers)
    frame.text("sources")
