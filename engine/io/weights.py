"""What every file of weights is held to, whatever its format: sizes, names, values, and the network it is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import numpy as np

from engine.types import Array, Params

MAX_BYTES = 256 * 2**20
"""The largest file, and the largest sum of its arrays, that is read unless told otherwise."""
MAX_ARRAYS = 10_000

_PART = r"[^.\x00-\x1f\x7f<>:\"\\|?*]+"
_NAME = re.compile(rf"(?!/){_PART}(\.{_PART})*")
"""Parts between dots, as PyTorch puts names of modules together. In them anything may stand that a file's name may
have: "conv-1", "stage/1", "größe". A way out of the folder isn't a name, and no part is empty.
"""
_LONGEST_NAME = 300
_COUNT = "num_batches_tracked"


class WeightsError(ValueError):
    """A file of weights that can't be used: says what was found, what was expected, and what would work."""


def read_bytes(source: str | Path | IO[bytes] | bytes, max_bytes: int, kind: str) -> bytes:
    """All of a file, which must not be empty, nor larger than ``max_bytes``."""
    if isinstance(source, str | Path):
        with Path(source).open("rb") as file:
            return read_bytes(file, max_bytes, kind)
    data = source if isinstance(source, bytes) else source.read(max_bytes + 1)
    if not data:
        raise WeightsError(f"The file is empty; expected weights saved as {kind}.")
    if len(data) > max_bytes:
        raise WeightsError(f"The file is larger than {megabytes(max_bytes)}, the most that is read here.")
    return data


def write_bytes(target: str | Path | IO[bytes], data: bytes) -> None:
    """To a path or an open file."""
    if isinstance(target, str | Path):
        Path(target).write_bytes(data)
    else:
        target.write(data)


def fit_to(params: Params, expected: Mapping[str, Array]) -> Params:
    """The arrays in the order and with the dtypes of a network's own; names and shapes must be the same.

    Only num_batches_tracked may be missing.
    """
    # Batch norm's count is younger than batch norm: as in PyTorch, weights without it leave it as it is.
    params = {name: v for name, v in expected.items() if name.rpartition(".")[2] == _COUNT} | params
    missing = [name for name in expected if name not in params]
    strange = [name for name in params if name not in expected]
    if missing or strange:
        complaints = [f"lacks {_names(missing)}"] * bool(missing) + [f"has {_names(strange)} besides"] * bool(strange)
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
        check_values(name, fitted[name])
    return fitted


def check_name(name: str) -> None:
    """Raise WeightsError for a name that PyTorch couldn't have given."""
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or not name.isprintable():
        raise WeightsError(f"{name[:80]!r} can't be a parameter's name; expected one like 'conv1.weight'.")


def check_values(name: str, value: Array) -> None:
    """Raise WeightsError for what isn't numbers, or numbers that no training that went well has left."""
    if value.dtype.kind not in "fiub":
        raise WeightsError(f"{name!r} holds values of type {value.dtype}; expected numbers, such as float32.")
    if not np.isfinite(value).all():
        wrong = int(np.count_nonzero(~np.isfinite(value)))
        raise WeightsError(
            f"{name!r} has {wrong:,} of {value.size:,} values that are infinite or not a number in {value.dtype}: "
            "the training that made it diverged."
        )


def _names(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def megabytes(count: int) -> str:
    """A size for people."""
    return f"{count / 2**20:,.1f} MB"
