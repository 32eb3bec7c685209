"""Softmax and scores: shares of one whole, their temperature and slopes, the hinge beside them, and floats' limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import CrossEntropyLoss
from engine.losses import MultiMarginLoss
from engine.losses.softmax import softmax
from pages.blocks.softmax import controls as lesson
from pages.blocks.softmax.compute import softmax_jacobian
from pages.blocks.softmax.controls import CONTROLS, EXAMPLES, KEY, SCENES
from pages.blocks.softmax.exercises import EXERCISES
from pages.blocks.softmax.figure import shares_figure, temperature_figure
from pages.blocks.softmax.picture import scores
from ui import errors, state
from ui.i18n import _, blocks, language
from ui.lesson import lesson_frame

if TYPE_CHECKING:
    from ui.figures.export import Figure


@errors.fragment
def board() -> None:
    """The picture. Dragging stays in the browser; where things come to rest is told, so that the link holds it."""
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}
    scores(
        lesson.now(),
        scenes=SCENES,
        examples=EXAMPLES,
        texts={name: text for name, text in texts.items() if name.startswith("scene-")},
        on_state=lesson.act,
        key=f"{KEY}.scenes",
    )
    state.sync()


def figure() -> Figure:
    """The scene that is shown, as a figure."""
    scene = state.get("scene")
    if scene == "temperature":
        return temperature_figure(lesson.scores("warm"), float(state.get("T")), {"temperature": "T"})
    if scene == "margins":
        return shares_figure(lesson.scores("margins"), int(state.get("against")))
    if scene == "overflow":
        return shares_figure(lesson.scores("large"), int(lesson.scores("large").argmax()))
    return shares_figure(lesson.scores(), lesson.truth())


with lesson_frame(KEY, CONTROLS) as frame:
    board()
    frame.text("reading")
    frame.text("why")
    frame.code(softmax, mark=["np.exp", r"e / e\.sum"], values={"z": lesson.scores()})
    frame.text("overflow")
    frame.check(_("Let NumPy compute the large scores"), lesson.overflow_check, key="check-overflow")
    frame.text("slopes")
    frame.code(softmax_jacobian, mark=["np.diag"])
    frame.code(CrossEntropyLoss.backward, mark=["one_hot"])
    frame.check(_("Check these slopes"), lesson.slope_check)
    frame.text("hinge")
    frame.code(MultiMarginLoss.forward, mark=["np.maximum"])
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lesson.numbers)
    frame.text("sources")
