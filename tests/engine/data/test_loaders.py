"""Data files: what is read from sound ones, and the name of what is wrong with the others."""

import gzip
import io
import pickle
import socket
import struct
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.loaders import (
    CIFAR10_CLASSES,
    OPENML,
    DataFileError,
    MislabelledFile,
    NoNetwork,
    OversizedFile,
    TruncatedFile,
    WrongMagic,
    fetch_openml,
    load_cifar10,
    load_mnist,
    read_idx,
)
from engine.types import Array


def idx(array: Array) -> bytes:
    """An IDX file, written from the format's description."""
    kinds = {"uint8": 8, "int8": 9, "int16": 11, "int32": 12, "float32": 13, "float64": 14}
    header = struct.pack(">HBB", 0, kinds[array.dtype.name], array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (7, 28, 28), dtype=np.uint8)
LABELS = np.array([3, 1, 4, 1, 5, 9, 2], np.uint8)
RECORDS = np.concatenate([LABELS[:, None], RNG.integers(0, 256, (7, 3072), dtype=np.uint8)], axis=1)


@pytest.mark.parametrize("name", ["uint8", "int8", "int16", "int32", "float32", "float64"])
@pytest.mark.parametrize("shape", [(5,), (2, 3), (2, 3, 4), (1, 2, 3, 2), (0, 4)], ids=str)
def test_an_idx_file_of_every_type_comes_back(name: str, shape: tuple[int, ...]) -> None:
    array = (np.random.default_rng(1).standard_normal(shape) * 100).astype(name)
    back = read_idx(idx(array))
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def test_mnist_becomes_pictures_from_0_to_1_and_labels() -> None:
    found = load_mnist(idx(IMAGES), idx(LABELS))
    assert (found.x.shape, found.x.dtype, found.y.dtype) == ((7, 1, 28, 28), np.float32, np.int64)
    np.testing.assert_allclose(found.x[:, 0], IMAGES / 255, rtol=1e-6)
    np.testing.assert_array_equal(found.y, LABELS)


def test_a_file_can_be_given_as_path_open_file_bytes_or_gzipped(tmp_path: Path) -> None:
    (tmp_path / "images").write_bytes(idx(IMAGES))
    (tmp_path / "images.gz").write_bytes(gzip.compress(idx(IMAGES)))
    for source in (tmp_path / "images", str(tmp_path / "images.gz"), io.BytesIO(idx(IMAGES)), idx(IMAGES)):
        np.testing.assert_array_equal(read_idx(source), IMAGES)


def test_only_the_first_examples_can_be_taken() -> None:
    assert len(load_mnist(idx(IMAGES), idx(LABELS), first=3).x) == 3
    assert load_cifar10(RECORDS.tobytes(), RECORDS.tobytes(), first=9).y.tolist() == [*LABELS, 3, 1]


def test_cifar_10_becomes_pictures_in_red_green_and_blue() -> None:
    found = load_cifar10(RECORDS[:4].tobytes(), RECORDS[4:].tobytes())
    assert (found.x.shape, found.x.dtype) == ((7, 3, 32, 32), np.float32)
    np.testing.assert_array_equal(found.y, LABELS)
    # Picture 2, green, row 5, column 6: byte 1 + 1024 + 5·32 + 6 of its record.
    assert found.x[2, 1, 5, 6] == pytest.approx(RECORDS[2, 1 + 1024 + 5 * 32 + 6] / 255)
    assert CIFAR10_CLASSES[found.y[0]] == "cat"


PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
BOMB = gzip.compress(bytes(50 * 2**20))

BAD_IDX: dict[str, tuple[bytes, type[DataFileError], str]] = {
    "empty": (b"", TruncatedFile, "this one has 0"),
    "three bytes": (b"\x00\x00\x08", TruncatedFile, "this one has 3"),
    "cut in the header": (idx(IMAGES)[:10], TruncatedFile, "ends inside its header"),
    "cut in the numbers": (idx(IMAGES)[:-1], TruncatedFile, "promises 5,488 bytes.*5,487 follow"),
    "cut .gz": (gzip.compress(idx(IMAGES))[:-9], TruncatedFile, "ends before"),
    "damaged .gz": (gzip.compress(idx(IMAGES))[:500] + bytes(500), TruncatedFile, "damaged|ends before"),
    "no .gz": (b"\x1f\x8bnothing", TruncatedFile, "damaged"),
    "a picture": (PNG, WrongMagic, "begins with 137 80 78 71, which looks like a PNG"),
    "a zip": (b"PK\x03\x04" + bytes(99), WrongMagic, "zip archive"),
    "a pickle": (pickle.dumps({"data": IMAGES}), WrongMagic, "pickle, which could run code"),
    "a web page": (b"<!DOCTYPE html>", WrongMagic, "web page"),
    "unknown type": (b"\x00\x00\x0a\x01" + bytes(8), WrongMagic, "0 0 10 1"),
    "no axes": (b"\x00\x00\x08\x00" + bytes(8), WrongMagic, "0 0 8 0"),
    "too many axes": (b"\x00\x00\x08\xff" + bytes(2000), WrongMagic, "0 0 8 255"),
    "little-endian": (struct.pack("<I", 2051) + bytes(12), WrongMagic, "3 8 0 0"),
    "one byte too many": (idx(IMAGES) + b"\x00", OversizedFile, "5,489 follow"),
    "huge promise": (b"\x00\x00\x0e\x04" + b"\xff" * 16 + bytes(8), OversizedFile, "promises"),
    "larger than the limit": (idx(np.zeros(2**20 + 1, np.uint8)), OversizedFile, "larger than 1 MB"),
    "bomb": (BOMB, OversizedFile, "unpacks to more than 1 MB"),
}


@pytest.mark.parametrize("name", BAD_IDX)
def test_a_bad_idx_file_is_told_what_is_wrong(name: str) -> None:
    data, kind, complaint = BAD_IDX[name]
    with pytest.raises(kind, match=complaint):
        read_idx(data, max_bytes=2**20)


def test_a_large_file_is_not_read_to_its_end() -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            assert size == 2**20 + 1
            return bytes(size)

    with pytest.raises(OversizedFile):
        read_idx(Endless(), max_bytes=2**20)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("images", "labels", "kind", "complaint"),
    [
        (idx(LABELS), idx(IMAGES), MislabelledFile, "wrong way round"),
        (idx(IMAGES), idx(LABELS[:5]), MislabelledFile, "7 pictures and 5 labels"),
        (idx(IMAGES), idx(np.array([0, 1, 2, 3, 4, 5, 77], np.uint8)), MislabelledFile, "Example 6 has the label 77"),
        (idx(IMAGES), idx(IMAGES), WrongMagic, r"file of labels has shape \(7, 28, 28\)"),
        (idx(LABELS), idx(LABELS), WrongMagic, r"file of pictures has shape \(7,\)"),
        (idx(IMAGES.astype(np.float32)), idx(LABELS), WrongMagic, "type float32"),
        (idx(IMAGES[:0]), idx(LABELS[:0]), TruncatedFile, "no picture"),
    ],
    ids=["swapped", "counts", "label", "two images", "two labels", "type", "empty"],
)
def test_files_that_don_t_belong_together_are_told_so(
    images: bytes, labels: bytes, kind: type[DataFileError], complaint: str
) -> None:
    with pytest.raises(kind, match=complaint):
        load_mnist(images, labels)


def test_a_set_of_more_classes_can_be_read_when_it_is_said() -> None:
    letters = np.array([0, 25, 3, 4, 5, 6, 7], np.uint8)
    assert load_mnist(idx(IMAGES), idx(letters), classes=26).y.max() == 25


BAD_CIFAR: dict[str, tuple[bytes, type[DataFileError], str]] = {
    "empty": (b"", TruncatedFile, "0 bytes"),
    "cut": (RECORDS.tobytes()[:-1], TruncatedFile, "21,510 bytes, which is no whole number of records of 3,073"),
    "a pickle": (pickle.dumps({b"data": RECORDS}), WrongMagic, "pickle, which could run code.*binary version"),
    "the archive": (gzip.compress(RECORDS.tobytes()), WrongMagic, "gzip archive; unpack it first"),
    "a picture": (PNG, WrongMagic, "PNG"),
    "a label": (np.full((2, 3073), 10, np.uint8).tobytes(), MislabelledFile, "Example 0 has the label 10"),
    "too large": (bytes(3073 * 400), OversizedFile, "larger than 1 MB"),
}


@pytest.mark.parametrize("name", BAD_CIFAR)
def test_a_bad_cifar_file_is_told_what_is_wrong(name: str) -> None:
    data, kind, complaint = BAD_CIFAR[name]
    with pytest.raises(kind, match=complaint):
        load_cifar10(data, max_bytes=2**20)


def test_no_file_at_all_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"data_batch_1.bin"):
        load_cifar10()
    with pytest.raises(FileNotFoundError):
        load_cifar10(tmp_path / "missing.bin")


class _Trap:
    """Unpickling this would raise the alarm."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was opened",))


def test_a_pickle_is_never_opened() -> None:
    data = pickle.dumps(_Trap())
    with pytest.raises(WrongMagic):
        read_idx(data)
    with pytest.raises(WrongMagic):
        load_cifar10(data)


@given(st.binary(max_size=80) | st.binary(max_size=40).map(lambda tail: b"\x00\x00\x08\x01\x00\x00\x00" + tail))
def test_any_bytes_give_an_array_or_a_named_error(data: bytes) -> None:
    try:
        array = read_idx(data)
    except (TruncatedFile, WrongMagic, OversizedFile):
        return
    assert len(data) == 4 + 4 * array.ndim + array.nbytes


def test_without_a_network_fetching_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def unreachable(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unreachable)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # scikit-learn's own word that it tries once more
        with pytest.raises(NoNetwork, match=r"mnist couldn't be fetched.*name resolution.*load_mnist"):
            fetch_openml("mnist")


@pytest.mark.parametrize("name", OPENML)
def test_what_is_fetched_becomes_pictures(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import sklearn.datasets
    from sklearn.utils import Bunch

    size = int(np.prod(OPENML[name].shape))
    pixels = np.random.default_rng(0).integers(0, 256, (5, size)).astype(np.float64)
    asked: dict[str, Any] = {}

    def fetch(name: str, **options: Any) -> Any:
        asked.update(options, name=name)
        return Bunch(data=pixels, target=np.array(["7", "0", "9", "1", "2"], dtype=object))

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch)
    found = fetch_openml(name, first=4)
    assert asked["name"] == OPENML[name].name
    assert found.x.shape == (4, *OPENML[name].shape)
    assert found.x.dtype == np.float32
    assert found.y.tolist() == [7, 0, 9, 1]
    np.testing.assert_allclose(found.x.reshape(4, -1), pixels[:4] / 255, rtol=1e-6)


def test_another_set_is_answered_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"imagenet.*mnist, fashion-mnist, cifar-10"):
        fetch_openml("imagenet")
