"""A hundred thousand random lines: which of the sixteen functions do they make?"""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.blocks.neuron.compute import FUNCTIONS, line_for, nand_circuit, tally
from pages.blocks.neuron.labels import names
from ui.i18n import _

LINES = 100_000


def try_lines() -> None:
    """A hundred thousand random lines, and which function each of them makes."""
    counts = tally(np.random.default_rng(0), LINES)
    missing = [name for name, count in zip(names(), counts, strict=True) if not count]
    st.markdown(
        _("Of {lines} random lines, none makes **{missing}**; the others come up all the same.").format(
            lines=f"{LINES:,}", missing=" · ".join(missing)
        )
    )
    st.dataframe(
        {
            _("function"): names(),
            _("at (0, 0), (0, 1), (1, 0), (1, 1)"): [" ".join(map(str, bits)) for bits in FUNCTIONS],
            _("random lines"): counts,
            _("a line exists"): ["✓" if line_for(bits) else "–" for bits in FUNCTIONS],
            _("NAND gates"): [len(nand_circuit(bits).gates) for bits in FUNCTIONS],
        },
        hide_index=True,
        height=596,
    )
