"""Activations: eleven curves, and what each does to a crowd of numbers and to the gradient that comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from engine.layers.activation import ReLU, Sigmoid
from pages.blocks.activations import controls as lesson
from pages.blocks.activations.compute.crowd import pass_through
from pages.blocks.activations.controls import CONTROLS, KEY
from pages.blocks.activations.exercises import EXERCISES
from pages.blocks.activations.figure import ENGLISH, activation_sheet
from pages.blocks.activations.labels import labels
from pages.blocks.activations.mount import activations
from ui import errors, state
from ui.figures.fonts import has_chinese_font
from ui.i18n import _, language
from ui.lesson import Frame, lesson_frame

if TYPE_CHECKING:
    from ui.figures.export import Figure


@errors.fragment
def board() -> None:
    """The picture. Pointing and dragging stay in the browser; where they come to rest, the engine answers."""
    activations(lesson.pack_picture, lesson.take, key=f"{KEY}.picture")
    state.sync()


def figure() -> Figure:
    """What is shown, as a sheet to take away."""
    words = labels() if language() == "en" or has_chinese_font() else ENGLISH
    return activation_sheet(lesson.curves(), lesson.passage(), lesson.linked(), words)


def check(frame: Frame) -> None:
    """Every slope against central differences, and tanh against the sigmoid that it is made of."""
    found = lesson.checked()
    st.markdown(frame.words("checked", worst=f"{found.worst:.1e}", apart=f"{found.apart:.1e}", numbers=found.numbers))
    st.dataframe(
        {
            _("activation"): list(found.rows),
            _("slope at 0.7, backward pass"): [f"{row[0]:.9f}" for row in found.rows.values()],
            _("central difference"): [f"{row[1]:.9f}" for row in found.rows.values()],
            _("largest difference of all"): [f"{row[2]:.1e}" for row in found.rows.values()],
        },
        hide_index=True,
    )


with lesson_frame(KEY, CONTROLS) as frame:
    board()
    frame.text("why")
    frame.text("slopes", **lesson.slope_numbers())
    frame.text("positive")
    frame.text("dying")
    frame.text("which")
    frame.code(Sigmoid, mark=[r"y = sigmoid\(x\)", r"1 - cache"], values={"y": lesson.passage().y})
    frame.code(ReLU.backward, mark=[r"dy \* cache"])
    frame.code(pass_through, mark=["function.forward", r"dx = function"], values={"mean": state.get("mean")})
    frame.text("check")
    frame.check(_("Check every slope"), lambda: check(frame))
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lesson.numbers)
    frame.text("sources")
