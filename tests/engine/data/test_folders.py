"""A ZIP of folders: what becomes of sound ones, and that no other can do harm, take long, or come through unnamed."""

import io
import stat
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.data import folders
from engine.data.examples import DataError
from engine.data.folder_limits import FolderLimits
from engine.data.folders import Folders, read_folders
from engine.data.resize import fit_inside
from engine.data.splits import three_way
from tests.engine.data.archives import (
    archive,
    end_record,
    end_records_64,
    patched,
    picture,
    pictures,
    two_classes,
    with_mode,
)

ENTRY = b"PK\x01\x02"
MB = 2**20


def read(data: bytes, shape: tuple[int, ...] = (3, 8, 8), **limits: int) -> Folders:
    return read_folders(data, shape, limits=FolderLimits(**limits))


def left_out(found: Folders) -> dict[str, str]:
    return {remark.path: str(remark.said) for remark in found.left_out}


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < seconds


def test_folders_become_classes_and_their_files_examples_in_order() -> None:
    files = two_classes()
    found = read(archive(dict(reversed(files.items()))))
    assert found.examples.classes == ("cat", "dog")
    assert found.examples.y.tolist() == [0, 0, 1, 1]
    assert found.paths == tuple(files)
    assert (found.examples.x.shape, found.examples.x.dtype) == ((4, 3, 8, 8), np.float32)
    assert (found.left_out, found.changed) == ((), ())


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "WEBP"])
def test_every_format_and_both_ways_to_pack_are_read(kind: str, method: int) -> None:
    files: dict[Any, bytes] = {f"{c}/{n}": picture((0, 0, 255), kind=kind) for c in "ab" for n in "12"}
    x = read(archive(files, method)).examples.x
    np.testing.assert_allclose(x.mean(axis=(0, 2, 3)), [0, 0, 1], atol=0.03)


def test_the_class_is_the_first_folder_below_the_common_ones() -> None:
    files = two_classes("my/pets/") | {"my/pets/dog/old/small/3.png": picture(), "my/readme.txt": b"words"}
    found = read(archive(files))
    assert found.examples.classes == ("cat", "dog")
    assert np.bincount(found.examples.y).tolist() == [2, 3]
    assert left_out(found) == {"my/readme.txt": "It lies beside the classes' folders, not in one of them."}


def test_pictures_at_the_top_have_no_class() -> None:
    assert left_out(read(archive(two_classes() | {"1.png": picture()}))) == {
        "1.png": "It lies beside the classes' folders, not in one of them."
    }


def test_one_channel_is_the_luminance() -> None:
    files: dict[Any, bytes] = {f"{c}/{n}": picture((255, 0, 0)) for c in "ab" for n in "12"}
    np.testing.assert_allclose(read(archive(files), (1, 4, 6)).examples.x, 0.299, atol=1e-6)


def test_a_picture_is_fitted_whole_into_its_size_on_its_border_s_colour() -> None:
    image = np.zeros((1, 4, 8), np.float32)
    image[:, 1:3, 2:6] = 1
    framed = fit_inside(image + np.float32(0.25) * (image == 0), 4, 4)
    np.testing.assert_allclose(framed[0, [0, 3]], 0.25)
    np.testing.assert_allclose(framed[0, 1], [0.25, 0.625, 0.625, 0.25])
    assert fit_inside(image, 9, 9).shape == (1, 9, 9)
    np.testing.assert_array_equal(fit_inside(image, 4, 8), image)


@pytest.mark.parametrize("name", ["猫", "кошка", "گربه\u200cها", "Kätzchen", "🐱", "a b", "<b>&", "{x}"])
def test_a_class_may_be_named_in_any_language(name: str) -> None:
    files: dict[Any, bytes] = {f"{c}/{n}.png": picture() for c in (name, "dog") for n in "12"}
    assert set(read(archive(files)).examples.classes) == {name, "dog"}


def test_a_name_without_the_flag_of_utf_8_is_of_code_page_437() -> None:
    files: dict[Any, bytes] = {f"{c}/{n}.png": picture() for c in ("K?tz", "dog") for n in "12"}
    data = archive(files).replace(b"K?tz", "Kätz".encode("cp437"))
    assert read(data).examples.classes == ("Kätz", "dog")


def test_accents_in_one_piece_or_two_are_the_same_class() -> None:
    files: dict[Any, bytes] = {f"{c}/{n}.png": picture() for c, n in (("é", 1), ("e\u0301", 2), ("z", 1), ("z", 2))}
    assert read(archive(files)).examples.classes == ("z", "é")


def test_folders_dot_files_and_what_macos_adds_are_passed_over_quietly() -> None:
    files = two_classes() | {"__MACOSX/cat/._1.png": b"x", "cat/.DS_Store": b"x", ".git/config": b"x", "owl/": b""}
    assert read(archive(files)).left_out == ()


INSIDE = archive(two_classes())
PATHS = {
    "/cat/3.png": "begins at a disk's root",
    "C:/cat/3.png": "begins at a disk's root",
    "c:3.png": "begins at a disk's root",
    "cat/../../3.png": "leads out of the archive",
    "../3.png": "leads out of the archive",
    "cat\\3.png": "has a backslash",
    "\\\\host\\3.png": "has a backslash",
    "cat/\u202egnp.exe": "characters that can't be seen",
    "cat/3\n.png": "characters that can't be seen",
    "cat/" + "x" * 400: "too many characters; the most is 300",
}


@pytest.mark.parametrize(("path", "reason"), PATHS.items(), ids=lambda value: value[:20].encode().hex())
def test_a_path_that_is_no_plain_one_is_left_out(path: str, reason: str) -> None:
    ((shown, said),) = left_out(read(archive(two_classes() | {path: picture()}))).items()
    assert reason in said
    assert shown.isprintable()
    assert len(shown) <= 301


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_left_out(kind: int) -> None:
    files = two_classes() | {with_mode("cat/3.png", kind | 0o644): b"/etc/passwd"}
    assert left_out(read(archive(files))) == {"cat/3.png": "It is a link or a device, not a file."}


CONTENTS = {
    "an archive inside": (INSIDE, "a zip archive or an office document; expected a picture"),
    "words": (b"just words", "not a picture file that is known here"),
    "nothing": (b"", "The file is empty"),
    "a script": (b"<svg onload='alert(1)'/>", "an SVG drawing"),
    "half a picture": (picture()[:40], "damaged or cut short"),
    "too many pixels": (picture(size=(40, 40)), "has 40 × 40 pixels"),
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_file_that_is_no_picture_to_be_read_is_left_out_with_its_reason(kind: str) -> None:
    content, reason = CONTENTS[kind]
    found = read(archive(two_classes() | {"cat/3.png": content}), pixels=1000)
    assert reason in left_out(found)["cat/3.png"]
    assert len(found.examples.y) == 4


def test_what_was_changed_in_a_picture_is_told() -> None:
    frames = io.BytesIO()
    Image.open(io.BytesIO(picture())).save(frames, "GIF", save_all=True, append_images=[Image.new("RGB", (6, 4))])
    found = read(archive(two_classes() | {"cat/3.gif": frames.getvalue()}))
    assert [(r.path, str(r.said)) for r in found.changed] == [
        ("cat/3.gif", "The picture moves: its first frame is taken.")
    ]


def test_a_class_of_one_picture_is_left_out() -> None:
    found = read(archive(two_classes() | {"owl/1.png": picture(), "owl/2.png": b"words"}))
    assert found.examples.classes == ("cat", "dog")
    assert left_out(found)["owl/1.png"] == "Its class has too few pictures that can be used; the least is 2."


def test_what_is_packed_by_another_method_is_left_out() -> None:
    data = archive(two_classes() | {"cat/3.png": picture()})
    at = data.rfind(ENTRY)
    assert "packed by method 12" in left_out(read(data[:at] + patched(data[at:], ENTRY, 10, b"\x0c\x00")))["cat/3.png"]


REFUSED: dict[str, tuple[bytes, dict[str, int], str]] = {
    "no archive": (b"just words", {}, "no ZIP archive"),
    "nothing": (b"", {}, "no ZIP archive"),
    "half": (INSIDE[: len(INSIDE) // 2], {}, "no ZIP archive"),
    "encrypted": (patched(INSIDE, ENTRY, 8, b"\x01\x00"), {}, "is encrypted; pack it once more"),
    "one part": (patched(INSIDE, b"PK\x05\x06", 4, b"\x01\x00"), {}, "one part of a ZIP archive"),
    "empty": (archive({}), {}, "Too few classes were found in the archive: 0"),
    "one class": (archive({"a/1": picture(), "a/2": picture()}), {}, "in the archive: 1"),
    "no folders": (archive({"1.png": picture(), "2.png": picture()}), {}, "(2×): It lies beside the classes"),
    "no pictures": (archive({"a/1": b"x", "b/1": b"x", "b/2": b"x"}), {}, "(3×): This is not a picture"),
    "many classes": (
        archive({f"{n}/1": b"" for n in range(5)}),
        {"classes": 4},
        "Too many folders would be classes: 5; the most is 4",
    ),
    "large": (INSIDE, {"archive_bytes": 500}, "The archive has 0.0 MB"),
    "many entries": (INSIDE, {"entries": 3}, "entries are listed in the archive: 4; the most is 3"),
    "fewer listed": (patched(INSIDE, b"PK\x05\x06", 10, b"\x03\x00"), {}, "its list of files isn't what"),
    "more listed": (patched(INSIDE, b"PK\x05\x06", 10, b"\x05\x00"), {}, "its list of files isn't what"),
    "list elsewhere": (patched(INSIDE, b"PK\x05\x06", 16, b"\xff\xff"), {}, "its list of files isn't what"),
    "many numbers": (INSIDE, {"numbers": 600}, "Fewer of them, or a smaller size, would work"),
    "many pixels": (INSIDE, {"all_pixels": 90}, "pictures together have more than"),
    "many bytes": (INSIDE, {"unpacked_bytes": 200}, "files together unpack to more than"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_an_archive_of_no_use_is_refused_with_the_reason(kind: str) -> None:
    data, limits, reason = REFUSED[kind]
    with within(1), pytest.raises(DataError) as caught:
        read(data, **limits)
    assert reason in str(caught.value)


@pytest.mark.parametrize("shape", [(8, 8), (2, 8, 8), (3, 0, 8), (3, 8, 257), (3, 8, 8, 8)], ids=str)
def test_a_shape_that_pictures_cannot_have_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match=r"such as \(3, 32, 32\)"):
        read(INSIDE, shape)


def test_a_bomb_is_left_out_by_the_size_that_it_promises() -> None:
    data = archive(two_classes() | {"cat/3.png": bytes(10 * MB)})
    assert len(data) < MB // 10
    with within(1):
        found = read(data, file_bytes=MB)
    assert left_out(found) == {"cat/3.png": "It unpacks to 10.0 MB; at most 1.0 MB of a file are read."}


def test_a_bomb_that_promises_little_is_unpacked_no_further_than_that() -> None:
    data = archive(two_classes() | {"cat/3.png": bytes(10 * MB)})
    at = data.rfind(ENTRY)
    data = data[:at] + patched(data[at:], ENTRY, 24, struct.pack("<I", 1000))
    tracemalloc.start()
    try:
        with within(1):
            found = read(data, file_bytes=MB)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "damaged in the archive" in left_out(found)["cat/3.png"]
    assert peak < MB


def test_damaged_bombs_count_towards_what_all_files_unpack_to() -> None:
    data = archive({f"{c}/{n}": bytes(MB - 1) for c in "ab" for n in range(10)})
    with within(1), pytest.raises(DataError, match="together unpack to more than 4 MB"):
        read(patched(data, ENTRY, 16, bytes(4)), file_bytes=MB, unpacked_bytes=4 * MB)


def test_a_million_entries_are_refused_by_the_count_alone() -> None:
    with within(0.1), pytest.raises(DataError, match="archive: 1,000,000; the most is 20,000"):
        read(end_records_64(10**6, 0, 0, 0))


def test_70000_entries_are_refused_and_so_are_they_when_the_count_says_5() -> None:
    entry = struct.pack("<4s4B4HI2I5H2I", ENTRY, 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0) + b"a/b"
    listed = entry * 70_000
    with within(0.1), pytest.raises(DataError, match="archive: 70,000; the most is 20,000"):
        read(listed + end_records_64(70_000, len(listed), 0, len(listed)))
    with within(0.1), pytest.raises(DataError, match="its list of files isn't what its end says"):
        read(listed + end_record(5, len(listed), 0))


def test_70000_empty_files_packed_by_zipfile_are_refused() -> None:
    data = archive({f"a/{n}": b"" for n in range(70_000)}, zipfile.ZIP_STORED)
    with within(0.5), pytest.raises(DataError, match="archive: 70,000; the most is 20,000"):
        read(data)


def test_an_archive_behind_other_bytes_is_read_as_zipfile_reads_it() -> None:
    assert len(read(b"#!/bin/sh\n" + INSIDE).examples.y) == 4


def test_overlapping_entries_that_claim_the_whole_archive_take_no_time() -> None:
    head = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, 0, 0, 0, 0)
    body = head + np.random.default_rng(0).bytes(20 * MB)
    entry = struct.pack("<4s4B4HI2I5H2I", ENTRY, 20, 3, 20, 0, 0, 8, 0, 0, 0, len(body), 9, 3, 0, 0, 0, 0, 0, 0)
    listed = b"".join(entry + name for name in (b"a/b", b"c/d") * 2000)
    with within(3), pytest.raises(DataError, match="damaged in the archive"):
        read(body + listed + end_record(4000, len(listed), len(body)))


def test_too_many_pixels_are_refused_before_one_picture_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[int] = []
    monkeypatch.setattr(folders, "read_picture", lambda content, **limits: decoded.append(len(content)))
    with pytest.raises(DataError, match="pictures together have more than"):
        read(INSIDE, all_pixels=90)
    assert decoded == []


def test_pictures_that_say_nothing_new_stay_in_one_part_of_three() -> None:
    files: dict[Any, bytes] = {
        f"{c}/{n}.png": one for c, s in (("a", 0), ("b", 9)) for n, one in enumerate(pictures(9, s))
    }
    files |= {f"a/again{n}.png": files["a/0.png"] for n in range(4)}
    examples = read(archive(files)).examples
    parts = three_way(examples, np.random.default_rng(0))
    sides = [{examples.x[i].tobytes() for i in part} for part in (parts.train, parts.validation, parts.test)]
    assert not sides[0] & sides[1]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]


@given(st.lists(st.tuples(st.integers(0, len(INSIDE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_damaged_bytes_never_raise_anything_else(damage: list[tuple[int, int]]) -> None:
    data = bytearray(INSIDE)
    for at, value in damage:
        data[at] = value
    with suppress(DataError):
        x = read(bytes(data)).examples.x
        assert 0 <= x.min() <= x.max() <= 1


@given(st.integers(0, len(INSIDE)), st.binary(max_size=60))
def test_nor_does_an_archive_cut_and_gone_on_with_something_else(at: int, rest: bytes) -> None:
    with suppress(DataError):
        read(INSIDE[:at] + rest)


def test_nothing_is_written(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    read(archive(two_classes() | dict.fromkeys(PATHS, picture())))
    assert list(tmp_path.rglob("*")) == []
