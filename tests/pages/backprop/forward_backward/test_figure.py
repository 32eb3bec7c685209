"""The sheet of all maps that goes home with the reader."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.digits import digit
from engine.zoo.digit_network import pretrained_digit_network
from pages.backprop.forward_backward.compute import TrainingStep, run
from pages.backprop.forward_backward.figure import GAP_PIXELS, mosaic, training_step_maps
from ui.figures import export, theme
from ui.figures.theme import Mode

LABELS = {"image": "image", "values": "values", "gradients": "gradients", "title": "A 5, read as 9"}


@pytest.fixture(scope="module")
def step() -> TrainingStep:
    image, label = digit(5)
    return run(pretrained_digit_network(), image[None], label, lr=0.001)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_layer_with_its_shape_and_range_is_on_the_sheet(step: TrainingStep, mode: Mode) -> None:
    drawn = export.svg(training_step_maps(step, LABELS, mode)).decode()
    for text in (*LABELS.values(), "conv1", "pool2", "linear", "8×8×8", "16×2×2", "+max"):
        assert f">{text}<" in drawn, text
    assert "flatten" not in drawn
    assert f"{float(np.abs(step.back.dx).max()):.2g}<" in drawn


def test_a_mosaic_shows_each_number_in_its_colour_at_its_place() -> None:
    maps = np.arange(-10, 10, dtype=float).reshape(5, 2, 2)
    sheet, colours = mosaic(maps, "diverging", "light"), theme.colours(maps)
    tile = (sheet.shape[1] - 2 * GAP_PIXELS) // 3
    for number, expected in enumerate(colours):
        top, left = (place * (tile + GAP_PIXELS) for place in divmod(number, 3))
        shown = sheet[top : top + tile, left : left + tile]
        for row, column in np.ndindex(2, 2):
            cell = shown[row * tile // 2 : (row + 1) * tile // 2, column * tile // 2 : (column + 1) * tile // 2]
            assert (cell == expected[row, column]).all()
    panel = theme.hex_to_rgb(theme.PALETTES["light"].panel)
    assert (sheet[:, tile : tile + GAP_PIXELS] == panel).all()


def test_the_sheet_is_the_same_for_the_same_numbers(step: TrainingStep) -> None:
    assert export.svg(training_step_maps(step, LABELS)) == export.svg(training_step_maps(step, LABELS))
