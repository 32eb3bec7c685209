"""The written formulas say what the layers compute."""

import re

import numpy as np
import pytest

from engine.layers import Conv2d
from ui.figures.formulas import formula


@pytest.mark.parametrize(
    ("channels", "filters", "groups"), [(3, 3, 3), (2, 6, 2), (4, 4, 2), (6, 4, 2), (4, 2, 2), (8, 16, 4), (3, 5, 1)]
)
def test_a_convolutions_formula_names_the_channel_that_each_filter_reads(
    channels: int, filters: int, groups: int
) -> None:
    layer = Conv2d(channels, filters, 1, groups=groups, bias=False)
    text = formula("conv", layer)
    over = re.search(r"<small>(.*?)</small>", text)
    read = re.search(r"x<sub>(.*?),", text)
    slice_ = re.search(r"W<sub>k,(.*?),a,b", text)
    assert over is not None
    assert read is not None
    assert slice_ is not None
    summed = "c" in over[1]
    assert summed == ("c" in read[1]) == (slice_[1] == "c") == (channels // groups > 1)
    # Channel by channel: x is 1 there and 0 elsewhere, each slice of a kernel has a weight of its own.
    weight = np.arange(1.0, filters * (channels // groups) + 1).reshape(filters, -1, 1, 1)
    expression = re.sub(r"^(\d+)", r"\1*", read[1]).replace("⌊k/", "(k//").replace("⌋", ")")
    for k in range(filters):
        for c in range(channels // groups):
            x = np.zeros((1, channels, 1, 1))
            x[0, eval(expression, {"k": k, "c": c})] = 1
            assert layer.forward({"weight": weight}, x)[0][0, k, 0, 0] == weight[k, c, 0, 0]
