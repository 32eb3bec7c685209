"""Cross-entropy against quadratic cost: the same badly wrong unit, taught twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.backprop.cross_entropy_quadratic import controls as lesson
from pages.backprop.cross_entropy_quadratic.compute import gradient, learn
from pages.backprop.cross_entropy_quadratic.controls import CONTROLS, EPOCHS, KEY, REACH, SHOWN, STARTS
from pages.backprop.cross_entropy_quadratic.exercises import EXERCISES
from pages.backprop.cross_entropy_quadratic.figure import learning_figure
from pages.backprop.cross_entropy_quadratic.picture import costs
from ui import errors, state
from ui.controls import Number
from ui.i18n import _, blocks, language
from ui.lesson import lesson_frame

if TYPE_CHECKING:
    from ui.figures.export import Figure


@errors.fragment
def board() -> None:
    """The picture. Dragging and playing stay in the browser; where things come to rest is told."""
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}
    costs(
        lesson.now(),
        choices={
            "epochs": EPOCHS,
            "show": SHOWN,
            "starts": STARTS,
            "reach": REACH,
            "ranges": {c.name: (c.low, c.high) for c in CONTROLS if isinstance(c, Number)},
        },
        texts={name: text for name, text in texts.items() if name.startswith("say-")},
        on_state=lesson.act,
        key=f"{KEY}.board",
    )
    state.sync()


def figure() -> Figure:
    """Both ways of learning, as a figure."""
    words = {"quadratic": _("quadratic"), "cross_entropy": _("cross-entropy"), "epoch": _("epoch")}
    return learning_figure(lesson.learnings(), words | {"answer": _("Answer a"), "gradient": _("Gradient ∂C/∂z")})


with lesson_frame(KEY, CONTROLS) as frame:
    board()
    frame.text("reading")
    frame.text("why")
    frame.code(gradient, mark=["dz = "], values={"x": state.get("x"), "y": state.get("y")})
    frame.check(_("Check both gradients by small steps"), lesson.gradient_check)
    frame.text("try")
    frame.code(learn, mark=["w, b = w - lr"], values={"lr": state.get("lr"), "epochs": state.get("epochs")})
    frame.text("caution")
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lesson.numbers)
    frame.text("sources")
