"""Kernels that people made by hand."""

import numpy as np

from engine.data.filters import FILTERS, stack
from engine.kernels import convolution


def test_the_edge_kernels_answer_nothing_where_all_is_alike_and_the_blurs_change_nothing_there() -> None:
    flat = np.full((1, 1, 7, 7), 0.5)
    for name in ("edges", "horizontal", "vertical", "blur", "soft-blur", "blur-5", "sharpen", "identity"):
        y = convolution.conv2d(flat, stack([name], 1), None)
        np.testing.assert_allclose(y, 0.5 if FILTERS[name].sum() else 0, atol=1e-12)
