"""The fast routine against plain loops, on what the bench shows."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine import reference
from pages.blocks.convolution.controls import convolved
from ui import limits
from ui.i18n import _
from ui.numbers import power_of_ten


def compare() -> None:
    """How many numbers the convolution makes, and the largest difference to the same computed in plain loops."""
    now = convolved()
    weight, bias = now.step.params["weight"], now.step.params["bias"]
    with limits.HEAVY:
        loops = reference.conv2d(now.step.x, weight, bias, *now.layer.geometry, now.layer.groups)
    text = _("{count} numbers computed twice; the largest difference is {worst}.")
    worst = power_of_ten(float(np.abs(loops - now.step.y).max()))
    st.markdown(text.format(count=f"{loops.size:,}", worst=worst))
