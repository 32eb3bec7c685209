"""The well-known sets of pictures, from files that the reader has or from openml.org.

    MNIST, Fashion-MNIST    IDX files (magic 0 0 type axes, sizes, numbers; big-endian), plain or .gz
    CIFAR-10                the "binary version": records of 1 + 3·32·32 bytes

A file may come from anyone, so nothing in it is believed: sizes are checked as declared before anything is made of
them, then as found. Nothing is ever unpickled. Whatever is wrong with a file has an error of its own.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from http.client import HTTPException
from math import prod
from pathlib import Path
from typing import IO

import numpy as np

from engine.data.examples import Examples, numbered
from engine.sentence import Sentence
from engine.types import Array, Shape

Source = str | Path | IO[bytes] | bytes

MAX_BYTES = 256 * 2**20
"""The largest file, and the largest content of a .gz, that is read unless told otherwise."""
CIFAR10_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

_IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_AXES = 4
_CIFAR_SHAPE = (3, 32, 32)
_CIFAR_RECORD = 1 + prod(_CIFAR_SHAPE)
_KNOWN_STARTS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8": "a JPEG picture",
    b"PK": "a zip archive; unpack it first",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"\x80": "a Python pickle, which could run code and is never opened; the site has a binary version too",
    b"<": "a web page, perhaps an error message that was saved in place of the file",
}


class DataFileError(ValueError):
    """A data file that can't be used: says what was found, what was expected, and what would work."""


class TruncatedFile(DataFileError):
    """The file ends before what it promised."""


class WrongMagic(DataFileError):
    """The file begins like another kind of file."""


class OversizedFile(DataFileError):
    """The file is larger than is read here, or than its own header says."""


class MislabelledFile(DataFileError):
    """Pictures and labels don't belong together, or a label is no class."""


class NoNetwork(ConnectionError):
    """The site that has the data can't be reached."""


def read_idx(source: Source, *, max_bytes: int = MAX_BYTES) -> Array:
    """The array in an IDX file, plain or gzipped, in its own type. Raises TruncatedFile, WrongMagic, OversizedFile.

    Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", 1998.
    """
    data = _unzip(_read(source, max_bytes), max_bytes)
    if len(data) < 4:
        raise TruncatedFile(f"An IDX file begins with 4 bytes; this one has {len(data)}.")
    zero, kind, axes = struct.unpack(">HBB", data[:4])
    if zero or kind not in _IDX_TYPES or not 1 <= axes <= _MOST_AXES:
        raise WrongMagic(
            "An IDX file begins with 0, 0, a type and a number of axes (0 0 8 3 for pictures, 0 0 8 1 for labels); "
            f"this one begins with {' '.join(str(byte) for byte in data[:4])}{_looks_like(data)}."
        )
    start = 4 + 4 * axes
    if len(data) < start:
        raise TruncatedFile(
            f"The file ends inside its header: {axes} sizes take {start} bytes, and it has {len(data)}."
        )
    shape, dtype = struct.unpack(f">{axes}I", data[4:start]), np.dtype(_IDX_TYPES[kind])
    declared = prod(shape) * dtype.itemsize
    if declared > max_bytes:
        raise OversizedFile(
            f"The header promises {_size(declared)}, shape {shape}; at most {_size(max_bytes)} are read."
        )
    if len(data) < start + declared:
        raise TruncatedFile(
            f"The header promises {declared:,} bytes, shape {shape}, and {len(data) - start:,} follow it: the file was "
            "cut short. Get it once more."
        )
    if len(data) > start + declared:
        raise OversizedFile(
            f"The header promises {declared:,} bytes, shape {shape}, and {len(data) - start:,} follow it: the file is "
            "damaged, or two were joined."
        )
    return np.frombuffer(data, dtype, offset=start).reshape(shape).astype(dtype.newbyteorder("="))


def load_mnist(
    images: Source, labels: Source, *, first: int | None = None, classes: int = 10, max_bytes: int = MAX_BYTES
) -> Examples:
    """MNIST, Fashion-MNIST, or any set in their form: train-images-idx3-ubyte and train-labels-idx1-ubyte.

    ``first`` stops after so many examples. x (N, 1, H, W): 0 is paper, 1 full ink. Raises DataFileErrors.
    """
    pictures, y = read_idx(images, max_bytes=max_bytes), read_idx(labels, max_bytes=max_bytes)
    if pictures.ndim == 1 and y.ndim == 3:
        raise MislabelledFile("The two files are the wrong way round: the first one has labels, the second pictures.")
    for what, array, axes in (("pictures", pictures, 3), ("labels", y, 1)):
        if array.ndim != axes or array.dtype != np.uint8:
            raise WrongMagic(
                f"The file of {what} has shape {array.shape} and type {array.dtype}; expected {axes} axes of uint8, as "
                f"in train-{'images-idx3' if axes == 3 else 'labels-idx1'}-ubyte."
            )
    if len(pictures) != len(y):
        raise MislabelledFile(
            f"There are {len(pictures):,} pictures and {len(y):,} labels: the files belong to different sets, for "
            "example one to the training and one to the test set."
        )
    return _pictures(
        pictures[:first, None], y[:first], numbered(classes), "idx", Sentence("IDX files, in MNIST's form")
    )


def load_cifar10(*sources: Source, first: int | None = None, max_bytes: int = MAX_BYTES) -> Examples:
    """CIFAR-10 from its binary version: data_batch_1.bin ... data_batch_5.bin, or test_batch.bin.

    Each record is a label, then 32·32 bytes of red, of green and of blue. ``first`` stops after so many examples.
    Raises DataFileErrors. Krizhevsky, "Learning multiple layers of features from tiny images", 2009.
    """
    if not sources:
        raise ValueError("load_cifar10 was given no file; expected one or more, such as data_batch_1.bin.")
    records = []
    for source in sources:
        data = _read(source, max_bytes)
        if (hint := _looks_like(data)) and data[0] >= len(CIFAR10_CLASSES):
            raise WrongMagic(
                f"A file of CIFAR-10's binary version begins with a label, 0 to 9; this one doesn't{hint}."
            )
        if len(data) % _CIFAR_RECORD or not data:
            raise TruncatedFile(
                f"The file has {len(data):,} bytes, which is no whole number of records of {_CIFAR_RECORD:,} (a label "
                "and 3·32·32 colours): it was cut short, or isn't CIFAR-10's binary version."
            )
        records.append(np.frombuffer(data, np.uint8).reshape(-1, _CIFAR_RECORD))
    joined = np.concatenate(records)[:first]
    origin = Sentence("CIFAR-10 (Krizhevsky, 2009), from files of its binary version")
    return _pictures(joined[:, 1:].reshape(-1, *_CIFAR_SHAPE), joined[:, 0], CIFAR10_CLASSES, "cifar-10", origin)


@dataclass(frozen=True)
class OpenmlSet:
    """A set of openml.org: its name there, the shape of one picture, and what its classes are called."""

    name: str
    shape: Shape
    classes: tuple[str, ...] = numbered(10)


OPENML: dict[str, OpenmlSet] = {
    "mnist": OpenmlSet("mnist_784", (1, 28, 28)),
    "fashion-mnist": OpenmlSet("Fashion-MNIST", (1, 28, 28)),
    "cifar-10": OpenmlSet("CIFAR_10", _CIFAR_SHAPE, CIFAR10_CLASSES),
}


def fetch_openml(name: str, *, first: int | None = None) -> Examples:
    """One of ``OPENML`` from openml.org: some hundred MB the first time, then from scikit-learn's own folder.

    Raises KeyError for another name, NoNetwork where the site can't be reached.
    """
    if name not in OPENML:
        raise KeyError(f"There is no set {name!r} to fetch; there are {', '.join(OPENML)}.")
    from sklearn.datasets import fetch_openml as fetch  # takes about a second, so only when something is fetched

    wanted = OPENML[name]
    try:
        found = fetch(wanted.name, version=1, as_frame=False, n_retries=1, delay=0.5)
    except (OSError, HTTPException) as error:
        raise NoNetwork(
            f"{name} couldn't be fetched from openml.org ({error}). Where there is no network, download the files "
            "elsewhere and give them to load_mnist or load_cifar10; the digits, shapes and photographs need nothing."
        ) from error
    pixels = np.asarray(found.data[:first], dtype=np.float64)
    y = np.asarray(found.target[:first]).astype(np.int64)
    origin = Sentence("{name}, fetched from openml.org", name=wanted.name)
    return _pictures(pixels.reshape(-1, *wanted.shape), y, wanted.classes, name, origin)


def _pictures(pixels: Array, y: Array, classes: tuple[str, ...], name: str, origin: Sentence) -> Examples:
    """Bytes 0-255 and labels as the engine takes them, the labels checked."""
    if not len(y):
        raise TruncatedFile("There is no picture in this file.")
    if y.max() >= len(classes):
        at = int(np.argmax(y >= len(classes)))
        raise MislabelledFile(
            f"Example {at} has the label {int(y[at])}, but the classes are 0 to {len(classes) - 1}: the file is "
            "damaged, or its set has more classes."
        )
    x = np.divide(pixels, np.float32(255), dtype=np.float32)
    return Examples(np.ascontiguousarray(x), y.astype(np.int64), classes, name, origin)


def _read(source: Source, max_bytes: int) -> bytes:
    """All of a file, if it isn't larger than that."""
    if isinstance(source, str | Path):
        with Path(source).open("rb") as file:
            return _read(file, max_bytes)
    data = source if isinstance(source, bytes) else source.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise OversizedFile(f"The file is larger than {_size(max_bytes)}, the most that is read here.")
    return data


def _unzip(data: bytes, max_bytes: int) -> bytes:
    """The content of a .gz, or the data itself; unpacking stops at the limit."""
    if data[:2] != b"\x1f\x8b":
        return data
    gzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = gzip.decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise TruncatedFile("The .gz file is damaged or cut short: get it once more.") from error
    if len(content) > max_bytes:
        raise OversizedFile(f"The .gz file unpacks to more than {_size(max_bytes)}, the most that is read here.")
    if not gzip.eof:
        raise TruncatedFile("The .gz file ends before its content does: get it once more.")
    return content


def _looks_like(data: bytes) -> str:
    """What the first bytes are known from, ready to stand at a sentence's end."""
    return next((f", which looks like {kind}" for start, kind in _KNOWN_STARTS.items() if data.startswith(start)), "")


def _size(count: int) -> str:
    return f"{count / 2**20:.0f} MB"
