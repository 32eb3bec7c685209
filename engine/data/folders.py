"""A ZIP archive of folders, one for each class, as examples to learn from.

    pets/cat/1.png  pets/cat/old/2.png  pets/dog/3.jpg    ->    the classes cat, cat and dog

The class is the first folder below those that all pictures share, whatever lies in between. Every picture is brought
to one size by ``fit_inside``: the whole of it, in its own proportions, its border's colour where it leaves room. To
cut out the middle would lose what stands at the edge, and to stretch it would change what is learned.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from engine.data.archive import Entry, entries, unpack
from engine.data.examples import DataError, Examples
from engine.data.folder_limits import FolderLimits
from engine.data.pictures import PictureError, picture_size, read_picture
from engine.data.resize import fit_inside
from engine.sentence import Sentence
from engine.types import Array, Shape

_LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_ORIGIN = Sentence("The reader's own pictures, from a ZIP archive of folders")
DEFAULT_LIMITS = FolderLimits()


@dataclass(frozen=True)
class Remark:
    """What is to be said of one file of the archive."""

    path: str
    said: Sentence


@dataclass(frozen=True)
class Folders:
    """The examples, by class and then by path; which files aren't among them and why; which were changed and how."""

    examples: Examples
    paths: tuple[str, ...]
    left_out: tuple[Remark, ...]
    changed: tuple[Remark, ...]


def read_folders(data: bytes, shape: Shape, *, name: str = "folders", limits: FolderLimits = DEFAULT_LIMITS) -> Folders:
    """An archive's pictures as x (N, C, H, W) for a ``shape`` (C, H, W), C = 1 for grey or 3 for red, green and blue.

    What can't be used of it is left out and told. Raises DataError where it can't be used as a whole, or where nothing
    is left to learn: two classes at least, of two pictures each.
    """
    _expect_shape(shape, limits)
    listed = list(entries(data, limits))
    left_out = [Remark(entry.path, entry.refused) for entry in listed if entry.refused]
    class_of, outside = _classes([entry for entry in listed if not entry.refused])
    left_out += outside
    if len(set(class_of.values())) > limits.classes:
        raise DataError(
            "Too many folders would be classes: {count}; the most is {most}.",
            count=f"{len(set(class_of.values())):,}",
            most=str(limits.classes),
        )
    reader = _Reader(data, shape, limits)
    # All headers are looked at before one picture is decoded: nobody waits for what is refused in the end.
    for entry in class_of:
        reader.admit(entry)
    found: list[tuple[str, str, Array]] = []
    for entry, of_class in class_of.items():
        try:
            found.append((of_class, entry.path, reader.read(entry)))
        except PictureError as error:
            left_out.append(Remark(entry.path, error.message))
    counts = Counter(of_class for of_class, _, _ in found)
    few = Sentence("Its class has too few pictures that can be used; the least is {least}.", least=str(limits.least))
    left_out += [Remark(path, few) for of_class, path, _ in found if counts[of_class] < limits.least]
    kept = sorted((item for item in found if counts[item[0]] >= limits.least), key=lambda item: item[:2])
    classes = sorted({of_class for of_class, _, _ in kept})
    if len(classes) < 2:
        raise _nothing_to_tell_apart(classes, left_out)
    y = np.array([classes.index(of_class) for of_class, _, _ in kept], dtype=np.int64)
    examples = Examples(np.stack([image for _, _, image in kept]), y, tuple(classes), name, _ORIGIN)
    return Folders(examples, tuple(path for _, path, _ in kept), tuple(left_out), tuple(reader.changed))


class _Reader:
    """Admits every file, then opens one after the other; counts what all of them together take."""

    def __init__(self, data: bytes, shape: Shape, limits: FolderLimits) -> None:
        self.data, self.shape, self.limits = data, shape, limits
        self.bytes, self.pixels, self.numbers = limits.unpacked_bytes, limits.all_pixels, limits.numbers
        self.changed: list[Remark] = []

    def admit(self, entry: Entry) -> None:
        """Count what a file's entry and header promise. Raises DataError where all together are more than is read."""
        # What is promised is taken off before it is unpacked, so that a file which then turns out damaged counts too.
        if entry.size <= self.limits.file_bytes:
            self.bytes -= entry.size
        if self.bytes < 0:
            raise DataError(
                "The files together unpack to more than {most} MB, the most that are read. Fewer or smaller ones would "
                "work.",
                most=f"{self.limits.unpacked_bytes / 2**20:,.0f}",
            )
        with suppress(PictureError):  # read tells of it
            size = picture_size(unpack(self.data, entry, self.limits.file_bytes))
            self.pixels -= size if size <= self.limits.pixels else 0
        if self.pixels < 0:
            raise DataError(
                "The pictures together have more than {most} million pixels, the most that are read. Fewer or smaller "
                "ones would work.",
                most=f"{self.limits.all_pixels / 1e6:,.0f}",
            )

    def read(self, entry: Entry) -> Array:
        """One picture at its size. Raises PictureError for this file, DataError where no more are kept."""
        content = unpack(self.data, entry, self.limits.file_bytes)
        picture = read_picture(content, max_bytes=self.limits.file_bytes, max_pixels=self.limits.pixels)
        self.numbers -= int(np.prod(self.shape))
        if self.numbers < 0:
            raise DataError(
                "So many pictures of shape {shape} are more than {most} million numbers, the most that are kept. "
                "Fewer of them, or a smaller size, would work.",
                shape=str(self.shape),
                most=f"{self.limits.numbers / 1e6:,.0f}",
            )
        self.changed += [Remark(entry.path, note) for note in picture.notes]
        image = picture.image
        if self.shape[0] == 1:
            image = np.tensordot(_LUMINANCE, image, axes=1)[np.newaxis]
        return fit_inside(image, self.shape[1], self.shape[2])


def _classes(files: list[Entry]) -> tuple[dict[Entry, str], list[Remark]]:
    """Each file's class, and what lies beside the classes' folders."""
    folders = {entry: [part for part in entry.path.split("/")[:-1] if part not in ("", ".")] for entry in files}
    depth = 0
    while True:
        below = [parts for parts in folders.values() if len(parts) > depth]
        if len({parts[depth] for parts in below}) != 1 or all(len(parts) == depth + 1 for parts in below):
            break
        depth += 1
    beside = Sentence("It lies beside the classes' folders, not in one of them.")
    class_of = {entry: parts[depth] for entry, parts in folders.items() if len(parts) > depth}
    return class_of, [Remark(entry.path, beside) for entry in files if entry not in class_of]


def _expect_shape(shape: Shape, limits: FolderLimits) -> None:
    if len(shape) != 3 or shape[0] not in (1, 3) or not all(1 <= side <= limits.side for side in shape[1:]):
        raise DataError(
            "The pictures are wanted with shape {shape}; expected (C, H, W) with C = 1 or 3, and H and W from 1 to "
            "{most}, such as (3, 32, 32).",
            shape=str(shape),
            most=str(limits.side),
        )


def _nothing_to_tell_apart(classes: list[str], left_out: list[Remark]) -> DataError:
    """The refusal, with the reason that most files were left out for."""
    expected = Sentence("expected two folders or more, one for each class, with two pictures or more in each.")
    if not left_out:
        return DataError(
            "Too few classes were found in the archive: {classes}; {expected}",
            classes=str(len(classes)),
            expected=expected,
        )
    reasons = {str(remark.said): remark.said for remark in left_out}
    reason, files = Counter(str(remark.said) for remark in left_out).most_common(1)[0]
    return DataError(
        "Too few classes were found in the archive: {classes}; {expected} Why most files were left out ({files}×): "
        "{reason}",
        classes=str(len(classes)),
        expected=expected,
        files=str(files),
        reason=reasons[reason],
    )
