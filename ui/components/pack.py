"""Arrays for the browser: one block of bytes that a component reads without parsing a single number.

    "SCNN" | header length (uint32) | header (UTF-8 JSON, padded) | arrays, each at a multiple of 8 bytes

The header is ``{"meta": …, "arrays": [{"name", "dtype", "shape", "offset"}, …]}``; offsets count from the
first byte after the header; all is little-endian. JSON has no word for infinities and NaN: where meta holds one, the
header says so in ``"wild": [[[key, …], "inf"], …]``. What stands behind the last
array isn't read. The twin that reads all this is shared/unpack.js.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"SCNN"
ALIGNMENT = 8
DTYPES = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64")


def pack(meta: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Bytes for a component's ``data=``; in the browser ``unpack(data)`` gives ``{meta, arrays}`` back.

    Args:
        meta: what JSON can hold, and numbers that aren't finite.
        arrays: any shapes; integers of 64 bits travel as 32, truth values as uint8.

    Raises:
        ValueError: for meta that JSON can't hold, an array of another kind, or an integer beyond 32 bits.
    """
    blocks: list[bytes] = []
    entries: list[dict[str, Any]] = []
    offset = 0
    for name, array in arrays.items():
        data = _portable(name, np.asarray(array))
        entries.append({"name": name, "dtype": data.dtype.name, "shape": list(data.shape), "offset": offset})
        block = _padded(data.tobytes())
        blocks.append(block)
        offset += len(block)
    try:
        header = _header(dict(meta), entries)
    except (TypeError, ValueError) as error:
        raise ValueError(f"meta must be plain JSON: {error}") from error
    text = _padded(header.encode(), fill=b" ")
    return b"".join([MAGIC, len(text).to_bytes(4, "little"), text, *blocks])


def _header(meta: dict[str, Any], entries: list[dict[str, Any]]) -> str:
    try:
        return json.dumps({"meta": meta, "arrays": entries}, allow_nan=False, ensure_ascii=False)
    except ValueError:
        wild: list[tuple[list[str | int], str]] = []
        tame = _tamed(meta, [], wild)
        return json.dumps({"meta": tame, "arrays": entries, "wild": wild}, allow_nan=False, ensure_ascii=False)


def _tamed(value: Any, way: list[str | int], wild: list[tuple[list[str | int], str]]) -> Any:
    """The value with null for every number that isn't finite; where those stand is added to ``wild``."""
    if isinstance(value, Mapping):
        return {key: _tamed(inner, [*way, str(key)], wild) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_tamed(inner, [*way, at], wild) for at, inner in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        wild.append((way, "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"))
        return None
    return value


def _portable(name: str, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    kind = array.dtype
    if kind == np.bool_:
        array = array.astype(np.uint8)
    elif kind in (np.int64, np.uint64):
        small = np.dtype(np.int32 if kind == np.int64 else np.uint32)
        limits = np.iinfo(small)
        if array.size and (array.min() < limits.min or array.max() > limits.max):
            raise ValueError(f"Array {name!r} holds integers beyond {limits.max}: 32 bits are sent.")
        array = array.astype(small)
    elif kind == np.float16:
        array = array.astype(np.float32)
    if array.dtype.name not in DTYPES:
        raise ValueError(f"Array {name!r} is {kind}; the browser can read {', '.join(DTYPES)}.")
    return np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")


def _padded(block: bytes, fill: bytes = b"\0") -> bytes:
    return block + fill * (-len(block) % ALIGNMENT)
