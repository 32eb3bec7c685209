"""Gradient check: how small a step should be, what kinks do to it, and how its pattern says where a fault sits."""

from engine.gradcheck import Entry, numeric_gradient
from pages.backprop.gradient_check.check import network_check
from pages.backprop.gradient_check.compute.kinks import path_along
from pages.backprop.gradient_check.compute.sweep import Subject
from pages.backprop.gradient_check.controls import CONTROLS, KEY, accuse, ask, numbers, text_numbers
from pages.backprop.gradient_check.exercises import EXERCISES
from pages.backprop.gradient_check.labels import views
from pages.backprop.gradient_check.picture import MOUNT, SAYS, drawn, figure
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.row import choice

with lesson_frame(KEY, CONTROLS) as frame:
    frame.picture(MOUNT, drawn, acts={"ask": ask, "accuse": accuse}, row=[choice("view", views)], says=SAYS)
    frame.text("reading")
    told = text_numbers()
    frame.text("idea", **told)
    frame.code(numeric_gradient, mark=[r"array\[index\] = kept [+-] h", r"return \(above - below\)"])
    frame.code(Entry.relative_error.fget, mark=["return abs"])  # type: ignore[attr-defined]
    frame.text("valley", **told)
    frame.code(Subject.best_h, mark=["return float"])
    frame.text("kinks")
    frame.code(path_along, mark=["_next_flip", "edges.append"])
    frame.text("patterns")
    frame.check(_("Check the trained digit network itself"), lambda: network_check(frame))
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=numbers)
    frame.text("sources")
