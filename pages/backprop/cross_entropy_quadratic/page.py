"""Cross-entropy against quadratic cost: the same badly wrong unit, taught twice."""

from pages.backprop.cross_entropy_quadratic.check import gradient_check
from pages.backprop.cross_entropy_quadratic.compute import gradient, learn
from pages.backprop.cross_entropy_quadratic.controls import CONTROLS, learnings, numbers, text_numbers
from pages.backprop.cross_entropy_quadratic.exercises import EXERCISES
from pages.backprop.cross_entropy_quadratic.figure import learning_figure, words
from pages.backprop.cross_entropy_quadratic.picture import MOUNT, drawn
from ui import state
from ui.i18n import _
from ui.lesson import lesson_frame

with lesson_frame("cross-entropy-quadratic", CONTROLS) as frame:
    frame.picture(MOUNT, drawn)
    frame.text("reading")
    told = text_numbers()
    frame.text("why", **told)
    frame.code(gradient, mark=["dz = "], values={"x": state.get("x"), "y": state.get("y")})
    frame.check(_("Check both gradients by small steps"), gradient_check)
    frame.text("try", **told)
    frame.code(learn, mark=["w, b = w - lr"], values={"lr": state.get("lr"), "epochs": state.get("epochs")})
    frame.text("caution", **told)
    frame.exercises(EXERCISES)
    frame.take_away(figure=lambda: learning_figure(learnings(), words()), numbers=numbers)
    frame.text("sources")
