"""Watch it train: the digit network learns from scratch, and everything in it can be seen while it does."""

from __future__ import annotations

from functools import partial

import streamlit as st

from engine.data.digits import CLASSES
from engine.training.fit import fit
from engine.training.metrics import update_ratio
from engine.training.run import Run
from pages.training.watch_it_train.controls import CONTROLS, optimizer, recipe, recipe_widgets
from pages.training.watch_it_train.exercises import EXERCISES
from pages.training.watch_it_train.picture import Example, picture
from pages.training.watch_it_train.results import curve_arrays, curves_figure, gradient_check, weights_button
from pages.training.watch_it_train.run import Training, desk, digit_answered
from pages.training.watch_it_train.scene import Event, live
from ui import errors, state
from ui.catalogue import lesson
from ui.i18n import _
from ui.lesson import lesson_frame
from ui.picture_input import chosen_picture, picture_input

KEY = "watch-it-train"
OPEN, CHOSEN = f"{KEY}.open", f"{KEY}.chosen"


def current() -> Training:
    """This session's training, as the controls stand."""
    return desk().training(recipe(), optimizer(), state.get("speed"))


def shown() -> Run:
    """The run that is shown. What is made of it later must not begin another, whatever the controls say by then."""
    return (desk().at_work or current()).run


def act(event: Event) -> None:
    """What the learner did in the picture."""
    if event.action == "reset":
        desk().reset()
    elif event.action == "undo":
        desk().undo_reset()
    elif event.action == "speed":
        state.set("speed", event.value)
    elif event.action == "digit":
        choose(int(event.value))
    elif event.action == "cell":
        choose(digit_answered(current().run.network, *divmod(int(event.value), CLASSES)))
    elif event.action == "open":
        st.session_state[OPEN] = True
    else:
        current().do(event.action)


def choose(index: int | None) -> None:
    """Show the maps of another digit of the set; None is no digit."""
    if index is not None:
        state.set("digit", index)
        state.set("drawn", "")
        st.session_state[CHOSEN] = True


@errors.fragment
def board() -> None:
    """The live picture. Each time it is drawn, the run learns that someone is watching."""
    training, digit = current(), chosen_picture()
    training.job.look()
    example = Example(digit.image, digit.label)
    live(partial(picture, training, example, state.get("speed"), desk().before()), act, key=f"{KEY}.live")
    state.sync()
    if st.session_state.pop(OPEN, False):
        training.hand_over()
        picked = {"drawn": state.get("drawn"), "target": state.get("target")} if state.get("drawn") else {}
        state.go(lesson("forward-backward"), weights="mine", **(picked or {"digit": state.get("digit")}))
    if st.session_state.pop(CHOSEN, False):
        st.rerun()


with lesson_frame(KEY, CONTROLS) as frame:
    with st.container(key="recipe", horizontal=True, vertical_alignment="bottom", gap="small"):
        recipe_widgets()
        picture_input(current().run.network)
    board()
    frame.text("what-you-see")
    frame.text("try")
    frame.text("loop")
    frame.code(
        fit,
        mark=["network.train_forward", "loss.forward", "network.gradients", r"chosen\.update"],
        values={"batch_size": recipe().batch_size, "epochs": recipe().epochs, "optimizer": optimizer()},
    )
    frame.text("ratio")
    frame.code(update_ratio, mark=["moved / size"])
    frame.text("check")
    frame.check(_("Check the gradients of these weights"), lambda: gradient_check(shown()))
    frame.exercises(EXERCISES)
    frame.text("take-away")
    # Nothing of the page holds the run itself, so that it is gone when its session is.
    frame.take_away(figure=lambda: curves_figure(shown()), numbers=lambda: curve_arrays(shown()))
    if frame.shows("take-away"):
        with st.container(key="section-weights"):
            weights_button(shown, KEY)
