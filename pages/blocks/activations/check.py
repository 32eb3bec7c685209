"""Every slope against central differences, and tanh against the sigmoid that it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from pages.blocks.activations.compute.functions import FUNCTIONS, curve
from pages.blocks.activations.controls import settings
from pages.blocks.activations.labels import title
from ui.i18n import _

if TYPE_CHECKING:
    from ui.lesson import Frame


@dataclass(frozen=True)
class Checked:
    """``rows``: for each activation its slope at 0.7 from the backward pass, from a central difference, and the
    largest difference at all places tried; ``apart``: the largest |tanh(x) - (2σ(2x) - 1)|."""

    rows: dict[str, tuple[float, float, float]]
    worst: float
    apart: float
    numbers: int


def slope_check(frame: Frame) -> None:
    """What was found, in words and as a table."""
    found = checked()
    st.markdown(frame.words("checked", worst=f"{found.worst:.1e}", apart=f"{found.apart:.1e}", numbers=found.numbers))
    st.dataframe(
        {
            _("activation"): list(found.rows),
            _("slope at 0.7, backward pass"): [f"{row[0]:.9f}" for row in found.rows.values()],
            _("central difference"): [f"{row[1]:.9f}" for row in found.rows.values()],
            _("largest difference of all"): [f"{row[2]:.1e}" for row in found.rows.values()],
        },
        hide_index=True,
    )


def checked() -> Checked:
    """Every slope, as the settings stand, against (f(x + h) - f(x - h)) / 2h in float64, at places off the corners."""
    shaped, h = settings(), 1e-6
    x = np.append(np.random.default_rng(0).uniform(-8, 8, 400), 0.7)
    x = x[np.abs(x) > 1e-3]
    rows = {}
    for name in FUNCTIONS:
        slope = curve(name, x, shaped).slope
        numeric = (curve(name, x + h, shaped).y - curve(name, x - h, shaped).y) / (2 * h)
        smooth = np.abs(curve(name, x + h, shaped).slope - curve(name, x - h, shaped).slope) < 1e-3
        rows[title(name)] = (float(slope[-1]), float(numeric[-1]), float(np.abs(slope - numeric)[smooth].max()))
    apart = np.abs(curve("tanh", x).y - (2 * curve("sigmoid", 2 * x).y - 1)).max()
    return Checked(rows, max(row[2] for row in rows.values()), float(apart), len(x))
