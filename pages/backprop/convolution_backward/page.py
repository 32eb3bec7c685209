"""Convolution, backward: every gradient as the products that make it, in four ways to see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from engine import reference
from pages.backprop.convolution_backward import controls as lesson
from pages.backprop.convolution_backward import picture as pictures
from pages.backprop.convolution_backward.compute import col2im, input_grad
from pages.backprop.convolution_backward.controls import CONTROLS, KEY
from pages.backprop.convolution_backward.exercises import EXERCISES
from ui import catalogue, errors, state
from ui.checks import GOOD
from ui.components.bench import Events, bench
from ui.examples import worked_examples
from ui.figures.number_sheet import number_sheet
from ui.i18n import _, blocks, language
from ui.lesson import Frame, lesson_frame
from ui.numbers import power_of_ten

if TYPE_CHECKING:
    from ui.figures.export import Figure


@errors.fragment
def board(frame: Frame) -> None:
    """The picture. Pointing stays in the browser; a changed setting or number reruns this, and not the page."""
    with st.container(key="bench-row", horizontal=True, vertical_alignment="center"):
        chooser(frame)
    lesson.forget_what_no_longer_fits()
    scene, arrays = pictures.scene()
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}
    shown = {name: text for name, text in texts.items() if name.startswith("scene-")}
    events = Events(edit=lesson.take_edit, set=lesson.take_settings, act=lesson.act, place=lesson.take_place)
    bench(scene, arrays=arrays, texts=shown, events=events, key=f"{KEY}.bench", labels=pictures.labels())
    state.sync()


def chooser(frame: Frame) -> None:
    """Four ways to see it, and the worked examples."""
    views = {
        "dx": _("To the input: dX"),
        "dw": _("To the kernel: dW"),
        "columns": _("As a matrix product: col2im"),
        "pool": _("Pooling"),
    }
    if frame.shows("view"):
        st.segmented_control(
            _("View"), list(views), format_func=lambda name: views[name], required=True,
            key=state.key("view"), label_visibility="collapsed", width="content",
        )  # fmt: skip
    if frame.shows("examples"):
        worked_examples(KEY, lesson.EXAMPLES, lesson.show)


def links() -> None:
    """The same arithmetic in two other lessons."""
    with st.container(key="links", horizontal=True):
        for key, label, place in (
            ("forward-backward", _("dx of a trained network's second convolution"), {"at": "conv2.input"}),
            ("convolution", _("The same arithmetic forward: transposed convolution"), {"view": "transposed"}),
        ):
            st.page_link(catalogue.lesson(key).path, label=label + " →", query_params=place)


def check() -> None:
    """What the bench shows, computed by loops, and measured by moving every number a little."""
    size, worst = lesson.against_loops()
    text = _("{count} gradients computed again with plain loops; the largest difference is {worst}.")
    st.markdown(text.format(count=f"{size:,}", worst=power_of_ten(worst)))
    measured = lesson.against_differences()
    text = _(
        "{count} of {size} gradients of L = Σ dy · y measured by central differences with h = {h}; "
        "the largest difference is {worst}."
    )
    numbers = {"count": len(measured.entries), "size": f"{measured.size:,}", "h": power_of_ten(measured.h)}
    told = text.format(**numbers, worst=power_of_ten(measured.worst_difference))
    (st.success if measured.worst_difference < GOOD else st.warning)(told)


def figure() -> Figure:
    """What the bench shows, every first channel, as a sheet of numbers."""
    numbers = lesson.numbers()
    if state.get("view") == "pool":
        return number_sheet([[(name, numbers[name][0, 0]) for name in ("x", "y", "dy", "dx")]])
    turned = numbers["weight"][0, 0, ::-1, ::-1]
    above = [("dy", numbers["dy"][0, 0]), (_("W, turned"), turned), ("dx", numbers["dx"][0, 0])]
    return number_sheet([above, [("x", numbers["x"][0, 0]), ("dW", numbers["dweight"][0, 0])]])


with lesson_frame(KEY, CONTROLS) as frame:
    board(frame)
    frame.text("reading")
    frame.text("input")
    frame.text("weight")
    frame.text("stride")
    frame.text("columns")
    frame.text("pooling")
    frame.text("code")
    sizes = lesson.layer().geometry
    values = dict(zip(("stride", "padding", "dilation"), sizes, strict=True))
    frame.code(reference.conv2d_backward, mark=[r"dx\[n", r"dweight\["], values=values)
    frame.code(input_grad, mark=["np.pad"], values=values)
    frame.code(col2im, mark=["window.spread"])
    frame.check(_("Compute it again with loops, and measure it"), check)
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lesson.numbers)
    frame.text("links")
    if frame.shows("text"):
        links()
    frame.text("sources")
