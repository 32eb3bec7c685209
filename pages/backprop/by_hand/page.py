"""Backprop by hand: one step of learning in a small network, every elementary step with its numbers."""

from engine.layers import Linear
from pages.backprop.by_hand.check import gradient_check
from pages.backprop.by_hand.compute.run import one_step
from pages.backprop.by_hand.controls import CONTROLS, now, numbers, offer_example, text_numbers
from pages.backprop.by_hand.exercises import EXERCISES
from pages.backprop.by_hand.figure import network_figure
from pages.backprop.by_hand.picture import MOUNT, drawn
from ui.i18n import _
from ui.lesson import lesson_frame

with lesson_frame("by-hand", CONTROLS) as frame:
    frame.picture(MOUNT, drawn, says="step-")
    frame.text("reading")
    told = text_numbers()
    frame.text("numbers", **told)
    frame.text("chain")
    frame.check(_("Check every gradient by small steps"), gradient_check)
    frame.text("many", **told)
    frame.code(one_step, mark=[r"nets = \[", "handed = ", r"row\[j\] -= "])
    frame.text("matrices")
    frame.code(Linear.backward, mark=[r'"weight": dy', r"return dy @"])
    frame.exercises(EXERCISES)
    frame.take_away(figure=lambda: network_figure(now()[0]), numbers=numbers)
    if frame.shows("take-away"):
        offer_example()
    frame.text("sources")
