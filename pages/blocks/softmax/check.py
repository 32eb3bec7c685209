"""What NumPy itself says: large scores in floats of two kinds, and the slopes by small steps."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine.losses import CrossEntropyLoss
from engine.losses.softmax import softmax
from engine.types import Array
from pages.blocks.softmax.compute import naive_softmax, shifted_softmax, softmax_jacobian
from pages.blocks.softmax.controls import scores, truth
from ui.i18n import _


def overflow_check() -> None:
    """NumPy's own exponentials and shares of the large scores, without and with the shift."""
    z = scores("large")
    columns: dict[str, list[str]] = {_("score"): [f"{value:g}" for value in z]}
    for kind in (np.float32, np.float64):
        for name, function in ((_("as it stands"), naive_softmax), (_("shifted"), shifted_softmax)):
            e, p = function(z.astype(kind))
            columns[f"{kind.__name__} · {name} · e"] = [f"{value:.4g}" for value in e]
            columns[f"{kind.__name__} · {name} · p"] = [f"{value:.4g}" for value in p]
    st.dataframe(columns, hide_index=True)


def slope_check() -> None:
    """p - y against central differences of the loss, and the Jacobian against those of softmax."""
    z, t, h = scores(), truth(), 1e-5
    loss = CrossEntropyLoss()
    cache = loss.forward(z[None], np.array([t]))[1]
    analytic, steps = loss.backward(cache)[0], np.eye(len(z)) * h
    numeric = np.array([_loss(z + step, t) - _loss(z - step, t) for step in steps]) / (2 * h)
    jacobian = softmax_jacobian(softmax(z[None])[0])
    moved = (softmax(z + steps) - softmax(z - steps)).T / (2 * h)
    error = max(float(np.abs(analytic - numeric).max()), float(np.abs(jacobian - moved).max()))
    st.markdown(_("Largest difference, p − y and the whole Jacobian: **{error}**.").format(error=f"{error:.1e}"))
    st.dataframe(
        {
            _("class"): list(range(len(z))),
            _("p − y"): [f"{value:+.9f}" for value in analytic],
            _("central difference"): [f"{value:+.9f}" for value in numeric],
        },
        hide_index=True,
    )


def _loss(z: Array, target: int) -> float:
    return float(CrossEntropyLoss().forward(z[None], np.array([target]))[0])
