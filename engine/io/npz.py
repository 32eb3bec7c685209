"""Weights to a file and back: plain named arrays as ``.npz`` or ``.safetensors``, and never a pickle.

A network's names are PyTorch's, so weights pass both ways:

    model.load_state_dict({name: torch.from_numpy(value) for name, value in np.load("weights.npz").items()})
    np.savez("weights.npz", **{name: value.numpy() for name, value in model.state_dict().items()})

Or, with the safetensors package, ``safetensors.torch.save_file(model.state_dict(), "weights.safetensors")`` and
``load_file``; ``engine.io.safetensors`` reads and writes the same files.

A file may come from anyone, so nothing in it is believed: sizes are checked as declared, before
anything is unpacked, then as found.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import IO

import numpy as np

from engine.io.safetensors import load_safetensors, save_safetensors
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

__all__ = ["MAX_BYTES", "WeightsError", "load_npz", "load_safetensors", "save_npz", "save_safetensors"]

_NPY_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def save_npz(target: str | Path | IO[bytes], params: Mapping[str, Array]) -> None:
    """Write named arrays, uncompressed. The same arrays give the same bytes.

    Raises WeightsError for names that PyTorch couldn't have given, and for values that are not numbers.
    """
    for name, value in params.items():
        check_name(name)
        check_values(name, value)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        for name, value in params.items():
            # ZipInfo's own date, 1980, keeps the time of day out of the file.
            with members.open(zipfile.ZipInfo(f"{name}.npy"), "w") as member:
                np.lib.format.write_array(member, value, allow_pickle=False)
    write_bytes(target, archive.getvalue())


def load_npz(
    source: str | Path | IO[bytes] | bytes,
    expected: Mapping[str, Array] | None = None,
    *,
    max_bytes: int = MAX_BYTES,
) -> Params:
    """Read named arrays: from a path, an open file, or a file's bytes.

    With ``expected`` (a network's ``params``) the names and shapes must be the same, and the arrays come in its
    order and with its dtypes. Raises WeightsError.
    """
    params = _unpack(read_bytes(source, max_bytes, ".npz"), max_bytes)
    return params if expected is None else fit_to(params, expected)


def _unpack(data: bytes, max_bytes: int) -> Params:
    damaged = WeightsError("The file is damaged or cut short: save or download it once more.")
    # On damaged archives zipfile raises nearly every kind of exception.
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:
        if data.startswith(b"PK"):
            raise damaged from error
        raise WeightsError(
            "The file is not an .npz (a zip of .npy arrays), whatever its name says; numpy.savez writes one."
        ) from error
    members = archive.infolist()
    _check_members(members, max_bytes)
    try:
        files = {member.filename.removesuffix(".npy"): archive.read(member) for member in members}
    except Exception as error:
        raise damaged from error
    return {name: _read_array(name, file) for name, file in files.items()}


def _check_members(members: list[zipfile.ZipInfo], max_bytes: int) -> None:
    """Judge the archive by its table of contents, before a byte of it is unpacked."""
    names = [member.filename for member in members]
    if any(name.endswith("data.pkl") for name in names):
        raise WeightsError(
            "The file is PyTorch's own format, which can run code when it is opened, so it isn't read here. Save it "
            'with numpy.savez("weights.npz", **{name: value.numpy() for name, value in model.state_dict().items()}).'
        )
    if not names:
        raise WeightsError("The archive holds no arrays; expected one for each parameter.")
    if len(names) > MAX_ARRAYS:
        raise WeightsError(f"The archive holds {len(names):,} files; at most {MAX_ARRAYS:,} arrays are read here.")
    for member in members:
        if not member.filename.endswith(".npy"):
            raise WeightsError(f"The archive holds {member.filename[:80]!r}; expected .npy arrays alone.")
        check_name(member.filename.removesuffix(".npy"))
        if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise WeightsError(
                f"{member.filename!r} is encrypted or packed in an unusual way; numpy.savez or "
                "numpy.savez_compressed write what is read here."
            )
    if len(set(names)) < len(names):
        raise WeightsError("Two arrays in the archive have the same name; each name may stand once.")
    declared = sum(member.file_size for member in members)
    if declared > max_bytes:
        raise WeightsError(
            f"The arrays would unpack to {megabytes(declared)}; at most {megabytes(max_bytes)} are read here."
        )


def _read_array(name: str, data: bytes) -> Array:
    file = io.BytesIO(data)
    try:
        shape, fortran_order, dtype = _NPY_HEADERS[np.lib.format.read_magic(file)](file)
    except Exception as error:  # the header is read as a Python literal, with all that can go wrong there
        raise WeightsError(f"{name!r} is not a plain .npy array, though its name says so.") from error
    if dtype.hasobject:
        raise WeightsError(
            f"{name!r} holds Python objects, which can run code when opened; expected an array of numbers."
        )
    if dtype.kind not in "fiub":
        raise WeightsError(f"{name!r} holds values of type {dtype}; expected numbers, such as float32.")
    values = file.read()
    if min(shape, default=0) < 0 or len(values) != prod(shape) * dtype.itemsize:
        raise WeightsError(
            f"{name!r} says that it has shape {str(shape)[:80]} of {dtype}, but {len(values):,} bytes follow, "
            "which is another number of values."
        )
    array = np.frombuffer(values, dtype).reshape(shape, order="F" if fortran_order else "C")
    # A copy of our own: in memory order, writeable, and in this machine's byte order.
    array = np.array(array, dtype=dtype.newbyteorder("="), order="C")
    check_values(name, array)
    return array
