"""The sheet of a convolution to take away."""

from __future__ import annotations

from time import process_time

import numpy as np

from pages.blocks.convolution.figure import sheet
from ui.figures import export


def test_sixty_four_kernels_are_drawn_at_once() -> None:
    rng = np.random.default_rng(0)
    start = process_time()
    drawn = sheet(rng.normal(size=(8, 14, 14)), rng.normal(size=(64, 3, 3)), rng.normal(size=(8, 12, 12)), ("", "", ""))
    export.svg(drawn)
    assert drawn.get_layout_engine() is None
    assert process_time() - start < 4
    width, height = drawn.get_size_inches() * export.PIXELS_PER_INCH
    assert max(width, height) > export.LONGEST, "its picture is held to that many pixels"
