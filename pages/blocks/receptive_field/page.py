"""Receptive field: which pixels one number is made from, how much each of them counts, and whom a pixel reaches."""

from engine.analysis.receptive_field import slide
from pages.blocks.receptive_field import controls as lesson
from pages.blocks.receptive_field.check import gradient_check
from pages.blocks.receptive_field.compute.measured import measured_field
from pages.blocks.receptive_field.compute.stack import ways_below
from pages.blocks.receptive_field.exercises import EXERCISES
from pages.blocks.receptive_field.picture import MOUNT, drawn, figure, numbers, sizes
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.row import choice, weights

with lesson_frame(lesson.KEY, lesson.CONTROLS) as frame:
    net = choice("net", lesson.networks, label=lambda: _("Network"), on_change=lesson.other_network)
    row = [net, weights(lesson.has_weights), lesson.suggestions]
    frame.picture(MOUNT, drawn, acts={"edit": lesson.edit}, row=row, settle=lesson.settle)
    frame.text("intro")
    frame.text("reading")
    told = lesson.text_numbers()
    frame.text("try", **told)
    frame.text("why", **told)
    frame.code(slide, mark=[r"size\.append", r"jump\.append", r"first\.append"], values=sizes())
    frame.text("ways")
    frame.code(ways_below, mark=[r"below\[u\] \+="])
    frame.text("effective")
    frame.code(measured_field, mark=["np.abs"], values={"place": lesson.unit()[1:]})
    frame.check(_("Check this unit's field by its gradient"), gradient_check)
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=numbers)
    frame.text("sources")
