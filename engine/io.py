"""Weights to a file and back: ``.npz``, plain named arrays that NumPy and PyTorch both read, and never a pickle.

A network's names are PyTorch's, so weights pass both ways:

    model.load_state_dict({name: torch.from_numpy(value) for name, value in np.load("weights.npz").items()})
    np.savez("weights.npz", **{name: value.numpy() for name, value in model.state_dict().items()})

A file may come from anyone, so ``load_npz`` believes nothing in it: sizes are checked as declared, before
anything is unpacked, then as found.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import IO

import numpy as np

from engine.types import Array, Params

MAX_BYTES = 256 * 2**20
"""The largest file, and the largest sum of its arrays, that ``load_npz`` accepts unless told otherwise."""
MAX_ARRAYS = 10_000

_NAME = re.compile(r"\w+(\.\w+)*", re.ASCII)
_NPY_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


class WeightsError(ValueError):
    """A file of weights that can't be used: says what was found, what was expected, and what would work."""


def save_npz(target: str | Path | IO[bytes], params: Mapping[str, Array]) -> None:
    """Write named arrays, uncompressed. The same arrays give the same bytes.

    Raises WeightsError for names that PyTorch couldn't have given, and for values that are not numbers.
    """
    for name, value in params.items():
        _check_name(name)
        _check_values(name, value)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        for name, value in params.items():
            # ZipInfo's own date, 1980, keeps the time of day out of the file.
            with members.open(zipfile.ZipInfo(f"{name}.npy"), "w") as member:
                np.lib.format.write_array(member, value, allow_pickle=False)
    if isinstance(target, str | Path):
        Path(target).write_bytes(archive.getvalue())
    else:
        target.write(archive.getvalue())


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
    params = _unpack(_read_bytes(source, max_bytes), max_bytes)
    return params if expected is None else _fit(params, expected)


def _read_bytes(source: str | Path | IO[bytes] | bytes, max_bytes: int) -> bytes:
    if isinstance(source, str | Path):
        with Path(source).open("rb") as file:
            return _read_bytes(file, max_bytes)
    data = source if isinstance(source, bytes) else source.read(max_bytes + 1)
    if not data:
        raise WeightsError("The file is empty; expected weights saved as .npz.")
    if len(data) > max_bytes:
        raise WeightsError(f"The file is larger than {_size(max_bytes)}, the most that is read here.")
    return data


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
        _check_name(member.filename.removesuffix(".npy"))
        if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise WeightsError(
                f"{member.filename!r} is encrypted or packed in an unusual way; numpy.savez or "
                "numpy.savez_compressed write what is read here."
            )
    if len(set(names)) < len(names):
        raise WeightsError("Two arrays in the archive have the same name; each name may stand once.")
    declared = sum(member.file_size for member in members)
    if declared > max_bytes:
        raise WeightsError(f"The arrays would unpack to {_size(declared)}; at most {_size(max_bytes)} are read here.")


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
    _check_values(name, array)
    return array


def _fit(params: Params, expected: Mapping[str, Array]) -> Params:
    missing = [name for name in expected if name not in params]
    strange = [name for name in params if name not in expected]
    if missing or strange:
        complaints = [f"lacks {_some(missing)}"] * bool(missing) + [f"has {_some(strange)} besides"] * bool(strange)
        raise WeightsError(f"These weights belong to another network: the file {' and '.join(complaints)}.")
    for name, wanted in expected.items():
        if params[name].shape != wanted.shape:
            raise WeightsError(
                f"{name!r} has shape {params[name].shape} in the file; this network's is {wanted.shape}."
            )
    fitted = {}
    for name, wanted in expected.items():
        with np.errstate(over="ignore"):
            fitted[name] = params[name].astype(wanted.dtype)
        _check_values(name, fitted[name])
    return fitted


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise WeightsError(f"{name[:80]!r} can't be a parameter's name; expected one like 'conv1.weight'.")


def _check_values(name: str, value: Array) -> None:
    if value.dtype.kind not in "fiub":
        raise WeightsError(f"{name!r} holds values of type {value.dtype}; expected numbers, such as float32.")
    if not np.isfinite(value).all():
        wrong = int(np.count_nonzero(~np.isfinite(value)))
        raise WeightsError(
            f"{name!r} has {wrong:,} of {value.size:,} values that are infinite or not a number in {value.dtype}: "
            "the training that made it diverged."
        )


def _some(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _size(count: int) -> str:
    return f"{count / 2**20:,.1f} MB"
