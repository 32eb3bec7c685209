"""ZIP archives for tests: sound ones, and such as only an enemy would make."""

import io
import struct
import zipfile
from collections.abc import Mapping

import numpy as np
from PIL import Image


def picture(colour: tuple[int, int, int] = (255, 0, 0), size: tuple[int, int] = (6, 4), kind: str = "PNG") -> bytes:
    """A file with a picture of one colour, ``size`` = (width, height)."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


def pictures(count: int, seed: int = 0) -> list[bytes]:
    colours = np.random.default_rng(seed).integers(0, 256, (count, 3)).tolist()
    return [picture((red, green, blue)) for red, green, blue in colours]


def archive(files: Mapping[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content, method)
    return file.getvalue()


def two_classes(prefix: str = "") -> dict[str | zipfile.ZipInfo, bytes]:
    """Two cats and two dogs."""
    names = ("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png")
    return {prefix + name: content for name, content in zip(names, pictures(4), strict=True)}


def with_mode(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def end_record(count: int, size: int, place: int) -> bytes:
    """An archive's last 22 bytes, which say whatever is wanted."""
    return struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), size, place, 0)


def end_records_64(count: int, size: int, place: int, at: int) -> bytes:
    """The same with a count of 64 bits; ``at`` is where it stands."""
    record = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, place)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    return record + locator + end_record(count, size, place)


def patched(data: bytes, start: bytes, offset: int, value: bytes) -> bytes:
    """With other bytes at an offset of every record that begins so: b"PK\\x01\\x02" is the list's."""
    changed, at = bytearray(data), data.find(start)
    while at >= 0:
        changed[at + offset : at + offset + len(value)] = value
        at = data.find(start, at + 1)
    return bytes(changed)
