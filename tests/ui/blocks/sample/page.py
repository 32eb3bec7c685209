"""A small lesson for the tests of the frame: every part of the frame once."""

import numpy as np
import streamlit as st
from matplotlib.figure import Figure

from tests.ui.sample_problems import size, total
from ui import state
from ui.components.pack import pack
from ui.lesson import lesson_frame
from ui.state import Choice, Flag, Number, Short

CONTROLS = (
    Choice("kind", ("max", "mean"), "max"),
    Number("lr", 0.0, 1.0, 0.1),
    Number("digit", 0, 1796, 5, integer=True),
    Flag("grid"),
    Short("drawn", "[0-9a-g]{4}", 4, example="0fg1"),
)


def draw() -> Figure:
    figure = Figure()
    figure.subplots().plot([1, 2, 3])
    return figure


with lesson_frame("sample", controls=CONTROLS) as frame:
    if frame.shows("lr"):
        st.slider("lr", 0.0, 1.0, step=0.01, key=state.key("lr"))
    st.selectbox("kind", ("max", "mean"), key=state.key("kind"))
    st.write("value", state.get("lr"), state.get("digit"))
    if st.session_state.get("sample.break"):
        raise RuntimeError("planted")
    frame.text("why", stride=1, stops=36)
    frame.code(pack)
    frame.code(pack, mark=["header = _header", "offset += len"], values={"offset": 128, "block": np.arange(6)})
    frame.check("Check it", lambda: st.write("checked"))
    frame.exercises((size, total))
    frame.take_away(figure=draw, numbers=lambda: {"x": np.arange(6).reshape(2, 3)})
