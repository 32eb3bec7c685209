"""The nine steps against the layer that does them at once, and against measured slopes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine.gradcheck import GradCheck, compare
from engine.layers import BatchNorm1d
from pages.backprop.batch_norm.compute import backward_steps, forward_steps
from pages.backprop.batch_norm.controls import normed
from ui.checks import verdict
from ui.i18n import _
from ui.numbers import power_of_ten

STEP = 2e-6
"""Short beside √ε too: where a feature never varies, the root bends within that."""


def check() -> None:
    """The nine steps against the layer that does them at once, and against measured slopes."""
    size, apart = against_the_layer()
    text = _("{count} numbers by the nine steps and by the layer's two formulas; the largest difference is {worst}.")
    st.markdown(text.format(count=size, worst=power_of_ten(apart)))
    measured = against_differences()
    worst = measured.worst.relative_error
    text = _(
        "{count} gradients of L = Σ dy · y measured by central differences; the largest relative error is {worst}."
    )
    if not measured.measurable:
        worst = measured.worst_difference
        text = _(
            "{count} gradients of L = Σ dy · y measured by central differences; the largest difference is {worst}."
        )
    verdict(text.format(count=len(measured.entries), worst=power_of_ten(worst)), measured.agrees)


def against_the_layer() -> tuple[int, float]:
    """How many numbers ``BatchNorm1d`` gives too, and the largest difference from the steps'."""
    now = normed()
    layer = BatchNorm1d(now.given["x"].shape[1], eps=now.eps)
    params = layer.init(np.random.default_rng(0), dtype=np.float64)
    params |= {"weight": now.given["weight"], "bias": now.given["bias"], **(now.running or {})}
    y, cache = layer.forward(params, now.given["x"], train=now.running is None)
    dx, grads = layer.backward(params, cache, now.given["dy"])
    whole = backward_steps(now.forward, now.given["weight"], now.given["dy"])
    pairs = [(now.forward["y"], y), (whole["dx"], dx)]
    pairs += [(whole[f"d{name}"][0], grads[name]) for name in ("weight", "bias")]
    return sum(a.size for a, _b in pairs), max(float(np.abs(a - b).max()) for a, b in pairs)


def against_differences() -> GradCheck:
    """dx, dγ and dβ of L = Σ dy · y against central differences."""
    now = normed()
    arrays = {name: np.array(now.given[name]) for name in ("x", "weight", "bias")}
    whole = backward_steps(now.forward, now.given["weight"], now.given["dy"])
    grads = {"x": whole["dx"], "weight": whole["dweight"][0], "bias": whole["dbias"][0]}

    def loss() -> float:
        y = forward_steps(arrays["x"], arrays["weight"], arrays["bias"], now.eps, now.running)["y"]
        return float((now.given["dy"] * y).sum())

    reach = np.abs(now.given["dy"] * now.given["weight"] * now.forward["inv_std"]).sum(axis=0)
    scale = float((reach * np.abs(now.given["x"]).max(axis=0)).sum())
    return compare(loss, arrays, grads, rng=np.random.default_rng(0), h=STEP, scale=scale)
