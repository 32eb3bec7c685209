"""Computational graph: a formula, taken apart into single operations, forward and then backward."""

from engine.autograd.expression import parse
from engine.autograd.tape import Tape
from pages.backprop.graph.check import difference_check
from pages.backprop.graph.compute import matmul_backward
from pages.backprop.graph.controls import CONTROLS, KEY, ask, formula, keep, neuron_numbers, staged_numbers
from pages.backprop.graph.exercises import EXERCISES
from pages.backprop.graph.labels import views
from pages.backprop.graph.matrices import ACTS
from pages.backprop.graph.picture import MOUNT, drawn, figure, numbers
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.row import choice

with lesson_frame(KEY, CONTROLS) as frame:
    frame.picture(MOUNT, drawn, acts=ACTS | {"keep": keep, "ask": ask}, row=[choice("view", views)], says="scene-")
    frame.text("reading")
    frame.text("chain")
    frame.text("gates")
    frame.text("branches")
    frame.text("sigmoid", **neuron_numbers())
    frame.text("staged", **staged_numbers())
    frame.code(Tape.apply, mark=[r"OPERATIONS\[op\]\.run"])
    frame.code(Tape.graph, mark=[r"amount = grads\[place\] \* local", r"grads\[parent\] \+= amount"])
    frame.code(parse, mark=["reader.write"], values={"expression": formula()[0]})
    frame.text("matrices")
    frame.code(matmul_backward, mark=["dW = ", "dX = "])
    frame.check(_("Compare with central differences"), lambda: difference_check(frame))
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=numbers)
    frame.text("sources")
