"""Forward and backward: one step of learning through a real network, with every number open to the hand."""

from __future__ import annotations

import streamlit as st

from engine.exercises.forward_backward import (
    convolution_gradient,
    convolution_output,
    pool_routing,
    score_gradient,
    shapes,
    weight_gradient,
)
from engine.experiment import Experiment
from engine.layers import Conv2d
from ui import forward_backward as lesson
from ui import handover, state
from ui.components.stage import stage
from ui.exercises import Exercise
from ui.figures.maps import experiment_maps
from ui.forward_backward import CONTROLS, KEY
from ui.i18n import _, blocks, language
from ui.lesson import Frame, lesson_frame
from ui.picture_input import picture_input

EXERCISES = (
    Exercise("convolution-output", "number", convolution_output),
    Exercise("shapes", "shape", shapes),
    Exercise("score-gradient", "number", score_gradient),
    Exercise("pool-routing", "choice", pool_routing),
    Exercise("weight-gradient", "number", weight_gradient),
    Exercise("convolution-gradient", "number", convolution_gradient),
)


@st.fragment
def board(frame: Frame, at: str, cursors: dict[str, int]) -> None:
    """The picture. Moving and pointing stay in the browser; a changed number reruns this, and not the page."""
    if lesson.scene_changed():
        st.rerun()
    for notice in lesson.settle():
        st.warning(notice)
    with st.container(key="stage-row", horizontal=True, vertical_alignment="center"):
        picture_input(lesson.network())
        choose_network(frame)
        suggestions(frame)
        now = lesson.experiment()
        badge(frame, now)
    texts = {name: tuple(block) for name, block in blocks(KEY, language()).items() if name.startswith("stop-")}
    events = stage(now, texts=texts, at=at, cursors=cursors, key=f"{KEY}.stage.{lesson.scene()}")
    if lesson.act(events, now):
        # A rerun drops what this run says about the address, so the next one says it.
        st.rerun(scope="fragment")
    state.sync()
    before, count = lesson.known(now.network)
    after, _count = lesson.known(now.updated)
    with st.container(key="held-out"):
        st.markdown(frame.words("held-out", before=before, after=after, count=count))


def choose_network(frame: Frame) -> None:
    """Pretrained, or the learner's own where there is one."""
    mine = handover.handed_over()
    if mine is None or not frame.shows("weights"):
        return
    names = {
        "pretrained": _("Pretrained"),
        "mine": _("Yours, after {step} steps ({accuracy:.1%})").format(step=mine[1].step, accuracy=mine[1].accuracy),
    }
    st.segmented_control(
        _("Network"), list(names), format_func=lambda name: names[name], required=True,
        key=state.key("weights"), label_visibility="collapsed", width="content",
    )  # fmt: skip


def badge(frame: Frame, now: Experiment) -> None:
    """Backpropagation against central differences on this very network and image; a click shows the comparison."""
    if not frame.shows("check"):
        return
    found = lesson.gradient_check(now)
    worst = found.worst
    good = worst.relative_error < lesson.GOOD
    error = lesson.power_of_ten(worst.relative_error)
    label = _("✓ Gradients checked, worst relative error {error}") if good else _("≠ Gradients differ by up to {error}")
    with st.popover(label.format(error=error), key=f"{KEY}.badge", width="content"):
        words = {"size": f"{found.size:,}", "count": len(found.entries), "name": f"`{place(worst.name, worst.index)}`"}
        with st.container(key="gradient-check", gap="small"):
            st.markdown(frame.words("check"))
            st.markdown(frame.words("checked" if good else "check-differs", worst=error, **words))
        st.dataframe(
            {
                _("parameter"): [place(entry.name, entry.index) for entry in found.entries],
                _("backprop"): [f"{entry.analytic:+.9f}" for entry in found.entries],
                _("central difference"): [f"{entry.numeric:+.9f}" for entry in found.entries],
                _("relative error"): [lesson.power_of_ten(entry.relative_error) for entry in found.entries],
            },
            hide_index=True,
            height=260,
        )


def place(name: str, index: tuple[int, ...]) -> str:
    """An entry's address: conv1.weight[3, 0, 1, 2]."""
    return f"{name}[{', '.join(map(str, index))}]"


def suggestions(frame: Frame) -> None:
    """The three experiments of the text, each one click away."""
    if not frame.shows("suggestions"):
        return
    with st.container(key="suggestions", horizontal=True, width="content"):
        for label, scene in (
            (_("Change one pixel"), {"edits": "x.21:0.25"}),
            (_("Take a step 100 times longer"), {"lr": 0.05, "at": "after"}),
            (_("Put a kernel to sleep"), {"edits": "conv1.bias.5:-10", "at": "relu1.forward", "k1": 5}),
        ):
            st.button(label, on_click=lesson.show, kwargs=scene)


def figure() -> object:
    """All maps and gradients on one sheet."""
    now = lesson.experiment()
    title = _("A {label}, read as {guess}").format(label=now.target, guess=now.guess)
    words = {"image": _("image"), "values": _("values"), "gradients": _("gradients"), "title": title}
    return experiment_maps(now, words)


with lesson_frame(KEY, CONTROLS) as frame:
    board(frame, state.get("at"), lesson.cursors())
    frame.text("intro")
    frame.text("reading")
    frame.text("try")
    frame.text("why-it-works")
    frame.text("code")
    frame.code(Conv2d.forward, mark=["kernels.conv2d("], values={"x": "8×4×4", "y": "16×4×4"})
    frame.code(Conv2d.backward, mark=["kernels.conv2d_backward("], values={"dy": "16×4×4", "dx": "8×4×4"})
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lambda: lesson.experiment().arrays())
    frame.text("sources")
