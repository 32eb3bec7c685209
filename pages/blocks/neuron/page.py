"""Neuron: a weighted vote, the line that it draws, and what several of them do together."""

from engine.training.error_rule import error_step
from pages.blocks.neuron.check import try_lines
from pages.blocks.neuron.compute import TwoLayers, Unit, slid
from pages.blocks.neuron.controls import CONTROLS, numbers, unit
from pages.blocks.neuron.exercises import EXERCISES
from pages.blocks.neuron.picture import MOUNT, drawn, figure
from ui.i18n import _
from ui.lesson import lesson_frame

with lesson_frame("neuron", CONTROLS) as frame:
    frame.picture(MOUNT, drawn, says="scene-")
    frame.text("reading")
    frame.text("neuron")
    frame.text("line")
    frame.code(Unit, mark=["z: Array = Linear", "return step(z)"], values=vars(unit()))
    frame.text("xor")
    frame.check(_("Try 100,000 random lines"), try_lines)
    frame.text("learning")
    frame.code(error_step, mark=["error = target - y", r"scale = lr \* error"])
    frame.text("layers")
    frame.code(TwoLayers, mark=[r"for unit in self\.hidden", r"self\.out\.outputs"])
    frame.text("nand")
    frame.text("soft")
    frame.text("patch")
    frame.code(slid, mark=[r"unit\.sums"])
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=numbers)
    frame.text("sources")
