"""Receptive field: which pixels one number is made from, how much each of them counts, and whom a pixel reaches."""

from __future__ import annotations

import streamlit as st

from engine.analysis.receptive_field import slide
from pages.blocks.receptive_field import controls as lesson
from pages.blocks.receptive_field import picture as shown
from pages.blocks.receptive_field.compute.measured import measured_field
from pages.blocks.receptive_field.compute.stack import ways_below
from pages.blocks.receptive_field.controls import CONTROLS, KEY
from pages.blocks.receptive_field.exercises import EXERCISES
from pages.blocks.receptive_field.figure import field_figure
from pages.blocks.receptive_field.scene import receptive
from ui import errors, state, trained
from ui.i18n import _, blocks, language
from ui.lesson import Frame, lesson_frame


@errors.fragment
def board(frame: Frame) -> None:
    """The picture. Pointing stays in the browser; a changed stack or a locked unit reruns this, and not the page."""
    with st.container(key="receptive-row", horizontal=True, vertical_alignment="center"):
        choose_network(frame)
        suggestions(frame)
    for notice in lesson.settle():
        st.warning(notice)
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items() if name[:4] == "say-"}
    receptive(
        shown.scene(),
        texts=texts,
        limits={**lesson.LIMITS, "layers": lesson.LAYERS},
        digits=shown.SAMPLE,
        on_edit=lesson.edit,
        on_unit=lesson.choose_unit,
        key=f"{KEY}.picture",
    )
    state.sync()


def choose_network(frame: Frame) -> None:
    """The learner's own stack, or one of the known networks; and whose weights the digit network has."""
    if not frame.shows("net"):
        return
    names = {"own": _("Your own stack"), "digits": _("Digit network"), "alexnet": "AlexNet", "vgg16": "VGG-16"}
    st.segmented_control(
        _("Network"), list(names), format_func=lambda name: names[name], required=True, key=state.key("net"),
        on_change=lesson.other_network, label_visibility="collapsed", width="content",
    )  # fmt: skip
    mine = trained.handed_over()
    if mine is None or state.get("net") != "digits":
        return
    whose = {
        "pretrained": _("Pretrained"),
        "mine": _("Yours, after {step} steps ({accuracy:.1%})").format(step=mine[1].step, accuracy=mine[1].accuracy),
    }
    st.segmented_control(
        _("Weights"), list(whose), format_func=lambda name: whose[name], required=True, key=state.key("weights"),
        label_visibility="collapsed", width="content",
    )  # fmt: skip


def suggestions(frame: Frame) -> None:
    """Four stacks of the text, each one click away, and the way back."""
    if not frame.shows("suggestions"):
        return
    names = {
        "three": _("Three 3×3"),
        "seven": _("One 7×7"),
        "dilated": _("Dilation 1, 2, 4"),
        "pooled": _("Pooling between"),
    }
    with st.container(key="suggestions", horizontal=True, width="content"):
        for name, label in names.items():
            st.button(label, on_click=lesson.preset, args=(name,), key=f"{KEY}.{name}")
        st.button(_("Undo"), on_click=lesson.undo, disabled=not lesson.history(), key=f"{KEY}.undo")


def check() -> None:
    """The picture's unit once more, by the gradient of a network whose weights are all 1."""
    found = shown.confirmed()
    block = "checked" if found.agrees else "check-differs"
    st.markdown(frame.words(block, layer=found.layer, unit=found.unit))
    st.dataframe(
        {
            found.layer: [_("rows that it sees"), _("columns that it sees"), _("ways in all")],
            _("counted"): found.counted,
            _("by the gradient"): found.by_gradient,
        },
        hide_index=True,
    )


with lesson_frame(KEY, CONTROLS) as frame:
    board(frame)
    frame.text("intro")
    frame.text("reading")
    frame.text("try")
    frame.text("why")
    frame.code(slide, mark=[r"size\.append", r"jump\.append", r"first\.append"], values=shown.sizes())
    frame.text("ways")
    frame.code(ways_below, mark=[r"below\[u\] \+="])
    frame.text("effective")
    frame.code(measured_field, mark=["np.abs"], values={"place": lesson.unit()[1:]})
    frame.check(_("Check this unit's field by its gradient"), check)
    frame.exercises(EXERCISES)
    frame.take_away(figure=lambda: field_figure(shown.sheet()), numbers=shown.arrays)
    frame.text("sources")
