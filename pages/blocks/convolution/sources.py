"""What the convolution lesson slides its kernel over: digits, shapes, photos, a picture of the learner's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import streamlit as st

from engine.data.photos import photo
from engine.data.pictures import PictureError, read_picture
from engine.data.resize import shrink
from engine.data.shapes import shapes
from engine.types import Array
from ui import limits, state, visit
from ui.i18n import _
from ui.picture_input import SUFFIXES, chosen_picture, said

LONGEST = 72
ALEXNET = 227
_OWN, _FILE = "convolution.own", "convolution.file"


def rows(text: str) -> Array:
    """ "12/34" -> one channel [[1, 2], [3, 4]]."""
    return np.array([[[float(digit) for digit in row] for row in text.split("/")]])


def picture() -> Array:
    """The chosen picture, (C, H, W) float64, before any number of it was changed."""
    return MAKERS[source()]().astype(np.float64)


def source() -> str:
    """Which picture is shown: the chosen one, or a digit where the learner's own isn't in this visit."""
    chosen: str = state.get("source")
    return "digit" if chosen == "own" and own() is None else chosen


def _shape(size: int = 32) -> Array:
    return shrink(_coloured(int(state.get("shape"))), size)


@cache
def _coloured(seed: int) -> Array:
    return shapes(1, np.random.default_rng(seed)).x[0]


@cache
def _small(name: str) -> Array:
    return shrink(photo(name), LONGEST)


@cache
def _square(name: str, side: int) -> Array:
    whole = photo(name)
    height, width = whole.shape[1:]
    left = (width - height) // 2
    return shrink(whole[:, :, left : left + height], side)


MAKERS: Mapping[str, Callable[[], Array]] = {
    "digit": lambda: chosen_picture().image,
    "shape": _shape,
    "china": lambda: _small("china"),
    "flower": lambda: _small("flower"),
    "own": lambda: visit.kept(_OWN),
    "cross": lambda: rows("11100/01110/00111/00110/01100"),
    "counting": lambda: rows("12345/67890/98765/43210/12345"),
    "ten": lambda: _shape(10)[:1],
    "five": lambda: _shape(5),
    "alexnet": lambda: _square("china", ALEXNET),
}


def names() -> dict[str, str]:
    """The pictures by name, in the reader's language."""
    return {
        "digit": _("digit or drawing"),
        "shape": _("coloured shape"),
        "china": _("photo: temple"),
        "flower": _("photo: flower"),
        "own": _("your picture"),
        "cross": _("5×5, zeros and ones"),
        "counting": _("5×5, digits"),
        "ten": _("10×10"),
        "five": _("5×5, three channels"),
        "alexnet": _("photo, 227×227"),
    }


def own() -> Array | None:
    """The picture that the learner uploaded in this visit, made small; None where there is none."""
    found: Array | None = visit.kept(_OWN)
    return found


def upload() -> None:
    """Where a picture can be handed in, and what became of it."""
    st.file_uploader(
        _("A picture of yours: it stays on this page and is not kept"), type=SUFFIXES, key=_FILE, on_change=_take
    )
    problem = st.session_state.get(f"{_FILE}.problem")
    if problem is not None:
        st.info(said(problem))


def _take() -> None:
    file = st.session_state.get(_FILE)
    st.session_state[f"{_FILE}.problem"] = None
    if file is None:
        return
    try:
        with limits.HEAVY:
            read = read_picture(file.getvalue(), max_bytes=limits.UPLOAD_BYTES, max_pixels=limits.UPLOAD_PIXELS)
            visit.keep(_OWN, shrink(read.image, LONGEST))
    except PictureError as error:
        st.session_state[f"{_FILE}.problem"] = error.message
        return
    state.set("source", "own")
