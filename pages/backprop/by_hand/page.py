"""Backprop by hand: one step of learning in a small network, every elementary step with its numbers."""

from __future__ import annotations

from engine.layers import Linear
from pages.backprop.by_hand import controls as lesson
from pages.backprop.by_hand.compute.run import one_step
from pages.backprop.by_hand.controls import CONTROLS, KEY
from pages.backprop.by_hand.exercises import EXERCISES
from pages.backprop.by_hand.figure import network_figure
from pages.backprop.by_hand.picture import byhand, picture
from ui import errors, state
from ui.downloads import download
from ui.i18n import _, blocks, language
from ui.lesson import lesson_frame


@errors.fragment
def board() -> None:
    """The picture. Stepping and pointing stay in the browser; other numbers and more steps rerun this."""
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}

    def make() -> bytes:
        sheet, run, n, notice = lesson.now()
        return picture(
            sheet,
            lesson.curve(run),
            n=n,
            levels=lesson.LEVELS,
            sizes=lesson.SIZES,
            controls={control.name: state.get(control.name) for control in CONTROLS},
            texts={name: text for name, text in texts.items() if name.startswith("step-")},
            notice=notice,
        )

    byhand(make, lesson.act, key=f"{KEY}.board")
    state.sync()


with lesson_frame(KEY, CONTROLS) as frame:
    board()
    frame.text("reading")
    frame.text("numbers")
    frame.text("chain")
    frame.check(_("Check every gradient by small steps"), lesson.gradient_check)
    frame.text("many")
    frame.code(one_step, mark=[r"nets = \[", "handed = ", r"row\[j\] -= "])
    frame.text("matrices")
    frame.code(Linear.backward, mark=[r'"weight": dy', r"return dy @"])
    frame.exercises(EXERCISES)
    frame.take_away(figure=lambda: network_figure(lesson.now()[0]), numbers=lesson.numbers)
    if frame.shows("take-away"):
        download(
            _("Worked example, Markdown with LaTeX"),
            lambda: lesson.example().encode(),
            file_name=f"{KEY}.md",
            mime="text/markdown",
            key=f"{KEY}.handout",
        )
    frame.text("sources")
