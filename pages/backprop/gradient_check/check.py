"""Backpropagation through the pretrained digit network against central differences."""

from __future__ import annotations

import numpy as np
import streamlit as st

from engine.data.digits import digit
from engine.gradcheck import check_network
from engine.zoo.digit_network import pretrained_digit_network
from ui import state
from ui.checks import place
from ui.lesson import Frame
from ui.numbers import power_of_ten


def network_check(frame: Frame) -> None:
    """200 gradients of the network on the chosen digit, in float64."""
    image, label = digit(int(state.get("digit")))
    network, rng = pretrained_digit_network(), np.random.default_rng(0)
    found = check_network(network, image[None], np.array([label]), rng=rng, sample=200)
    st.markdown(
        frame.words(
            "checked",
            count=len(found.entries),
            size=found.size,
            worst=power_of_ten(found.worst.relative_error),
            place=place(found.worst),
            difference=power_of_ten(found.worst_difference),
        )
    )
