"""Batch norm, forward and backward: nine small steps, their undoing, and what goes wrong when one is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from engine.reference import norm
from pages.backprop.batch_norm import controls as lesson
from pages.backprop.batch_norm import picture as pictures
from pages.backprop.batch_norm.compute import backward_steps, forward_steps
from pages.backprop.batch_norm.controls import CONTROLS, KEY
from pages.backprop.batch_norm.exercises import EXERCISES
from pages.backprop.batch_norm.scene import chain
from ui import errors, state
from ui.checks import GOOD
from ui.components.bench import Events
from ui.examples import worked_examples
from ui.figures.number_sheet import number_sheet
from ui.i18n import _, blocks, language
from ui.lesson import Frame, lesson_frame
from ui.numbers import power_of_ten

if TYPE_CHECKING:
    from ui.figures.export import Figure


@errors.fragment
def board(frame: Frame) -> None:
    """The picture. Pointing and stepping stay in the browser; a changed number reruns this, and not the page."""
    with st.container(key="bench-row", horizontal=True, vertical_alignment="center"):
        chooser(frame)
    lesson.forget_what_no_longer_fits()
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}
    shown = {name: text for name, text in texts.items() if name.startswith(("step-", "scene-"))}
    events = Events(edit=lesson.take_edit, set=lesson.take_settings, act=lesson.act, place=lesson.take_place)
    scene, arrays = pictures.scene()
    chain(scene, arrays=arrays, texts=shown, events=events, key=f"{KEY}.chain", labels=pictures.labels())
    state.sync()


def chooser(frame: Frame) -> None:
    """Three ways to see it, and the worked examples."""
    views = {"steps": _("Step by step"), "ways": _("Three ways back"), "test": _("In testing")}
    if frame.shows("view"):
        st.segmented_control(
            _("View"), list(views), format_func=lambda name: views[name], required=True,
            key=state.key("view"), label_visibility="collapsed", width="content",
        )  # fmt: skip
    if frame.shows("examples"):
        worked_examples(KEY, lesson.EXAMPLES, lesson.show)


def check() -> None:
    """The nine steps against the layer that does them at once, and against measured slopes."""
    size, worst = lesson.against_the_layer()
    text = _("{count} numbers by the nine steps and by the layer's two formulas; the largest difference is {worst}.")
    st.markdown(text.format(count=size, worst=power_of_ten(worst)))
    measured = lesson.against_differences()
    text = _(
        "{count} gradients of L = Σ dy · y measured by central differences; the largest relative error is {worst}."
    )
    error = measured.worst.relative_error
    told = text.format(count=len(measured.entries), worst=power_of_ten(error))
    (st.success if error < GOOD else st.warning)(told)


def figure() -> Figure:
    """Every step above its undoing, as a sheet of numbers."""
    numbers = lesson.numbers()
    above = ("x", "mean", "centred", "var", "x_hat", "y")
    below = ("dx", "dmean", "dcentred", "dvar", "dx_hat", "dy")
    return number_sheet([[(name, numbers[name]) for name in row if name in numbers] for row in (above, below)])


with lesson_frame(KEY, CONTROLS) as frame:
    board(frame)
    frame.text("reading")
    frame.text("why")
    frame.text("steps")
    frame.code(forward_steps, mark=["# [1-9]$"], values={"eps": lesson.eps(), "x": lesson.batch()})
    frame.code(backward_steps, mark=["# [1-9]'$"])
    frame.text("together")
    frame.code(norm.standardise_backward, mark=["dx[at] ="])
    frame.text("testing")
    frame.check(_("Compute it again at once, and measure it"), check)
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lesson.numbers)
    frame.text("sources")
