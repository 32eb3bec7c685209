"""Feature maps: what each kernel of a trained network finds, where, and in which other pictures."""

from pages.inside.feature_maps import controls as lesson
from pages.inside.feature_maps.check import recount
from pages.inside.feature_maps.compute import direction, peaks, strength
from pages.inside.feature_maps.exercises import EXERCISES
from pages.inside.feature_maps.picture import MOUNT, drawn, facts, figure, numbers
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.row import choice, weights

with lesson_frame(lesson.KEY, lesson.CONTROLS) as frame:
    net = choice("net", lesson.networks, label=lambda: _("Network"), on_change=lesson.other_network)
    row = [net, weights(lesson.has_weights), lesson.choose_picture]
    acts = {"take": lesson.take_picture, "open": lesson.leave}
    frame.picture(MOUNT, drawn, acts=acts, row=row, settle=lesson.settle)
    frame.text("intro")
    frame.text("reading")
    frame.text("try")
    frame.text("networks", **lesson.network_facts())
    frame.text("strength")
    frame.code(strength, mark=[r"maps\.max", r"np\.maximum"], values=facts())
    frame.text("direction")
    frame.code(direction, mark=["rows =", "columns ="])
    frame.text("top")
    frame.code(peaks, mark=["argmax"])
    frame.check(_("Make these maps again by plain loops"), recount)
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=numbers)
    frame.text("sources")
