"""A pixel in the middle hears of more than one output."""

from __future__ import annotations

import numpy as np

from pages.backprop.convolution_backward import exercises


def test_a_middle_pixel_hears_of_more_than_one_output() -> None:
    sums = [str(exercises.pixel(np.random.default_rng(seed)).values["sum"]) for seed in range(30)]
    assert all(text.count("·") == 4 for text in sums)
