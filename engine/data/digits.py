"""The 1,797 handwritten digits that every lesson starts from, and their way in and out of a link.

A digit is an array (1, 8, 8) of float32 in [0, 1]: 0 is bare paper, 1 is full ink. Its values are the
17 levels 0/16, 1/16, ... 16/16, since each pixel counts the inked dots in a 4 × 4 block of a scan.

Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
Repository (1998), as shipped with scikit-learn (``sklearn.datasets.load_digits``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.data.splits import stratified_split
from engine.types import Array

CLASSES = 10
LEVELS = 16
SHAPE = (1, 8, 8)
VALIDATION_SHARE = 0.2
SPLIT_SEED = 0

_ALPHABET = "0123456789abcdefg"


class DigitCodeError(ValueError):
    """A text that should spell a digit, and doesn't."""


@dataclass(frozen=True)
class Digits:
    """The digits, split once and for all. Every array is read-only.

    ``x`` arrays: (N, 1, 8, 8) float32 in [0, 1]; ``y`` arrays: (N,) int64, 0-9; ``index`` arrays: (N,) int64, the
    place of each example in the whole set, as ``digit(index)`` takes it.
    """

    train_x: Array
    train_y: Array
    train_index: Array
    validation_x: Array
    validation_y: Array
    validation_index: Array


@cache
def all_digits() -> tuple[Array, Array]:
    """All digits in the order of the source: images (1797, 1, 8, 8) float32 in [0, 1], labels (1797,) int64."""
    from sklearn.datasets import load_digits  # takes about a second, so only when digits are wanted

    source = load_digits()
    images = (source.images[:, np.newaxis] / LEVELS).astype(np.float32)
    return _read_only(images), _read_only(source.target.astype(np.int64))


@cache
def digits() -> Digits:
    """The same 1,438 digits to train on and 359 to validate with, for everyone.

    The split is stratified: each class gives the same share, rounded, to validation.
    """
    images, labels = all_digits()
    split = stratified_split(labels, np.random.default_rng(SPLIT_SEED), share=VALIDATION_SHARE)
    train, validation = split.train, split.validation
    return Digits(
        train_x=_read_only(images[train]),
        train_y=_read_only(labels[train]),
        train_index=_read_only(train),
        validation_x=_read_only(images[validation]),
        validation_y=_read_only(labels[validation]),
        validation_index=_read_only(validation),
    )


def digit(index: int) -> tuple[Array, int]:
    """One digit of the whole set: its image (1, 8, 8), read-only, and its label.

    Raises IndexError for an index outside 0 ... 1796.
    """
    images, labels = all_digits()
    if not 0 <= index < len(labels):
        raise IndexError(f"There is no digit {index}: the set has digits 0 to {len(labels) - 1}.")
    return images[index], int(labels[index])


def encode_digit(image: Array) -> str:
    """Spell a digit as 64 characters, row by row: ``0`` is bare paper, ``g`` (= 16) full ink.

    ``image`` holds 64 values in [0, 1], shape (1, 8, 8) or (8, 8); each is rounded to the nearest of 17 levels.
    ``decode_digit(encode_digit(image))`` gives back exactly an image that has those levels already.
    """
    pixels = np.asarray(image, dtype=np.float64)
    if pixels.shape not in (SHAPE, SHAPE[1:]):
        raise DigitCodeError(f"A digit has shape (1, 8, 8), but this array has shape {pixels.shape}.")
    if not (np.isfinite(pixels).all() and pixels.min() >= 0 and pixels.max() <= 1):
        raise DigitCodeError("A digit's values lie between 0 (bare paper) and 1 (full ink); this array has others.")
    return "".join(_ALPHABET[level] for level in np.rint(pixels * LEVELS).astype(int).ravel())


def decode_digit(text: str) -> Array:
    """Read what ``encode_digit`` wrote: 64 characters 0-9 and a-g -> image (1, 8, 8) float32 in [0, 1]."""
    size = SHAPE[1] * SHAPE[2]
    if len(text) != size:
        raise DigitCodeError(f"A drawn digit is spelt with {size} characters, but this text has {len(text)}.")
    strange = sorted(set(text) - set(_ALPHABET))
    if strange:
        raise DigitCodeError(
            f"A drawn digit is spelt with 0-9 and a-g (0 bare paper, g full ink), but this text has {strange[0]!r}."
        )
    levels = [_ALPHABET.index(character) for character in text]
    return np.array(levels, dtype=np.float32).reshape(SHAPE) / np.float32(LEVELS)


def _read_only(array: Array) -> Array:
    array.flags.writeable = False
    return array
