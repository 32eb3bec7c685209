"""The sheet of numbers: every matrix named, every number of a small one written."""

from __future__ import annotations

import numpy as np
import pytest

from engine.types import Array
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


@pytest.mark.parametrize("shape", [(3, 3), (8, 8), (14, 14), (1, 14), (14, 2)])
def test_a_written_number_stays_within_its_cell(shape: tuple[int, int]) -> None:
    values: Array = np.random.default_rng(0).normal(size=shape) * 1000
    figure = number_sheet([[("first", values), ("second", values)]])
    figure.draw_without_rendering()
    for axes in figure.axes:
        cell = axes.get_window_extent().width / shape[1]
        assert len(axes.texts) == values.size
        for text in axes.texts:
            assert text.get_window_extent().width < cell, text.get_text()


def test_no_number_is_written_as_minus_nothing() -> None:
    svg = export.svg(number_sheet([[("a", np.array([[-0.001, 1.5]]))]])).decode()
    assert "−0.00" not in svg


def test_a_figure_asks_only_for_typefaces_that_are_here(caplog: pytest.LogCaptureFixture) -> None:
    """Each that is missed is looked for, and complained of, at every word."""
    export.svg(number_sheet([[("a", np.eye(3))]]))
    assert not [record for record in caplog.records if "findfont" in record.message]
