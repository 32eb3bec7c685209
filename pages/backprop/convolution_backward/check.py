"""The gradients again by plain loops, and measured by moving every number a little."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from engine import reference
from engine.gradcheck import GradCheck, compare
from engine.layers import AvgPool2d, Conv2d, MaxPool2d
from engine.types import Array
from pages.backprop.convolution_backward.controls import backward, pool, pooled
from ui import state
from ui.checks import verdict
from ui.i18n import _
from ui.numbers import power_of_ten


def check() -> None:
    """What the bench shows, computed by loops, and measured by moving every number a little."""
    size, worst = against_loops()
    text = _("{count} gradients computed again with plain loops; the largest difference is {worst}.")
    st.markdown(text.format(count=f"{size:,}", worst=power_of_ten(worst)))
    measured = against_differences()
    text = _(
        "{count} of {size} gradients of L = Σ dy · y measured by central differences with h = {h}; "
        "the largest difference is {worst}."
    )
    numbers = {"count": len(measured.entries), "size": f"{measured.size:,}", "h": power_of_ten(measured.h)}
    verdict(text.format(**numbers, worst=power_of_ten(measured.worst_difference)), measured.agrees)


def against_loops() -> tuple[int, float]:
    """How many gradients the loops give, and their largest difference from the layer's."""
    pairs: list[tuple[Array, Array]]
    if state.get("view") == "pool":
        step, back = pooled()
        kernel, stride, *_rest = step.layer.geometry  # type: ignore[attr-defined]
        loops: Callable[..., Array] = (
            reference.max_pool2d_backward if isinstance(step.layer, MaxPool2d) else reference.avg_pool2d_backward
        )
        pairs = [(loops(step.x, back.dy, kernel, stride), back.dx)]
    else:
        now = backward()
        found = reference.conv2d_backward(now.x, now.params["weight"], now.dy, *now.layer.geometry)
        pairs = list(zip(found, (now.dx, now.grads["weight"], now.grads["bias"]), strict=True))
    return sum(a.size for a, _b in pairs), max(float(np.abs(a - b).max()) for a, b in pairs)


def against_differences() -> GradCheck:
    """The gradients of L = Σ dy · y against central differences, on a sample of every array's entries."""
    if state.get("view") == "pool":
        step, back = pooled()
        arrays, grads = {"x": np.array(step.x)}, {"x": back.dx}
        layer_: Conv2d | MaxPool2d | AvgPool2d = pool()
        dy = back.dy
    else:
        now = backward()
        arrays = {"x": np.array(now.x), **{name: np.array(array) for name, array in now.params.items()}}
        grads, layer_, dy = {"x": now.dx, **now.grads}, now.layer, now.dy

    def parts() -> Array:
        params = {name: array for name, array in arrays.items() if name != "x"}
        products: Array = dy * layer_.forward(params, arrays["x"])[0]
        return products

    scale = float(np.abs(parts()).sum())
    return compare(lambda: float(parts().sum()), arrays, grads, rng=np.random.default_rng(0), sample=80, scale=scale)
