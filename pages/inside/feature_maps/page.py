"""Feature maps: what each kernel of a trained network finds, where, and in which other pictures."""

from __future__ import annotations

import streamlit as st

from engine.zoo.digit_network import pretrained_digit_network
from pages.inside.feature_maps import controls as lesson
from pages.inside.feature_maps import picture as shown
from pages.inside.feature_maps import sources as pictures
from pages.inside.feature_maps.compute import direction, peaks, strength
from pages.inside.feature_maps.controls import CONTROLS, KEY
from pages.inside.feature_maps.exercises import EXERCISES
from pages.inside.feature_maps.figure import maps_figure
from pages.inside.feature_maps.scene import Events, featuremaps
from ui import catalogue, errors, state, trained
from ui.i18n import _, blocks, language
from ui.lesson import Frame, lesson_frame
from ui.picture_input import picture_input
from ui.sources import names as source_names


@errors.fragment
def board(frame: Frame) -> None:
    """The picture. Pointing stays in the browser; another picture, network or kernel reruns this, and not the page."""
    link = lesson.leaving()
    if link is not None:
        state.go(catalogue.lesson("forward-backward"), **link)
    notices = lesson.settle()
    with st.container(key="bench-row", horizontal=True, vertical_alignment="center"):
        choose_network(frame)
        choose_picture(frame)
    for notice in notices:
        st.warning(notice)
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items() if name[:4] == "say-"}
    events = Events(set=lesson.take, take=lesson.take_picture, open=lesson.leave)
    featuremaps(shown.scene(), texts=texts, events=events, key=f"{KEY}.picture")
    state.sync()


def choose_network(frame: Frame) -> None:
    """Which of the two trained networks; and whose weights the digit network has, where there is a choice."""
    if not frame.shows("net"):
        return
    names = {"digits": _("Digit network"), "shapes": _("Shape network")}
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


def choose_picture(frame: Frame) -> None:
    """What the network is shown, and what had to be done to it."""
    if not frame.shows("source"):
        return
    names = source_names()
    known = [name for name in pictures.SOURCES if name != "own" or pictures.OWN.image is not None]
    st.selectbox(
        _("Picture"), known, format_func=lambda name: names[name], key=state.key("source"),
        label_visibility="collapsed", width=190,
    )  # fmt: skip
    match pictures.OWN.source():
        case "digit":
            picture_input(lesson.network() if state.get("net") == "digits" else pretrained_digit_network())
        case "shape":
            st.button(_("Another shape"), on_click=lesson.another_shape, key=f"{KEY}.another")
    with st.popover(_("Upload a picture"), key=f"{KEY}.upload", width="content"):
        pictures.OWN.upload()
    note = pictures.shown(lesson.network().input_shape).note
    if note:
        st.caption(note)


def recount() -> None:
    """The layer's maps once more, by four plain loops."""
    found = shown.recount()
    block = "recounted" if found.apart < 1e-4 else "recount-differs"
    st.markdown(frame.words(block, layer=found.layer, count=f"{found.count:,}", apart=f"{found.apart:.1e}"))


with lesson_frame(KEY, CONTROLS) as frame:
    board(frame)
    frame.text("intro")
    frame.text("reading")
    frame.text("try")
    frame.text("networks")
    frame.text("strength")
    frame.code(strength, mark=[r"maps\.max", r"np\.maximum"], values=shown.facts())
    frame.text("direction")
    frame.code(direction, mark=["rows =", "columns ="])
    frame.text("top")
    frame.code(peaks, mark=["argmax"])
    frame.check(_("Make these maps again by plain loops"), recount)
    frame.exercises(EXERCISES)
    frame.take_away(figure=lambda: maps_figure(shown.sheet()), numbers=shown.arrays)
    frame.text("sources")
