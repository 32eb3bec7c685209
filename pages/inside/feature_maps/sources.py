"""What "Feature maps" shows its networks: a digit, a coloured shape, a photograph, a picture of the learner's own.

A network takes pictures of one size only, so what comes larger, smaller or in colour is made to fit, and a note says
how.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.data.augmentation import resize
from engine.data.digits import LEVELS
from engine.data.photos import photo
from engine.data.resize import shrink
from engine.data.shapes import SHAPES, shapes
from engine.types import Array, Shape
from ui import state
from ui.i18n import _
from ui.picture_input import chosen_picture
from ui.sources import OwnPicture, names

SOURCES = ("digit", "shape", "china", "flower", "own")
LAST_SHAPE = 9999
LONGEST = 96
OWN = OwnPicture("feature-maps", LONGEST)
_LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)


@dataclass(frozen=True)
class Shown:
    """The network's input (C, H, W) in [0, 1], what it is in words, and what was done to make it fit."""

    image: Array
    name: str
    note: str = ""


def shown(shape: Shape) -> Shown:
    """The chosen picture, made to fit a network that takes (C, H, W)."""
    match OWN.source():
        case "digit":
            picture = chosen_picture()
            whole, name = picture.image, digit_name(picture.index, picture.label)
        case "shape":
            seed = int(state.get("shape"))
            whole, label = coloured(seed)
            name = shape_name(seed, label)
        case "own":
            assert OWN.image is not None
            whole, name = OWN.image, _("your picture")
        case which:
            whole, name = _square(which), names()[which]
    if whole.shape == tuple(shape):
        return Shown(whole, name)
    return Shown(fit(whole, shape), name, _fitted(whole.shape, shape))


def fit(picture: Array, shape: Shape) -> Array:
    """A square of a picture (C, H, W) as (C', H', W') of a network: its middle, scaled.

    Of colours only darkness is left, for a digit's 1 is ink; ink becomes dark on white. Grey 8×8 pictures keep to the
    17 levels of the digits, so that any of them can be written into a link.
    """
    channels, height, _width = shape
    square = _middle(picture)
    scaled = shrink(square, height) if square.shape[1] > height else resize(square[None], height)[0]
    if channels == 1 and len(scaled) == 3:
        scaled = 1 - np.tensordot(_LUMINANCE, scaled, axes=1)[np.newaxis]
    elif channels == 3 and len(scaled) == 1:
        scaled = np.repeat(1 - scaled, 3, axis=0)
    if channels == 1:
        scaled = np.rint(scaled * LEVELS) / LEVELS
    return np.clip(scaled, 0, 1).astype(np.float32)


def _middle(picture: Array) -> Array:
    height, width = picture.shape[1:]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return picture[:, top : top + side, left : left + side]


def _fitted(before: Shape, after: Shape) -> str:
    sizes = {"before": "×".join(map(str, before)), "after": "×".join(map(str, after))}
    if after[0] < before[0]:
        return _(
            "This network reads {after}: the picture of {before} was scaled, and what is dark taken as ink."
        ).format(**sizes)
    if after[0] > before[0]:
        return _("This network reads {after}: the picture of {before} was scaled and made black on white.").format(
            **sizes
        )
    return _("This network reads {after}: the picture of {before} was scaled.").format(**sizes)


@cache
def coloured(seed: int) -> tuple[Array, int]:
    """One coloured shape (3, 32, 32) and its class."""
    drawn = shapes(1, np.random.default_rng(seed))
    return drawn.x[0], int(drawn.y[0])


@cache
def _square(name: str) -> Array:
    return shrink(_middle(photo(name)), LONGEST)


def digit_name(index: int | None, label: int) -> str:
    """A digit in words."""
    if index is None:
        return _("your drawing, meant as a {label}").format(label=label)
    return _("digit {index}, a {label}").format(index=index, label=label)


def shape_name(seed: int, label: int) -> str:
    """A coloured shape in words."""
    return _("shape {seed}, a {label}").format(seed=seed, label=shape_words()[label])


def shape_words() -> list[str]:
    """The classes of shapes, in the reader's language."""
    words = {
        "circle": _("circle"),
        "ring": _("ring"),
        "square": _("square"),
        "triangle": _("triangle"),
        "cross": _("cross"),
    }
    return [words[name] for name in SHAPES]
