"""What is in a ZIP archive, read as if an enemy had made it.

An archive ends with a record that counts its entries and says where their list lies, the central directory:

    [file ...] [file ...]  [entry | entry | ...]  [end: count, bytes of the list, its place]

zipfile makes an object of every entry before it can be asked how many there are, and believes the sizes that it reads.
Here the count is judged first, then each entry's name, and unpacking stops where the limit is, whatever was promised.
Nothing is written to a disk, and an archive inside an archive is a file like any other.

Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 6.3.10.
"""

from __future__ import annotations

import re
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import category, normalize

from engine.data.examples import DataError
from engine.data.folder_limits import FolderLimits
from engine.data.pictures import PictureError
from engine.sentence import Sentence

_END, _END64, _LOCATOR64 = struct.Struct("<4s4H2IH"), struct.Struct("<4sQ2H2I4Q"), struct.Struct("<4sIQI")
_ENTRY, _FILE = struct.Struct("<4s4B4HI2I5H2I"), struct.Struct("<4s5H3I2H")
_LONGEST_COMMENT = 0xFFFF
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _UTF8 = 0x1, 0x800
_JOINERS = "\u200c\u200d"
"""Persian and many other scripts need them inside a word, though nothing is seen of them."""


@dataclass(frozen=True)
class Entry:
    """A file in an archive: its path, and where and how its bytes lie. ``refused`` says why it can't be opened."""

    path: str
    refused: Sentence | None
    method: int
    packed: int
    size: int
    crc: int
    at: int


def entries(data: bytes, limits: FolderLimits) -> Iterator[Entry]:
    """The files that an archive lists, in its order; folders, hidden files and macOS's own are passed over.

    Raises DataError for what is no archive, is damaged or encrypted, or has more entries than are read.
    """
    if len(data) > limits.archive_bytes:
        raise DataError(
            "The archive has {size:.1f} MB; at most {most:.0f} MB are read.",
            size=len(data) / 2**20,
            most=limits.archive_bytes / 2**20,
        )
    count, start, end, base = _directory(data)
    if count > limits.entries:
        raise _too_many(count, limits)
    return _walk(data, count, start, end, base, limits)


def unpack(data: bytes, entry: Entry, most: int) -> bytes:
    """An entry's bytes. Raises PictureError where more than ``most`` are promised, or others come than promised.

    At most one byte more than promised is ever unpacked.
    """
    if entry.size > most:
        raise PictureError(
            "It unpacks to {size:.1f} MB; at most {most:.1f} MB of a file are read.",
            size=entry.size / 2**20,
            most=most / 2**20,
        )
    head = data[entry.at : entry.at + _FILE.size]
    if entry.at < 0 or len(head) < _FILE.size or not head.startswith(b"PK\x03\x04"):
        raise _damaged_file()
    start = entry.at + _FILE.size + sum(_FILE.unpack(head)[-2:])
    # Deflated bytes are hardly ever more than they stand for: what an entry claims beyond that isn't even touched.
    packed = memoryview(data)[start : start + min(entry.packed, entry.size + entry.size // 8 + 1024)]
    if entry.method == _DEFLATED:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = inflate.decompress(packed, entry.size + 1)
        except zlib.error as error:
            raise _damaged_file() from error
    else:
        content = bytes(packed[: entry.size + 1])
    if len(content) != entry.size or zlib.crc32(content) != entry.crc:
        raise _damaged_file()
    return content


def _directory(data: bytes) -> tuple[int, int, int, int]:
    """How many entries are listed, where the list begins and ends, and where the archive begins in the data."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _END.size - _LONGEST_COMMENT))
    if at < 0 or at + _END.size > len(data):
        raise DataError(
            "This is no ZIP archive, or the end of one is missing; expected a .zip with a folder for each class."
        )
    _, disk, _, _, count, size, place, _ = _END.unpack_from(data, at)
    locator = at - _LOCATOR64.size
    if locator >= _END64.size and data.startswith(b"PK\x06\x07", locator):
        at = locator - _END64.size
        if not data.startswith(b"PK\x06\x06", at):
            raise _damaged()
        _, _, _, _, disk, _, _, count, size, place = _END64.unpack_from(data, at)
    if disk:
        raise DataError("This is one part of a ZIP archive in several parts; expected one file.")
    start = at - size
    if start < place:
        raise _damaged()
    return count, start, at, start - place


def _walk(data: bytes, count: int, at: int, end: int, base: int, limits: FolderLimits) -> Iterator[Entry]:
    """The list's entries; a list that goes on beyond its count is damaged, or was made to look shorter."""
    for _ in range(count):
        if at + _ENTRY.size > end or not data.startswith(b"PK\x01\x02", at):
            raise _damaged()
        (_, _, _, _, _, flags, method, _, _, crc, packed, size, name, extra, comment, _, _, mode, place) = (
            _ENTRY.unpack_from(data, at)
        )
        # A name without end isn't decoded: to put its accents in order takes the square of its length.
        raw = data[at + _ENTRY.size : at + _ENTRY.size + min(name, 4 * limits.path_characters + 4)]
        at += _ENTRY.size + name + extra + comment
        path = normalize("NFC", raw.decode("utf-8" if flags & _UTF8 else "cp437", errors="replace"))
        refused = _refusal(path, mode >> 16, method, limits)
        if path.endswith("/") or (refused is None and _is_hidden(path)):
            continue
        if flags & _ENCRYPTED:
            raise DataError("The archive is encrypted; pack it once more without a password.")
        yield Entry(_shown(path, limits), refused, method, packed, size, crc, base + place)
    if at != end:
        raise _damaged()


def _refusal(path: str, mode: int, method: int, limits: FolderLimits) -> Sentence | None:
    """Why a file isn't opened at all, read from its entry."""
    if len(path) > limits.path_characters:
        return Sentence("Its path has too many characters; the most is {most}.", most=limits.path_characters)
    if _without_unseen(path) != path:
        return Sentence("Its name has characters that can't be seen.")
    if "\ufffd" in path:
        return Sentence("Its name isn't written in the alphabet that the archive says.")
    if "\\" in path:
        return Sentence("Its path has a backslash; folders are parted by / in a ZIP archive.")
    if path.startswith("/") or re.match("[A-Za-z]:", path):
        return Sentence("Its path begins at a disk's root; expected one inside the archive.")
    if ".." in path.split("/"):
        return Sentence('Its path leads out of the archive ("..").')
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return Sentence("It is a link or a device, not a file.")
    if method not in (_STORED, _DEFLATED):
        return Sentence("It is packed by method {method}; expected 0 (stored) or 8 (deflated).", method=str(method))
    return None


def _is_hidden(path: str) -> bool:
    return any((part.startswith(".") and part != ".") or part == "__MACOSX" for part in path.split("/"))


def _shown(path: str, limits: FolderLimits) -> str:
    """A path that may stand in a table."""
    seen = _without_unseen(path)
    return seen if len(path) <= limits.path_characters else seen[: limits.path_characters] + "…"


def _without_unseen(path: str) -> str:
    """With a sign of its own for each character that can't be seen, or would turn the line round."""
    if path.isprintable():
        return path
    return "".join("\ufffd" if category(c) in ("Cc", "Cf", "Cs") and c not in _JOINERS else c for c in path)


def _too_many(count: int, limits: FolderLimits) -> DataError:
    return DataError(
        "Too many entries are listed in the archive: {count}; the most is {most}. Fewer pictures of each class would "
        "work.",
        count=f"{count:,}",
        most=f"{limits.entries:,}",
    )


def _damaged() -> DataError:
    return DataError("The archive is damaged: its list of files isn't what its end says. Pack it once more.")


def _damaged_file() -> PictureError:
    return PictureError("It is damaged in the archive: other bytes than its entry promises.")
