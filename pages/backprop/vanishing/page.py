"""Vanishing and exploding: what a gradient is multiplied by on its way back through a deep network."""

from __future__ import annotations

import streamlit as st

from pages.backprop.vanishing import controls as lesson
from pages.backprop.vanishing.check import check
from pages.backprop.vanishing.compute import cross, predict, products, send_back
from pages.backprop.vanishing.controls import CONTROLS, KEY
from pages.backprop.vanishing.exercises import EXERCISES
from pages.backprop.vanishing.landscape import show as landscape
from pages.backprop.vanishing.learning import train
from pages.backprop.vanishing.mount import vanishing
from pages.backprop.vanishing.picture import picture
from pages.backprop.vanishing.take_away import figure
from pages.backprop.vanishing.words import text_numbers
from ui import errors, state
from ui.i18n import _, blocks, language
from ui.lesson import lesson_frame


@errors.fragment
def board() -> None:
    """The picture. Pointing and turning stay in the browser; another network reruns this, and not the page."""
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}
    controls = {control.name: state.get(control.name) for control in CONTROLS}
    present = bool(state.get("present"))
    vanishing(lambda heard: picture(controls, texts, heard=heard, present=present), lesson.act, key=f"{KEY}.board")
    state.sync()


with lesson_frame(KEY, CONTROLS) as frame:
    board()
    numbers = text_numbers()
    frame.text("product", **numbers)
    frame.code(send_back, mark=["dy = crossing.dx"], values={"dy": (lesson.EXAMPLES, lesson.setup().deep.width)})
    frame.text("factor", **numbers)
    frame.code(predict, mark=["gain2 = n_var_w"], values={"deep": lesson.setup().deep})
    frame.text("remedies", **numbers)
    frame.code(cross, mark=[r"dx = dx \+ way.dx"])
    frame.text("landscape")
    frame.check(_("Turn the landscape"), lambda: landscape(frame), key="landscape")
    frame.text("directions")
    frame.code(products, mark=["found.append"])
    frame.text("learning", **numbers)
    frame.check(_("Train these networks for a hundred steps"), lambda: train(frame), key="train")
    frame.text("check")
    frame.check(_("Check the product of Jacobians"), lambda: st.dataframe(check(), hide_index=True))
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lesson.numbers)
    frame.text("sources")
