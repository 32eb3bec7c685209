"""Weights as ``.safetensors``: a length, a table of contents in JSON, and the numbers one behind the other.

    bytes 0 to 7     N, the length of the header, little-endian
    next N bytes     {"conv1.weight": {"dtype": "F32", "shape": [8, 1, 3, 3], "data_offsets": [0, 288]}, …}
    all the rest     the arrays in memory order, little-endian, without gap or overlap; offsets count from here

PyTorch reads and writes it with the safetensors package (``safetensors.torch.load_file`` and ``save_file``). Nothing
in such a file can run, but it can lie: every number in the header is checked before it is used.
Format: Hugging Face, "safetensors", 2022.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np

from engine.io.weights import (
    MAX_ARRAYS,
    MAX_BYTES,
    WeightsError,
    check_name,
    check_values,
    fit_to,
    megabytes,
    read_bytes,
    write_bytes,
)
from engine.types import Array, Params

MAX_HEADER = 10 * 2**20
MAX_AXES = 16

_LENGTH = 8
_ALIGNMENT = 8
_DTYPES = {
    **{"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1"},
    **{"U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?"},
}
_BFLOAT16 = "BF16"
_REMARKS = "__metadata__"
_NAMES = {np.dtype(code): name for name, code in _DTYPES.items()}


@dataclass(frozen=True)
class _Entry:
    """One array as the header declares it."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def stored(self) -> np.dtype[Any]:
        """What the bytes are read as; NumPy has no bfloat16, which is the upper half of a float32."""
        return np.dtype("<u2" if self.dtype == _BFLOAT16 else _DTYPES[self.dtype])

    @property
    def unpacked_bytes(self) -> int:
        """What the array takes in memory: bfloat16 becomes float32."""
        return (self.end - self.begin) * (2 if self.dtype == _BFLOAT16 else 1)


def save_safetensors(target: str | Path | IO[bytes], params: Mapping[str, Array]) -> None:
    """Write named arrays. The same arrays give the same bytes.

    Raises WeightsError for names that PyTorch couldn't have given, and for values that are not numbers.
    """
    arrays = {}
    for name, value in params.items():
        check_name(name)
        if name == _REMARKS:
            raise WeightsError(f"{name!r} can't be a parameter's name: .safetensors keeps its remarks under it.")
        check_values(name, value)
        little = value.dtype.newbyteorder("<")
        if little not in _NAMES:
            raise WeightsError(
                f"{name!r} holds {value.dtype}, which .safetensors doesn't know; float32 is sure to work."
            )
        # Not ascontiguousarray, which would make an axis for a scalar.
        arrays[name] = np.asarray(value, little, order="C")
    offsets, body, at = {}, [], 0
    # The widest numbers first, so that each array starts at a multiple of its own width.
    for name, array in sorted(arrays.items(), key=lambda item: -item[1].itemsize):
        offsets[name] = [at, at + array.nbytes]
        body.append(array.tobytes())
        at += array.nbytes
    header = {
        name: {"dtype": _NAMES[array.dtype], "shape": list(array.shape), "data_offsets": offsets[name]}
        for name, array in arrays.items()
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    write_bytes(target, b"".join([len(text).to_bytes(_LENGTH, "little"), text, *body]))


def load_safetensors(
    source: str | Path | IO[bytes] | bytes,
    expected: Mapping[str, Array] | None = None,
    *,
    max_bytes: int = MAX_BYTES,
) -> Params:
    """Read named arrays: from a path, an open file, or a file's bytes. bfloat16 comes as float32, without loss.

    With ``expected`` (a network's ``params``) the names and shapes must be the same, and the arrays come in its
    order and with its dtypes. Raises WeightsError.
    """
    data = read_bytes(source, max_bytes, ".safetensors")
    length = int.from_bytes(data[:_LENGTH], "little")
    header = _read_header(data, length)
    body = memoryview(data)[_LENGTH + length :]
    entries = [_entry(name, declared) for name, declared in header.items() if name != _REMARKS]
    _check_layout(entries, len(body), max_bytes)
    params = {entry.name: _array(entry, body) for entry in entries}
    return params if expected is None else fit_to(params, expected)


def _read_header(data: bytes, length: int) -> dict[str, Any]:
    """The table of contents, as JSON has it."""
    if data.startswith(b"PK\x03\x04"):  # as a length, 67 million: no header that is read here
        raise WeightsError("The file is a zip (.npz, or PyTorch's own format), not .safetensors; load_npz reads .npz.")
    if len(data) > _LENGTH and data[_LENGTH : _LENGTH + 1] != b"{":
        raise WeightsError(
            "The file is not .safetensors, whatever its name says; safetensors.torch.save_file writes one."
        )
    if length > MAX_HEADER:
        raise WeightsError(
            f"The file says that its header has {length:,} bytes; at most {megabytes(MAX_HEADER)} are read here."
        )
    if len(data) < _LENGTH + max(length, 2):
        raise WeightsError(
            f"The file is cut short: it says that its header has {length:,} bytes, but "
            f"{max(len(data) - _LENGTH, 0):,} follow. Save or download it once more."
        )
    try:
        header = json.loads(data[_LENGTH : _LENGTH + length].decode("utf-8"), object_pairs_hook=_once)
    except WeightsError:
        raise
    except (ValueError, RecursionError) as error:
        raise WeightsError("The file's header is damaged: it can't be read as JSON.") from error
    # The first byte was checked to open a table.
    assert isinstance(header, dict)
    count = len(header.keys() - {_REMARKS})
    if count == 0:
        raise WeightsError("The file holds no arrays; expected one for each parameter.")
    if count > MAX_ARRAYS:
        raise WeightsError(f"The file holds {count:,} arrays; at most {MAX_ARRAYS:,} are read here.")
    return header


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which every name stands once."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise WeightsError("A name stands twice in the file's header; each may stand once.")
    return found


def _entry(name: str, declared: Any) -> _Entry:
    """One line of the header, checked for itself."""
    check_name(name)
    if not isinstance(declared, dict) or declared.keys() != {"dtype", "shape", "data_offsets"}:
        raise WeightsError(f"{name!r} is not described by dtype, shape and data_offsets, and these alone.")
    dtype, shape, offsets = declared["dtype"], declared["shape"], declared["data_offsets"]
    if not isinstance(dtype, str) or dtype not in {*_DTYPES, _BFLOAT16}:
        raise WeightsError(
            f"{name!r} holds values of type {str(dtype)[:20]}; read here are {', '.join(_DTYPES)} and {_BFLOAT16}."
        )
    if (
        not _whole(shape)
        or len(shape) > MAX_AXES
        or not _whole(offsets)
        or len(offsets) != 2
        or offsets[1] < offsets[0]
    ):
        raise WeightsError(
            f"{name!r} has the shape {str(shape)[:80]} and the place {str(offsets)[:80]} in the file; expected at most "
            f"{MAX_AXES} whole numbers, and a beginning and an end."
        )
    return _Entry(name, dtype, tuple(shape), offsets[0], offsets[1])


def _whole(numbers: Any) -> bool:
    """A list of whole numbers from 0 up that fit 64 bits; JSON's true is not a 1."""
    return isinstance(numbers, list) and all(type(number) is int and 0 <= number < 2**63 for number in numbers)


def _check_layout(entries: list[_Entry], size: int, max_bytes: int) -> None:
    """The arrays must fill the rest of the file exactly, without gap or overlap, and be of the sizes they declare."""
    for entry in entries:
        if prod(entry.shape) * entry.stored.itemsize != entry.end - entry.begin:
            raise WeightsError(
                f"{entry.name!r} says that it has shape {str(entry.shape)[:80]} of {entry.dtype}, but it has "
                f"{entry.end - entry.begin:,} bytes, which is another number of values."
            )
    declared = sum(entry.unpacked_bytes for entry in entries)
    if declared > max_bytes:
        raise WeightsError(
            f"The arrays would take {megabytes(declared)}; at most {megabytes(max_bytes)} are read here."
        )
    at = 0
    for entry in sorted(entries, key=lambda entry: (entry.begin, entry.end)):
        if entry.begin < at:
            raise WeightsError(
                f"{entry.name!r} overlaps the array before it: bytes {entry.begin:,} to {at:,} belong to both."
            )
        if entry.begin > at:
            raise WeightsError(f"Bytes {at:,} to {entry.begin:,}, before {entry.name!r}, belong to no array.")
        at = entry.end
    if size < at:
        raise WeightsError(f"The file is cut short: its arrays have {at:,} bytes, but {size:,} are there.")
    if size > at:
        raise WeightsError(f"The file goes on for {size - at:,} bytes after its last array; expected none.")


def _array(entry: _Entry, body: memoryview) -> Array:
    """A copy of our own: writeable, and in this machine's byte order."""
    stored = np.frombuffer(body[entry.begin : entry.end], entry.stored)
    if entry.dtype == _BFLOAT16:
        stored = (stored.astype(np.uint32) << np.uint32(16)).view(np.float32)
    if entry.dtype == "BOOL" and (stored.view(np.uint8) > 1).any():
        raise WeightsError(f"{entry.name!r} holds values of type BOOL that are neither 0 nor 1.")
    try:
        shaped = stored.reshape(entry.shape)
    except ValueError as error:  # no numbers at all, but axes beyond what an array can have
        raise WeightsError(f"{entry.name!r} has the shape {str(entry.shape)[:80]}, which no array can have.") from error
    array = np.array(shaped, dtype=stored.dtype.newbyteorder("="), order="C")
    check_values(entry.name, array)
    return array
