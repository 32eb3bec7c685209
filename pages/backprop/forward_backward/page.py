"""Forward and backward: one step of learning through a real network, with every number open to the hand."""

from __future__ import annotations

import streamlit as st

from engine import reference
from engine.kernels import convolution
from pages.backprop.forward_backward import controls as lesson
from pages.backprop.forward_backward.compute import Experiment
from pages.backprop.forward_backward.controls import CONTROLS, KEY
from pages.backprop.forward_backward.exercises import EXERCISES
from pages.backprop.forward_backward.figure import experiment_maps
from pages.backprop.forward_backward.picture import stage
from ui import errors, state, trained
from ui.checks import GOOD
from ui.i18n import _, blocks, language
from ui.lesson import Frame, lesson_frame
from ui.numbers import power_of_ten
from ui.picture_input import picture_input


@errors.fragment
def board(frame: Frame) -> None:
    """What is looked at, and the picture of it. Another image, network or suggestion reruns this, and not the page."""
    for notice in lesson.settle():
        st.warning(notice)
    with st.container(key="stage-board"):
        with st.container(key="stage-row", horizontal=True, vertical_alignment="center"):
            picture_input(lesson.network())
            choose_network(frame)
            suggestions(frame)
        answer(frame)


@errors.fragment
def answer(frame: Frame) -> None:
    """The picture and its proof: all that a changed number reruns. Moving and pointing stay in the browser."""
    proof = st.container(key="stage-proof")
    now = lesson.experiment()
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}
    stops = {name: text for name, text in texts.items() if name.startswith("stop-")}
    stage(now, on_events=lesson.act, texts=stops, beginning=lesson.beginning(), key=f"{KEY}.stage")
    state.sync()
    # The check takes longer than all the rest: the picture doesn't wait for it.
    with proof:
        badge(frame, now)
    before, count = lesson.known(now.network)
    after, _count = lesson.known(now.updated)
    with st.container(key="held-out"):
        st.markdown(frame.words("held-out", before=before, after=after, count=count))


def choose_network(frame: Frame) -> None:
    """Pretrained, or the learner's own where there is one."""
    mine = trained.handed_over()
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
    good = worst.relative_error < GOOD
    error = power_of_ten(worst.relative_error)
    label = _("✓ Gradients checked, worst relative error {error}") if good else _("≠ Gradients differ by up to {error}")
    with st.popover(label.format(error=error), key=f"{KEY}.badge", width="content"):
        gaps = {"size": f"{found.size:,}", "count": len(found.entries), "name": f"`{place(worst.name, worst.index)}`"}
        with st.container(key="gradient-check", gap="small"):
            st.markdown(frame.words("check"))
            st.markdown(frame.words("checked" if good else "check-differs", worst=error, **gaps))
        st.dataframe(
            {
                _("parameter"): [place(entry.name, entry.index) for entry in found.entries],
                _("backprop"): [f"{entry.analytic:+.9f}" for entry in found.entries],
                _("central difference"): [f"{entry.numeric:+.9f}" for entry in found.entries],
                _("relative error"): [power_of_ten(entry.relative_error) for entry in found.entries],
            },
            hide_index=True,
            height=260,
        )


def place(name: str, index: tuple[int, ...]) -> str:
    """An entry's address: conv1.weight[3, 0, 1, 2]."""
    return f"{name}[{', '.join(map(str, index))}]"


def suggestions(frame: Frame) -> None:
    """The three experiments of the text, each one click away."""
    if frame.shows("suggestions"):
        with st.container(key="suggestions", horizontal=True, width="content"):
            st.button(_("Change one pixel"), on_click=lesson.change_a_pixel)
            st.button(_("Take a step 100 times longer"), on_click=lesson.take_a_long_step)
            st.button(_("Put a kernel to sleep"), on_click=lesson.put_a_kernel_to_sleep)


def words(now: Experiment) -> dict[str, str]:
    """What the sheet to take away says."""
    title = _("A {label}, read as {guess}").format(label=now.target, guess=now.guess)
    return {"image": _("image"), "values": _("values"), "gradients": _("gradients"), "title": title}


with lesson_frame(KEY, CONTROLS) as frame:
    lesson.begin()
    board(frame)
    frame.text("intro")
    frame.text("reading")
    frame.text("try")
    frame.text("why-it-works")
    frame.text("code")
    sizes = lesson.shapes_of("conv2")
    frame.code(reference.conv2d_backward, mark=["dbias[k] +=", "dx[n, first", "dweight[k, c, a, b] +="], values=sizes)
    frame.code(convolution.correlate_few, mark=[r"np\.matmul\(matrix"], values=sizes)
    frame.exercises(EXERCISES)
    frame.take_away(
        figure=lambda: experiment_maps(now := lesson.experiment(), words(now)),
        numbers=lambda: lesson.experiment().arrays(),
    )
    frame.text("sources")
