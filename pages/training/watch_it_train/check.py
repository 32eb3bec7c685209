"""The proof that a run's gradients are right."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine.data.digits import digits
from engine.gradcheck import check_network
from pages.training.watch_it_train.controls import shown
from ui import limits
from ui.checks import side_by_side
from ui.i18n import _

CHECKED_DIGITS = 8
CHECKED_WEIGHTS = 40
NOISE, STEP = 0.5, 1e-6


def gradient_check() -> None:
    """Backprop against central differences at the weights that the run has now, as one line and a table."""
    run = shown()
    rng = np.random.default_rng(run.step)
    data = digits()
    x, target = data.validation_x[:CHECKED_DIGITS], data.validation_y[:CHECKED_DIGITS]
    # Blank pixels and fresh biases put ReLUs exactly on their corner, where there is no slope to compare.
    x = x + rng.uniform(0, NOISE, x.shape)
    with limits.HEAVY, np.errstate(all="ignore"):
        found = check_network(run.network, x, target, rng=rng, sample=CHECKED_WEIGHTS, h=STEP)
    st.markdown(
        _(
            "At step {step}, on {digits} digits and {sample} of {all} parameters: worst relative error **{worst}** "
            "among gradients that stand clear of rounding."
        ).format(
            step=run.step,
            digits=CHECKED_DIGITS,
            sample=len(found.entries),
            all=f"{found.size:,}",
            worst=f"{found.worst.relative_error:.1e}",
        )
    )
    largest = sorted(found.entries, key=lambda entry: -abs(entry.analytic))[:10]
    side_by_side(largest, relative=True)
