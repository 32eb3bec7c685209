"""The check of the lesson "Pooling": both ways again in plain loops, and the mean of many draws."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine import reference
from engine.layers import AvgPool2d, Conv2d, MaxPool2d
from engine.layers.pool_variants import LPPool2d, StochasticPool2d
from engine.types import Array
from pages.blocks.pooling import controls as lesson
from pages.blocks.pooling.compute import Pooled, mean_of_draws
from ui import limits, state
from ui.i18n import _
from ui.numbers import power_of_ten

DRAWS = 1000


def against_loops() -> tuple[int, float]:
    """How many numbers of y and dx there are, and the largest difference to the same computed in plain loops."""
    now = lesson.pooled()
    with limits.HEAVY:
        y, dx = _loops(now)
    worst = max(float(np.abs(y - now.step.y).max()), float(np.abs(dx - now.back.dx).max()))
    return y.size + dx.size, worst


def _loops(now: Pooled) -> tuple[Array, Array]:
    made, x, dy, cache_ = now.layer, now.step.x, now.back.dy, now.step.cache
    if isinstance(made, Conv2d):
        params, more = now.step.params["weight"], (*made.geometry, made.groups)
        return reference.conv2d(x, params, None, *more), reference.conv2d_backward(x, params, dy, *more)[0]
    kernel, stride, padding, _dilation = made.geometry
    windows = (kernel, stride)
    if isinstance(made, MaxPool2d):
        return reference.max_pool2d(x, *windows, padding), reference.max_pool2d_backward(x, dy, *windows, padding)
    if isinstance(made, AvgPool2d):
        padded = (padding, made.count_include_pad)
        return reference.avg_pool2d(x, *windows, *padded), reference.avg_pool2d_backward(x, dy, *windows, *padded)
    if isinstance(made, LPPool2d):
        p = made.norm_type
        return reference.lp_pool2d(x, p, *windows), reference.lp_pool2d_backward(x, dy, p, *windows)
    if "switches" not in cache_:
        return reference.expected_pool2d(x, *windows), reference.expected_pool2d_backward(x, dy, *windows)
    drawn = cache_["switches"]
    backward = reference.stochastic_pool2d_backward(x, drawn, dy, *windows)
    return reference.stochastic_pool2d(x, drawn, *windows), backward


def mean_of_many() -> float | None:
    """For stochastic pooling: the largest difference between the mean of many draws and the expected output."""
    now = lesson.pooled()
    if not isinstance(now.layer, StochasticPool2d):
        return None
    mean = mean_of_draws(now.layer, now.step.x, DRAWS, np.random.default_rng(int(state.get("seed"))))
    return float(np.abs(mean - now.layer.forward({}, now.step.x)[0]).max())


def compare() -> None:
    """The fast routine against plain loops; where numbers are drawn, their mean over many draws as well."""
    size, worst = against_loops()
    text = _("{count} numbers of y and dL/dx, computed twice; the largest difference is {worst}.")
    st.markdown(text.format(count=f"{size:,}", worst=power_of_ten(worst)))
    mean = mean_of_many()
    if mean is not None:
        text = _("The mean of {draws} draws differs from the weighted mean by at most {mean}.")
        st.markdown(text.format(draws=f"{DRAWS:,}", mean=f"{mean:.3f}"))
