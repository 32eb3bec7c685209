"""Every gradient of the sheet against central differences of the error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from engine.gradcheck import GradCheck, compare
from pages.backprop.by_hand.controls import now
from ui.checks import side_by_side
from ui.i18n import _


def gradient_check() -> None:
    """Every weight's and bias's gradient against central differences of the error."""
    sheet = now()[0]
    names = [name for layer in sheet.weights for row in layer for name in row]
    names += [name for layer in sheet.biases for name in layer]
    found = compared()
    told = _("{mark} Largest relative error: **{error}**.")
    error = found.worst.relative_error
    if not found.measurable:
        told, error = _("{mark} Largest difference: **{error}**."), found.worst_difference
    st.markdown(told.format(mark="✓" if found.agrees else "≠", error=f"{error:.1e}"))
    rows = (replace(entry, name=name, index=()) for name, entry in zip(names, found.entries, strict=True))
    side_by_side(rows, ours=_("by hand"))


def compared() -> GradCheck:
    """The sheet's gradients and the measured ones, in the order of its parameters."""
    start = now()[0].setup
    params = np.array(start.params)

    def error() -> float:
        moved = start.at(tuple(params.tolist()))
        return moved.error(moved.network().predict(np.array([start.x])))[0]

    analytic = np.array(start.flat(start.passes()[1].grads))
    return compare(error, {"params": params}, {"params": analytic}, rng=np.random.default_rng(0))
