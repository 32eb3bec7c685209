"""The reader's own pictures: from a file's bytes to an array, and from any picture to an 8×8 digit.

A file may hold anything, so ``read_picture`` judges it by its first bytes and its header before it decodes,
decodes one still picture, and follows no reference out of it. What it had to change it says in ``notes``.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.data.digits import LEVELS, SHAPE
from engine.sentence import Sentence
from engine.types import Array

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WebP")

LEAST_CONTRAST = 0.1
"""Ink and paper must differ by this share of the range from black to white."""
COVERAGE = (0.245, 0.39)
"""The share of its square that is inked, for 98 in 100 of the data set's digits."""

_SIDE, _WIDTH = 32, 20
"""The data set's digits were fitted into 20×32 of 32×32 dots, then counted in blocks of 4×4."""
_WIDEN = 1.25
_WORKING_SIDE = 256
_LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_ORIENTATION = 0x0112


class PictureError(ValueError):
    """A file or picture that can't be used: says why, and what would work."""

    def __init__(self, template: str, **values: Any) -> None:
        self.message = Sentence(template, **values)
        super().__init__(str(self.message))


@dataclass(frozen=True)
class ReadPicture:
    """``image`` (3, H, W) float32 in [0, 1], red, green, blue; ``notes`` tell what was changed on the way."""

    image: Array
    notes: tuple[Sentence, ...]


def read_picture(data: bytes, *, max_bytes: int, max_pixels: int) -> ReadPicture:
    """Read a PNG, JPEG, GIF, BMP or WebP file, whatever its name says. Raises PictureError."""
    from PIL import Image

    if not data:
        raise PictureError("The file is empty.")
    if len(data) > max_bytes:
        raise PictureError(
            "The file has {size:.1f} MB; at most {most:.0f} MB are read. A smaller copy of the picture will do.",
            size=len(data) / 2**20,
            most=max_bytes / 2**20,
        )
    kind = _kind_of(data)
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as opened:
            width, height = opened.size
            if width * height <= max_pixels:
                return _decode(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(
            "The picture would unpack to far more than {most:.0f} million pixels, the most that are read.",
            most=max_pixels / 1e6,
        ) from error
    except Exception as error:  # decoders raise nearly every kind of exception on damaged files
        raise PictureError("The {kind} file is damaged or cut short: save it once more.", kind=kind) from error
    raise PictureError(
        "The picture has {width} × {height} pixels; at most {most:.0f} million are read. "
        "A smaller copy of the picture will do.",
        width=width,
        height=height,
        most=max_pixels / 1e6,
    )


def picture_size(data: bytes) -> int:
    """How many pixels the header promises, without decoding one; 0 where no picture is to be read from it."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=(_kind_of(data),)) as opened:
            return opened.width * opened.height
    except Exception:  # as in read_picture, which says what is wrong
        return 0


def to_digit(image: Array) -> Array:
    """Make a digit (1, 8, 8) of a picture (3, H, W) or (1, H, W) with values in [0, 1], as the data set was made.

    Ink is what differs from the picture's edge, so dark on light and light on dark both do. Its bounding box is
    stretched to 20×32 of 32×32 dots, strokes are brought to the width that they have in the data set, and the
    inked dots of each 4×4 block are counted: 0/16 ... 16/16. A picture of 8×8 pixels keeps its own grey levels.

    Raises PictureError where there is no ink to be seen.
    Source: M. D. Garris et al., "NIST Form-Based Handprint Recognition System", NISTIR 5469 (1994), which made the
    bitmaps of the data set.
    """
    if image.ndim != 3 or image.shape[0] not in (1, 3) or 0 in image.shape:
        raise PictureError("A picture has shape (3, H, W) or (1, H, W); this array has {shape}.", shape=image.shape)
    grey = image[0] if image.shape[0] == 1 else np.tensordot(_LUMINANCE, image, axes=1)
    if np.ptp(grey) < LEAST_CONTRAST:
        raise PictureError("There is nothing to see in this picture: it has one colour all over.")
    if grey.shape == SHAPE[1:]:
        ink = np.asarray(grey if _is_light_on_dark(grey) else 1 - grey, dtype=np.float32)
        return np.rint(ink * LEVELS)[np.newaxis] / np.float32(LEVELS)
    dots = _normalise_strokes(_fit(_without_specks(_ink(_shrink(grey)))))
    block = _SIDE // SHAPE[1]
    shares: Array = dots.reshape(SHAPE[1], block, SHAPE[2], block).mean(axis=(1, 3), dtype=np.float32)
    return shares[np.newaxis]


def _kind_of(data: bytes) -> str:
    """Pillow's name for the format that the first bytes show."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    if data.startswith(b"BM"):
        return "BMP"
    raise PictureError(
        "This is {found}; expected a picture as {formats}.", found=_likely(data), formats=", ".join(FORMATS)
    )


def _likely(data: bytes) -> Sentence:
    start = data[:1024].lstrip().lower()
    if start.startswith(b"%pdf"):
        return Sentence("a PDF document")
    if start.startswith(b"pk"):
        return Sentence("a zip archive or an office document")
    if b"<svg" in start:
        return Sentence("an SVG drawing")
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return Sentence("a web page or XML file")
    if data[4:8] == b"ftyp":
        return Sentence("a HEIC, AVIF or video file")
    if data.startswith((b"II*\x00", b"MM\x00*")):
        return Sentence("a TIFF file")
    return Sentence("not a picture file that is known here")


def _decode(opened: Image) -> ReadPicture:
    """The first frame, turned upright, on white, as red, green and blue."""
    from PIL import ImageOps

    notes = []
    if getattr(opened, "is_animated", False):
        notes.append(Sentence("The picture moves: its first frame is taken."))
        opened.seek(0)
    opened.load()
    if opened.getexif().get(_ORIENTATION, 1) != 1:
        notes.append(Sentence("The picture is turned upright, as the camera noted."))
    still = ImageOps.exif_transpose(opened)
    if still.has_transparency_data:
        still = still.convert("RGBA")
        rgba = _unit(np.asarray(still))
        alpha = rgba[..., 3:]
        if alpha.min() < 1:
            notes.append(Sentence("Transparent parts are taken as white."))
        rgb = rgba[..., :3] * alpha + (1 - alpha)
    elif still.mode.startswith("I"):
        grey = _unit(np.asarray(still).astype(np.uint16))
        rgb = np.repeat(grey[..., np.newaxis], 3, axis=2)
    else:
        if still.mode == "CMYK":
            notes.append(Sentence("The picture's printing colours (CMYK) are turned into red, green and blue."))
        rgb = _unit(np.asarray(still.convert("RGB")))
    return ReadPicture(np.ascontiguousarray(rgb.transpose(2, 0, 1)), tuple(notes))


def _unit(values: Array) -> Array:
    """Whole numbers of 8 or 16 bits as float32 in [0, 1]."""
    return values.astype(np.float32) / np.float32(np.iinfo(values.dtype).max)


def _is_light_on_dark(grey: Array) -> bool:
    """Paper is what most of the picture's edge shows."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return bool(np.median(edge) < (grey.min() + grey.max()) / 2)


def _shrink(grey: Array) -> Array:
    """At most 256 pixels a side, each the mean of those it stands for: enough for 32 dots, and quick."""
    from PIL import Image

    longest = max(grey.shape)
    if longest <= _WORKING_SIDE:
        return grey
    height, width = (max(1, round(side * _WORKING_SIDE / longest)) for side in grey.shape)
    small = Image.fromarray(np.ascontiguousarray(grey, dtype=np.float32)).resize((width, height), Image.Resampling.BOX)
    return np.asarray(small)


def _ink(grey: Array) -> Array:
    """Where the ink is, (H, W) bool: on one side of the threshold that parts ink and paper best."""
    threshold = _otsu(grey)
    light = grey > threshold
    edge = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    return light if edge.mean() < 0.5 else ~light


def _otsu(grey: Array) -> float:
    """The threshold t that maximises n₀ · n₁ · (mean₁ - mean₀)², the variance between the two sides.

    Source: N. Otsu, "A Threshold Selection Method from Gray-Level Histograms" (1979).
    """
    counts, edges = np.histogram(grey, bins=256)
    centres = (edges[:-1] + edges[1:]) / 2
    below, total = np.cumsum(counts)[:-1], np.cumsum(counts * centres)[:-1]
    above = grey.size - below
    difference = (np.sum(counts * centres) - total) / above - total / below
    return float(edges[1:-1][np.argmax(below * above * difference**2)])


def _without_specks(ink: Array) -> Array:
    """Drop connected pieces smaller than a twentieth of the largest: dust would stretch the bounding box."""
    from scipy import ndimage

    pieces, _ = ndimage.label(ink, structure=np.ones((3, 3)))
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    kept: Array = (sizes >= sizes.max() / 20)[pieces] & ink
    return kept


def _fit(ink: Array) -> Array:
    """The ink's bounding box, stretched to 20×32 dots in the middle of 32×32.

    A 1 isn't made a block of ink: no box is widened to more than 5/4 of its own proportions.
    """
    from PIL import Image

    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    width = min(_WIDTH, max(1, round(_WIDEN * _SIDE * box.shape[1] / box.shape[0])))
    shares = Image.fromarray(box.astype(np.float32)).resize((width, _SIDE), Image.Resampling.BILINEAR)
    stretched = np.asarray(shares)
    left = (_SIDE - width) // 2
    dots = np.zeros((_SIDE, _SIDE), dtype=bool)
    # Half of the most, not half: a stroke thinner than a dot would vanish.
    dots[:, left : left + width] = stretched >= stretched.max() / 2
    return dots


def _normalise_strokes(dots: Array) -> Array:
    """Grow or shrink the ink, dot by dot, until it covers as much of the square as in the data set."""
    from scipy import ndimage

    while dots.mean() < COVERAGE[0]:
        dots = ndimage.binary_dilation(dots)
    while dots.mean() > COVERAGE[1]:
        thinner = ndimage.binary_erosion(dots, border_value=1)
        if thinner.mean() < COVERAGE[0] or (thinner == dots).all():
            break
        dots = thinner
    return dots
