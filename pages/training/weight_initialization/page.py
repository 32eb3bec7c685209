"""Weight initialization: what the first weights do to a signal on its way up, to a gradient on its way down, and to
learning."""

from __future__ import annotations

from functools import partial

import streamlit as st

from engine import initializers
from engine.signal import predict
from engine.signal.lsuv import lsuv
from pages.training.weight_initialization import ahead, race_picture
from pages.training.weight_initialization import controls as lesson
from pages.training.weight_initialization import picture as lab_picture
from pages.training.weight_initialization import race as racing
from pages.training.weight_initialization.check import signal_check
from pages.training.weight_initialization.controls import CONTROLS, KEY
from pages.training.weight_initialization.exercises import EXERCISES
from pages.training.weight_initialization.figure import spreads
from pages.training.weight_initialization.mount import lab, race
from pages.training.weight_initialization.settings import Row, setup_widgets
from pages.training.weight_initialization.words import (
    classic_numbers,
    labels,
    numbers_of,
    preset_names,
    race_names,
    recipe,
    tell,
)
from ui import errors, state
from ui.i18n import _
from ui.lesson import Frame, lesson_frame


@errors.fragment
def board() -> None:
    """The settings, and the signal's way. Another setting reruns this, and not the page."""
    ahead.prepare()
    with st.container(key="recipe", horizontal=True, vertical_alignment="bottom", gap="small"):
        row = setup_widgets()
    signal_board(row)


@errors.fragment
def signal_board(row: Row) -> None:
    """The signal's way. Pointing and dragging stay in the browser; a size reruns this alone."""
    now, known = lesson.view(), ahead.ready()
    draw = partial(
        lab_picture.picture,
        now,
        lesson.predictions(now),
        tell,
        chosen=lesson.preset(),
        names=preset_names(),
        axis=state.get("axis"),
        at=state.get("at"),
        held=bool(state.get("held")),
        waits=len(known) < len(preset_names()),
        present=bool(state.get("present")),
    )
    lab(lab_picture.experiments(known, tell), lambda heard: draw(heard=heard), lesson.act, key=f"{KEY}.lab")
    state.sync()
    if not row.is_up_to_date():
        st.rerun()


@errors.fragment
def race_board(frame: Frame) -> None:
    """Which start learns? Each picture of a race that is on asks for the next one."""
    track = racing.track()
    if track.job is not None:
        track.job.look()
    draw = partial(
        race_picture.picture,
        track,
        race_names(),
        racing.words(frame.words),
        units=state.get("units"),
        lr=state.get("lr"),
    )
    race(lambda heard: draw(heard=heard), racing.act, key=f"{KEY}.race")
    state.sync()


with lesson_frame(KEY, CONTROLS) as frame:
    board()
    race_board(frame)
    frame.text("what-you-see")
    frame.text("variance")
    frame.text("symmetry")
    frame.text("try")
    frame.text("numbers", **classic_numbers())
    frame.code(initializers.HeNormal, mark=["sqrt"], values={"shape": "(500, 500)", "fan": 500})
    frame.text("prediction")
    frame.code(predict, mark=["_chain"])
    frame.check(_("Check this prediction against other draws"), signal_check)
    frame.text("data")
    frame.code(lsuv, mark=[r"_scale\(name"])
    frame.exercises(EXERCISES)
    frame.take_away(
        figure=lambda: spreads(now := lesson.view(), recipe(now.setup), labels()),
        numbers=lambda: numbers_of(lesson.view()),
    )
    frame.text("sources")
