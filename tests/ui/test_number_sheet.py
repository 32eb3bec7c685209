"""The sheet of numbers: every matrix named, every number of a small one written."""

from __future__ import annotations

import numpy as np

from ui.figures import export
from ui.figures.number_sheet import number_sheet


def test_small_matrices_are_written_and_large_ones_only_drawn() -> None:
    small, large = np.array([[1.0, -2.5], [0.125, 3.0]]), np.ones((20, 20))
    svg = export.svg(number_sheet([[("first", small)], [("second", large), ("third", small[0])]])).decode()
    for text in ("first", "second", "third", "−2.50", "0.12"):
        assert text in svg
    assert svg.count("−2.50") == 2


def test_each_matrix_says_where_its_colours_end() -> None:
    svg = export.svg(number_sheet([[("signed", np.array([[-3.0, 1.0]])), ("not", np.array([[0.5, 2.0]]))]])).decode()
    assert "−3 … 3" in svg
    assert "0 … 2" in svg


def test_the_same_numbers_give_the_same_file() -> None:
    panels = [[("a", np.arange(4.0).reshape(2, 2))]]
    assert export.svg(number_sheet(panels)) == export.svg(number_sheet(panels))
