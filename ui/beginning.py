"""When pictures are to take their place from the controls, though where they stand is theirs.

A picture tells where its cursor rests and is not drawn again for that: the page's answer would only pull it back. But
an example that was chosen, or a state that was called back, is an explicit wish. So each of these is counted, and a
picture that is sent another count begins anew.
"""

from __future__ import annotations

import streamlit as st

_COUNT = "stepcnn.beginnings"


def begin_anew() -> None:
    """Let every picture on the page take its place from the controls."""
    st.session_state[_COUNT] = beginnings() + 1


def beginnings() -> int:
    """How often that was asked for in this session."""
    return int(st.session_state.get(_COUNT, 0))
