"""What a reader takes home: numbers as CSV or NPZ. Figures are ui/figures/export.py's."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = Mapping[str, npt.NDArray[Any]]


def npz(numbers: Numbers) -> bytes:
    """Named arrays as a compressed NumPy archive."""
    file = io.BytesIO()
    np.savez_compressed(file, **{name: np.asarray(array) for name, array in numbers.items()})  # type: ignore[arg-type]
    return file.getvalue()


def table(numbers: Numbers) -> bytes:
    """Named arrays as one long CSV table: array, index, value; one line a number, so any shapes fit."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["array", "index", "value"])
    for name, array in numbers.items():
        for index, value in np.ndenumerate(np.asarray(array)):
            writer.writerow([name, " ".join(map(str, index)), value.item()])
    return file.getvalue().encode("utf-8-sig")
