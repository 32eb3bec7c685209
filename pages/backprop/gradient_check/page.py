"""Gradient check: how small a step should be, what kinks do to it, and how its pattern says where a fault sits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from engine.gradcheck import Entry, numeric_gradient
from pages.backprop.gradient_check import controls as lesson
from pages.backprop.gradient_check import picture as scenes
from pages.backprop.gradient_check.compute.kinks import path_along
from pages.backprop.gradient_check.compute.sweep import Subject
from pages.backprop.gradient_check.controls import CONTROLS, KEY
from pages.backprop.gradient_check.exercises import EXERCISES
from pages.backprop.gradient_check.figure import sweep_figure
from pages.backprop.gradient_check.scene import gradient_check
from ui import errors, state
from ui.figures.fonts import has_chinese_font
from ui.i18n import _, blocks, language
from ui.lesson import Frame, lesson_frame
from ui.numbers import power_of_ten

if TYPE_CHECKING:
    from ui.figures.export import Figure

SPOKEN = {"h": ("say-",), "kink": ("kink-",), "fault": ("fault-", "hint-")}


@errors.fragment
def board(frame: Frame) -> None:
    """The picture. Dragging and pointing stay in the browser; another subject, case or line reruns this."""
    views = {"h": _("How small should h be?"), "kink": _("A kink"), "fault": _("Find the fault")}
    if frame.shows("view"):
        st.segmented_control(
            _("View"), list(views), format_func=lambda name: views[name], required=True,
            key=state.key("view"), label_visibility="collapsed", width="content",
        )  # fmt: skip
    meta, arrays = scenes.board()
    view = str(state.get("view"))
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}
    gradient_check(
        view,
        lesson.now(),
        meta,
        arrays,
        texts={name: text for name, text in texts.items() if name.startswith(SPOKEN[view])},
        on_state=lesson.act,
        on_accuse=lesson.accuse,
        key=f"{KEY}.board",
    )
    state.sync()


def figure() -> Figure:
    """The V of the chosen subject."""
    english = language() == "en" or not has_chinese_font()
    words = {"h": "step h", "error": "relative error", "truncation": "truncation", "round_off": "round-off"}
    chinese = {"h": _("step h"), "error": _("relative error"), "truncation": _("truncation"),
               "round_off": _("round-off")}  # fmt: skip
    subject, sweeps = lesson.subject()
    return sweep_figure(subject, sweeps, state.get("rule"), words if english else chinese)


def check(frame: Frame) -> None:
    """The pretrained network itself on the chosen digit."""
    found = lesson.check_the_network()
    place = f"{found.worst.name}[{', '.join(map(str, found.worst.index))}]"
    st.markdown(
        frame.words(
            "checked",
            count=len(found.entries),
            size=found.size,
            worst=power_of_ten(found.worst.relative_error),
            place=place,
            difference=power_of_ten(found.worst_difference),
        )
    )


with lesson_frame(KEY, CONTROLS) as frame:
    board(frame)
    frame.text("reading")
    frame.text("idea")
    frame.code(numeric_gradient, mark=[r"array\[index\] = kept [+-] h", r"return \(above - below\)"])
    frame.code(Entry.relative_error.fget, mark=["return abs"])  # type: ignore[attr-defined]
    frame.text("valley")
    frame.code(Subject.best_h, mark=["return float"])
    frame.text("kinks")
    frame.code(path_along, mark=["_next_flip", "edges.append"])
    frame.text("patterns")
    frame.check(_("Check the trained digit network itself"), lambda: check(frame))
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lesson.numbers)
    frame.text("sources")
