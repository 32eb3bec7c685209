"""Other draws of the weights, each measured, beside the one prediction for all of them."""

from __future__ import annotations

import streamlit as st

from pages.training.weight_initialization.controls import FEW, SEEDS, measured, view
from pages.training.weight_initialization.words import number
from ui.i18n import _

DRAWS = 3


def signal_check() -> None:
    """Measure the present setup with other seeds, and set what comes out beside the prediction."""
    now = view()
    seeds = [(now.seed + further) % (SEEDS + 1) for further in range(1, DRAWS + 1)]
    drawn = [measured(now.setup, now.data, int(FEW), seed) for seed in seeds]
    depth = now.setup.depth
    st.markdown(
        _(
            "New weights and new data each time, {samples} examples. The prediction knows none of them: it is computed "
            "from the depth, the width, the activation and the rule for the draw."
        ).format(samples=FEW)
    )
    table: dict[str, list[str]] = {
        _("layer"): [str(layer) for layer in range(depth + 1)],
        _("std y, predicted"): [_shown(v) for v in now.predicted.std],
    }
    for seed, one in zip(seeds, drawn, strict=True):
        table[_("std y, seed {seed}").format(seed=seed)] = [
            _shown(s.std) for s in (one.signal.x, *(layer.y for layer in one.signal.layers))
        ]
    table[_("size of dy, predicted")] = [_shown(v) for v in now.predicted.gradient]
    for seed, one in zip(seeds, drawn, strict=True):
        table[_("size of dy, seed {seed}").format(seed=seed)] = [
            _shown(s.rms) for s in (one.signal.dx, *(layer.dy for layer in one.signal.layers))
        ]
    st.dataframe(table, hide_index=True)


def _shown(value: float) -> str:
    return number(value) if value == value else "–"
