"""Forward and backward: one step of learning through a real network, with every number open to the hand."""

import streamlit as st

from engine import reference
from engine.kernels import convolution
from pages.backprop.forward_backward.check import proof
from pages.backprop.forward_backward.controls import ACTS, CONTROLS, network, settle, shapes_of, training_step
from pages.backprop.forward_backward.exercises import EXERCISES
from pages.backprop.forward_backward.picture import MOUNT, drawn, figure, held_out, suggestions
from ui.lesson import lesson_frame
from ui.row import digit, weights

ROW = [digit(network), weights(), suggestions]

with lesson_frame("forward-backward", CONTROLS) as frame:
    with st.container(key="stage-board"):
        # The check takes longer than all the rest: the picture doesn't wait for it.
        frame.picture(MOUNT, drawn, acts=ACTS, row=ROW, below=[proof, held_out], settle=settle, says="stop-")
    frame.text("intro")
    frame.text("reading")
    frame.text("try")
    frame.text("why-it-works")
    frame.text("code")
    frame.code(
        reference.conv2d_backward,
        mark=["dbias[k] +=", "dx[n, first", "dweight[k, c, a, b] +="],
        values=shapes_of("conv2"),
    )
    frame.code(convolution.correlate_few, mark=[r"np\.matmul\(matrix"], values=shapes_of("conv2"))
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lambda: training_step().arrays())
    frame.text("sources")
