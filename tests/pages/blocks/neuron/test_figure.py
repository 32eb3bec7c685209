"""The figures that "Neuron" gives to take away."""

from __future__ import annotations

import numpy as np
import pytest

from pages.blocks.neuron.compute import FUNCTIONS, NAND, Unit, nand_circuit, picture_of, slid, two_layers_for
from pages.blocks.neuron.figure import circuit_figure, layers_figure, patch_figure, plane_figure, vote_figure
from ui.figures import export
from ui.figures.theme import Mode


def words(svg: bytes) -> str:
    return svg.decode()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_vote_s_figure_says_every_product_and_the_sum(mode: Mode) -> None:
    text = words(
        export.svg(vote_figure(np.array([4.0, 1, -3]), Unit((1, 3, 2), -3), {"sum": "z =", "threshold": "t ="}, mode))
    )
    for piece in ("4.0 × 1.0 = 4.0", "−3.0 × 2.0 = −6.0", "z = 1.0", "t = 3.0"):
        assert piece in text


def test_the_plane_s_figure_colours_the_ground_by_what_the_unit_says() -> None:
    figure = plane_figure(NAND)
    ground = figure.axes[0].images[0].get_array()
    assert ground is not None
    top_right, bottom_left = ground[2, -2], ground[-2, 2]
    assert top_right[2] > top_right[0], "blue where it says 0"
    assert bottom_left[0] > bottom_left[2], "orange where it says 1"


def test_two_layers_are_two_planes_with_the_corners_where_the_hidden_units_put_them() -> None:
    figure = layers_figure(two_layers_for(FUNCTIONS[6]))
    assert len(figure.axes) == 2
    discs = [line.get_xydata()[0].tolist() for line in figure.axes[1].lines if line.get_marker() == "o"]
    assert discs == [[0, 1], [1, 1], [1, 1], [1, 0]]


@pytest.mark.parametrize("code", [3, 6, 9])
def test_a_circuit_s_figure_has_a_column_for_each_signal(code: int) -> None:
    circuit = nand_circuit(FUNCTIONS[code])
    figure = circuit_figure(circuit)
    assert len(figure.axes[0].get_xticks()) == 2 + len(circuit.gates)
    assert export.png(figure)[:4] == b"\x89PNG"


def test_a_patch_s_figure_has_the_picture_the_nine_weights_and_every_answer() -> None:
    reader = Unit(tuple(range(9)), -20)
    figure = patch_figure(picture_of(1), reader, slid(picture_of(1), reader))
    assert [len(ax.texts) for ax in figure.axes] == [64, 9, 36]
    assert "b = −20" in figure.axes[1].get_title()


def test_a_unit_without_weights_has_no_line_but_a_figure() -> None:
    assert plane_figure(Unit((0, 0), 1)).axes[0].images
