"""Pooling: a window becomes one number, and its gradient finds the way back."""

from __future__ import annotations

import streamlit as st

from engine import reference
from engine.layers import MaxPool2d
from engine.layers.pool_variants import LPPool2d
from pages.blocks.pooling import check, picture
from pages.blocks.pooling import controls as lesson
from pages.blocks.pooling import labels as component
from pages.blocks.pooling.controls import CONTROLS, KEY
from pages.blocks.pooling.exercises import EXERCISES
from pages.blocks.pooling.figure import sheet
from ui import errors, state
from ui.components.bench import Events, bench
from ui.examples import worked_examples
from ui.i18n import _, blocks, language
from ui.lesson import Frame, lesson_frame
from ui.numbers import power_of_ten
from ui.picture_input import picture_input


@errors.fragment
def board(frame: Frame) -> None:
    """The picture. Pointing stays in the browser; a changed setting or number reruns this, and not the page."""
    with st.container(key="bench-row", horizontal=True, vertical_alignment="center"):
        picture_input()
        chooser(frame)
    lesson.forget_what_belonged_to_another()
    scene, arrays = picture.scene()
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}
    shown = {name: text for name, text in texts.items() if name.startswith(scene.text)}
    events = Events(edit=lesson.take_edit, set=lesson.take_settings, act=lesson.act, place=lesson.take_place)
    bench(
        scene, arrays=arrays, texts=shown, events=events, key=f"{KEY}.bench", labels=component.labels(),
        mount=component.mount,
    )  # fmt: skip
    state.sync()


def chooser(frame: Frame) -> None:
    """Two ways to look at pooling, and the worked examples."""
    views = {"both": _("Forward and backward"), "move": _("Move the picture")}
    if frame.shows("view"):
        st.segmented_control(
            _("View"), list(views), format_func=lambda name: views[name], required=True,
            key=state.key("view"), label_visibility="collapsed", width="content",
        )  # fmt: skip
    if frame.shows("examples"):
        worked_examples(KEY, lesson.EXAMPLES, lesson.show)


def compare() -> None:
    """The fast routine against plain loops; where numbers are drawn, their mean over many draws as well."""
    size, worst = check.against_loops()
    text = _("{count} numbers of y and dL/dx, computed twice; the largest difference is {worst}.")
    st.markdown(text.format(count=f"{size:,}", worst=power_of_ten(worst)))
    mean = check.mean_of_many()
    if mean is not None:
        text = _("The mean of {draws} draws differs from the weighted mean by at most {mean}.")
        st.markdown(text.format(draws=f"{check.DRAWS:,}", mean=f"{mean:.3f}"))


with lesson_frame(KEY, CONTROLS) as frame:
    board(frame)
    frame.text("reading")
    frame.text("why")
    frame.text("ties")
    frame.text("kinds")
    frame.text("moving", **lesson.over_all_digits())
    frame.text("code")
    frame.code(reference.max_pool2d_backward, mark=["winner = max", r"dx\[n, c, \*winner\] \+="], values=lesson.sizes())
    frame.code(MaxPool2d.forward, mark=["y, switches ="])
    frame.code(LPPool2d.slope, mark=[r"ratio = np\.divide"])
    frame.check(_("Compute it again with plain loops"), compare)
    frame.exercises(EXERCISES)
    frame.take_away(
        figure=lambda: sheet(lesson.pooled(), (_("input"), _("output"))),
        numbers=lambda: lesson.pooled().arrays(),
    )
    frame.text("sources")
