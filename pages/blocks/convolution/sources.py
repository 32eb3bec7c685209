"""What the convolution lesson slides its kernel over: digits, shapes, photos, a picture of the learner's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from engine.data.photos import photo
from engine.data.resize import shrink
from engine.data.shapes import shapes
from engine.types import Array
from engine.zoo.digit_network import pretrained_digit_network
from ui import sources, state
from ui.i18n import _
from ui.picture_input import chosen_picture
from ui.sources import OwnPicture

LONGEST = 72
MAPS = 8
"""Feature maps that the digit network makes of a digit, first of all."""
ALEXNET = 227
OWN = OwnPicture("convolution", LONGEST)


def rows(text: str) -> Array:
    """ "12/34" -> one channel [[1, 2], [3, 4]]."""
    return np.array([[[float(digit) for digit in row] for row in text.split("/")]])


def picture() -> Array:
    """The chosen picture, (C, H, W) float64, before any number of it was changed."""
    return MAKERS[OWN.source()]().astype(np.float64)


def _maps() -> Array:
    trace = pretrained_digit_network().forward(chosen_picture().image[np.newaxis])
    maps: Array = trace["relu1"].y[0]
    return maps[: int(state.get("channels"))]


def _own() -> Array:
    image = OWN.image
    assert image is not None, "source() has looked"
    return image


def _shape(size: int = 32) -> Array:
    return shrink(_coloured(int(state.get("shape"))), size)


@cache
def _coloured(seed: int) -> Array:
    image: Array = shapes(1, np.random.default_rng(seed)).x[0]
    return image


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
    "own": _own,
    "cross": lambda: rows("11100/01110/00111/00110/01100"),
    "counting": lambda: rows("12345/67890/98765/43210/12345"),
    "face": lambda: rows("00000000/01111110/01911910/01111110/01122110/01111110/01999910/00111100"),
    "ten": lambda: _shape(10)[:1],
    "five": lambda: _shape(5),
    "maps": _maps,
    "alexnet": lambda: _square("china", ALEXNET),
}
GREY = ("digit", "cross", "counting", "face", "ten")
"""Pictures that have one channel."""


def names() -> dict[str, str]:
    """The pictures by name, in the reader's language."""
    return sources.names() | {
        "cross": _("5×5, zeros and ones"),
        "counting": _("5×5, digits"),
        "face": _("8×8, a face"),
        "ten": _("10×10"),
        "five": _("5×5, three channels"),
        "maps": _("feature maps of the digit"),
        "alexnet": _("photo, 227×227"),
    }


def digit_is_shown() -> bool:
    """Whether the bench shows the chosen digit."""
    return OWN.source() in ("digit", "maps") or state.get("view") == "linear"
