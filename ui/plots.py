"""A figure that the reader turns, points at and chooses from, on a page: plotly's, without a component of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ui.figures.interactive import Figure

# Its row of tools has English words only, and what they do is done with the pointer too.
_CONFIG = {"displayModeBar": False, "scrollZoom": False, "responsive": True}


def show(figure: Figure, *, key: str, chosen: Callable[[Mapping[str, Any]], None] | None = None) -> None:
    """Draw a figure of ``ui.figures.interactive``.

    ``chosen`` hears the point that the reader clicks, with plotly's ``x``, ``y`` and ``customdata``, before the page
    runs again.
    """
    if chosen is None:
        st.plotly_chart(figure, key=key, theme=None, width="stretch", config=_CONFIG)
        return

    def heard() -> None:
        points = st.session_state[key]["selection"]["points"]
        if points:
            chosen(points[0])

    st.plotly_chart(
        figure, key=key, theme=None, width="stretch", config=_CONFIG, on_select=heard, selection_mode="points"
    )
