"""The fast routine against plain loops, on what the bench shows."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine import reference
from engine.layers import Conv2d
from engine.layers.conv_variants import ConvTranspose2d
from engine.types import Array
from pages.blocks.convolution import controls as lesson
from ui import limits, state
from ui.i18n import _n
from ui.numbers import power_of_ten


def compare() -> None:
    """How many numbers the view's layer makes, and the largest difference to the same computed in plain loops."""
    with limits.HEAVY:
        y, loops = _twice()
    text = _n(
        "{count} number computed twice; the largest difference is {worst}.",
        "{count} numbers computed twice; the largest difference is {worst}.",
        loops.size,
    )
    worst = power_of_ten(float(np.abs(loops - y).max()))
    st.markdown(text.format(count=f"{loops.size:,}", worst=worst))


def _twice() -> tuple[Array, Array]:
    """y, and the loops' y."""
    match state.get("view"):
        case "transposed":
            step, layer = lesson.stamped(), lesson.stamped().layer
            assert isinstance(layer, ConvTranspose2d)
            stride, padding, dilation = layer.geometry
            weight = step.params["weight"]
            return step.y, reference.conv_transpose2d(step.x, weight, None, stride, padding, dilation=dilation)
        case "local":
            now = lesson.unshared()
            (stride, padding, _one), params = now.shared.geometry, now.step.params
            loops = reference.locally_connected2d(now.step.x, params["weight"], params["bias"], stride, padding)
            return now.step.y, loops
        case _:
            step = lesson.as_convolution()[0] if state.get("view") == "linear" else lesson.convolved().step
            made = step.layer
            assert isinstance(made, Conv2d)
            params = step.params
            return step.y, reference.conv2d(step.x, params["weight"], params["bias"], *made.geometry, made.groups)
