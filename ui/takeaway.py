"""What a reader takes home: figures as SVG or PNG, numbers as CSV or NPZ."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:  # matplotlib takes long to import, and only a download needs it
    from matplotlib.figure import Figure

Numbers = Mapping[str, npt.NDArray[Any]]

PIXELS_PER_INCH = 200


def svg(figure: Figure) -> bytes:
    """A figure as SVG. Letters stay letters, so they can be edited."""
    import matplotlib as mpl

    file = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "stepcnn"}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def png(figure: Figure) -> bytes:
    """A figure as PNG."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=PIXELS_PER_INCH)
    return file.getvalue()


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
            writer.writerow([name, " ".join(map(str, index)), repr(value.item())])
    return file.getvalue().encode("utf-8-sig")
