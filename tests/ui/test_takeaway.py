"""What a reader takes home can be opened again."""

from __future__ import annotations

import csv
import io

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from ui import takeaway
from ui.figures import export

NUMBERS = {"conv1.weight": np.arange(4, dtype=np.float32).reshape(2, 2) / 3, "p": np.array([np.nan, 1.0])}


def figure() -> Figure:
    drawn = Figure()
    drawn.subplots().set_title("前向 forward")
    return drawn


def test_npz_gives_the_arrays_back_without_pickle() -> None:
    with np.load(io.BytesIO(takeaway.npz(NUMBERS)), allow_pickle=False) as back:
        for name, array in NUMBERS.items():
            np.testing.assert_array_equal(back[name], array)
            assert back[name].dtype == array.dtype


def test_csv_has_one_line_a_number_and_every_digit() -> None:
    rows = list(csv.DictReader(io.StringIO(takeaway.table(NUMBERS).decode("utf-8-sig"))))
    assert [(row["array"], row["index"]) for row in rows] == [
        ("conv1.weight", "0 0"),
        ("conv1.weight", "0 1"),
        ("conv1.weight", "1 0"),
        ("conv1.weight", "1 1"),
        ("p", "0"),
        ("p", "1"),
    ]
    assert [np.float32(row["value"]) for row in rows[:4]] == NUMBERS["conv1.weight"].ravel().tolist()


def test_svg_keeps_its_letters_and_is_the_same_each_time() -> None:
    drawn = export.svg(figure())
    assert b"<svg" in drawn
    assert b"forward" in drawn
    assert drawn == export.svg(figure())


def test_png_opens_as_a_picture() -> None:
    with Image.open(io.BytesIO(export.png(figure()))) as picture:
        assert picture.format == "PNG"
        assert picture.width > 800
