"""The figure to take away from the initialization lab."""

from __future__ import annotations

import numpy as np
import pytest

from engine.signal import Setup
from pages.training.weight_initialization.compute import PRESETS
from pages.training.weight_initialization.controls import measured
from pages.training.weight_initialization.figure import spreads
from pages.training.weight_initialization.words import numbers_of
from ui.figures import export
from ui.figures.theme import Mode

ENGLISH = {
    "activations": "Activations", "gradients": "Gradients", "measured": "measured", "predicted": "predicted",
    "layer": "layer",
}  # fmt: skip


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_figure_has_a_histogram_for_every_layer_both_ways_and_the_sizes(mode: Mode) -> None:
    one = measured(Setup(depth=3, width=30), "noise", 20, 0)
    figure = spreads(one, "tanh", ENGLISH, mode=mode)
    assert len(figure.axes) == 2 * (4 + 1)
    drawing = export.svg(figure).decode()
    assert "Activations" in drawing
    assert "layer 3" in drawing


@pytest.mark.parametrize("setup", [Setup(depth=2, width=10, draw="zeros"), PRESETS["alike"]], ids=["zeros", "alike"])
def test_what_has_no_logarithm_or_no_prediction_is_left_out(setup: Setup) -> None:
    assert export.svg(spreads(measured(setup, "noise", 20, 0), "x", ENGLISH)).startswith(b"<?xml")


def test_the_numbers_to_take_away_are_those_of_the_view() -> None:
    one = measured(Setup(depth=3, width=30), "noise", 20, 0)
    numbers = numbers_of(one)
    assert numbers["std_y"].shape == numbers["predicted_rms_dy"].shape == (4,)
    np.testing.assert_allclose(numbers["std_y"][1:], [layer.y.std for layer in one.signal.layers])
    assert numbers["histogram_y"].sum() == 3 * 20 * 30
