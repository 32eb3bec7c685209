"""Choose a picture: one of the data set's digits, one drawn in the browser, or a file of the learner's own.

    with lesson_frame("forward-backward", controls=picture_controls(digit=504)) as frame:
        picture = picture_input()
        network.forward(picture.image[np.newaxis])

Three controls keep the choice in the link: ``digit=504``, or ``drawn=`` with 64 characters, and ``target=7``, what
the drawing is meant to be: nobody but its maker can know.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import numpy as np
import streamlit as st

from engine.data.digits import LEVELS, all_digits, decode_digit, digit, digits, encode_digit
from engine.data.pictures import FORMATS, PictureError, read_picture, to_digit
from engine.losses import softmax
from engine.network import Network
from engine.types import Array
from engine.zoo.digit_network import pretrained_digit_network
from ui import errors, limits, state
from ui.components import picture as component
from ui.components.pack import pack
from ui.controls import Control, Number, Short
from ui.figures import svg
from ui.i18n import _, joined
from ui.sentences import said
from ui.uploads import uploader

Source = Literal["digit", "drawn", "upload"]

MOST_INDEX = 1796
CERTAIN = 0.999
EXAMPLE = "002888c200cgeef100e90c6000a28b000002e30000098000000e4000003f0000"
SUFFIXES = ["png", "jpg", "jpeg", "gif", "bmp", "webp"]

_OPEN = "picture.open"
_WAY = "picture.way"
_FILE = "picture.file"
_UPLOADED = "picture.uploaded"
_CHANGED = "picture.changed"


@dataclass(frozen=True)
class Picture:
    """What the network is shown: ``image`` (1, 8, 8) float32 in [0, 1], and the digit that it ought to read there.

    ``index`` is the digit's place in the data set, None for a drawing or upload. ``notes`` tell what was done to an
    uploaded file, in the reader's language.
    """

    image: Array
    label: int
    source: Source
    index: int | None = None
    notes: tuple[str, ...] = ()


def picture_controls(digit: int = 504, target: int = 7) -> tuple[Control, ...]:
    """The controls for the lesson's frame: the digit shown at first, and what a drawing is taken for at first."""
    return (
        Number("digit", 0, MOST_INDEX, digit, integer=True),
        Short("drawn", f"[0-9a-g]{{{len(EXAMPLE)}}}", len(EXAMPLE), example=EXAMPLE),
        Number("target", 0, 9, target, integer=True),
    )


def chosen_picture() -> Picture:
    """The picture that the controls stand for; draws nothing."""
    drawn, target = state.get("drawn"), state.get("target")
    if not drawn:
        index = state.get("digit")
        image, label = digit(index)
        return Picture(image, label, "digit", index)
    text, notes = st.session_state.get(_UPLOADED, ("", ()))
    if text == drawn:
        return Picture(decode_digit(drawn), target, "upload", notes=tuple(said(note) for note in notes))
    return Picture(decode_digit(drawn), target, "drawn")


def picture_input(network: Network | None = None) -> Picture:
    """One row: the picture as it is, what it is, and a button to choose another. ``hide=digit`` leaves the button out.

    ``network`` is the one whose mistakes the contact sheet marks; the pretrained one if none is given.
    """
    picture = chosen_picture()
    with st.container(key="picture-input", horizontal=True, vertical_alignment="center", gap="small"):
        mode: Literal["light", "dark"] = "dark" if st.context.theme.type == "dark" else "light"
        cells = svg.grid(picture.image[0], 0, 0, 4, limit=1, ramp="sequential", mode=mode, gap=0)
        words = _caption(picture)
        st.html(svg.image(svg.document(cells, 32, 32), words), width="content")
        if not state.hidden("digit"):
            _chooser(network or pretrained_digit_network())
        # After the button: what opens from it stays where it is when these words grow.
        st.html(f"<p>{escape(words)}</p>", width="content")
    return picture


def _caption(picture: Picture) -> str:
    if picture.source == "digit":
        return _("Digit {index}, a {label}").format(index=picture.index, label=picture.label)
    if picture.source == "upload":
        return _("Your picture, meant as a {label}").format(label=picture.label)
    return _("Your drawing, meant as a {label}").format(label=picture.label)


@errors.fragment
def _chooser(network: Network) -> None:
    """The button and what it opens. Only a new choice reruns the page."""
    if st.session_state.pop(_CHANGED, False):
        st.rerun()
    popover = st.popover(_("Choose a digit"), key=_OPEN, on_change="rerun", width="content")
    if not popover.open:
        return
    ways = {"sheet": _("From the data set"), "draw": _("Draw"), "upload": _("Upload")}
    with popover, st.container(key="picture-chooser", gap="small"):
        way = st.segmented_control(
            _("Where the digit comes from"),
            list(ways),
            format_func=lambda name: ways[name],
            default="draw" if state.get("drawn") else "sheet",
            required=True,
            key=_WAY,
            label_visibility="collapsed",
        )
        if way == "sheet":
            component.sheet(_sheet_data(network), _choose_digit, key="picture.sheet")
            return
        if way == "draw":
            component.canvas(state.get("drawn"), _canvas_words(), _choose_drawing, key="picture.canvas")
        else:
            _upload()
        if state.get("drawn"):
            st.caption(_reading(network))
        st.segmented_control(
            _("What is it meant to be? The loss compares the network's answer with yours."),
            range(10),
            key=state.key("target"),
            required=True,
            on_change=_changed,
        )


def _upload() -> None:
    label = _("A picture of one digit")
    uploader(label, FORMATS, SUFFIXES, limits.UPLOAD_BYTES, key=_FILE, on_change=_choose_upload)
    problem = st.session_state.get(f"{_FILE}.problem")
    if problem is not None:
        st.warning(said(problem))
        return
    picture = chosen_picture()
    if picture.source == "upload":
        done = _("It was cut out, stretched to the square and brought down to 8 × 8 levels, as the data set was.")
        st.caption(joined(*picture.notes, done))


def _reading(network: Network) -> str:
    p = softmax(network.predict(chosen_picture().image[np.newaxis]))[0]
    shown = f"> {CERTAIN}" if p.max() > CERTAIN else f"{p.max():.3f}"
    return _("The network reads a **{digit}**, with probability {p}.").format(digit=p.argmax(), p=shown)


def _choose_digit(index: Any) -> None:
    if _set("digit", index, int):
        state.set("drawn", "")
        st.session_state[_OPEN] = False


def _choose_drawing(text: Any) -> None:
    _set("drawn", text, str)


def _choose_upload() -> None:
    file = st.session_state.get(_FILE)
    st.session_state[f"{_FILE}.problem"] = None
    if file is None:
        return
    try:
        with limits.HEAVY:
            read = read_picture(file.getvalue(), max_bytes=limits.UPLOAD_BYTES, max_pixels=limits.UPLOAD_PIXELS)
            text = encode_digit(to_digit(read.image))
    except PictureError as error:
        st.session_state[f"{_FILE}.problem"] = error.message
        return
    st.session_state[_UPLOADED] = (text, read.notes)
    _set("drawn", text, str)


def _set(name: str, value: Any, kind: type[int] | type[str]) -> bool:
    """Take a value that came from the browser, if it is one that the control allows."""
    if type(value) is not kind:
        return False
    try:
        state.set(name, value)
    except ValueError:
        return False
    _changed()
    return True


def _changed() -> None:
    st.session_state[_CHANGED] = True


def _sheet_data(network: Network) -> bytes:
    images, labels = all_digits()
    held = np.zeros(len(labels), dtype=np.uint8)
    held[digits().validation_index] = 1
    arrays = {
        "levels": np.rint(images * LEVELS).astype(np.uint8),
        "labels": labels.astype(np.uint8),
        "guesses": network.predict(images).argmax(axis=1).astype(np.uint8),
        "held": held,
    }
    return pack({"chosen": -1 if state.get("drawn") else state.get("digit"), "words": _sheet_words()}, arrays)


def _sheet_words() -> dict[str, str]:
    return {
        "filter": _("Which digits are shown"),
        "misread": _("misread"),
        "sheet": _("The digits of the data set"),
        "digit": _("digit {index}, a {label}"),
        "wrong": _("the network reads a {guess}"),
        "held": _("not used in training"),
        "hint": _("Click a digit to take it. Those underlined are misread by the network."),
    }


def _canvas_words() -> dict[str, str]:
    return {
        "draw": _("Draw one digit, large"),
        "seen": _("What the network gets"),
        "pen": _("Pen"),
        "rubber": _("Rubber"),
        "undo": _("Undo"),
        "clear": _("Clear"),
        "stretch": _("Stretch"),
        "stretchWhy": _("The data set's digits all fill the square from top to bottom; this does it to yours."),
        "keys": _("Keys: arrows move a frame, space inks or empties its cell, Ctrl+Z undoes."),
    }
