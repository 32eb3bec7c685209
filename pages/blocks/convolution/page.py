"""Convolution: a kernel slides over a picture, and every product that it makes is written out."""

from __future__ import annotations

import streamlit as st

from engine import reference
from engine.analysis.conv_arithmetic import count
from engine.kernels import convolution
from engine.kernels.im2col import im2col
from pages.blocks.convolution import controls as lesson
from pages.blocks.convolution import picture
from pages.blocks.convolution import sources as pictures
from pages.blocks.convolution.controls import CONTROLS, KEY
from pages.blocks.convolution.exercises import EXERCISES
from pages.blocks.convolution.figure import sheet
from ui import errors, state
from ui.components.bench import Events, bench
from ui.examples import worked_examples
from ui.i18n import _, blocks, language
from ui.lesson import Frame, lesson_frame
from ui.numbers import power_of_ten
from ui.picture_input import picture_input


@errors.fragment
def board(frame: Frame) -> None:
    """The picture. Pointing stays in the browser; a changed setting or number reruns this, and not the page."""
    with st.container(key="bench-row", horizontal=True, vertical_alignment="center"):
        if pictures.OWN.source() == "digit" or state.get("view") == "linear":
            picture_input()
        chooser(frame)
    lesson.forget_what_belonged_to_another()
    scene, arrays = picture.scene()
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}
    shown = {name: text for name, text in texts.items() if name.startswith("scene-")}
    events = Events(edit=lesson.take_edit, set=lesson.take_settings, act=lesson.act, place=lesson.take_place)
    bench(scene, arrays=arrays, texts=shown, events=events, key=f"{KEY}.bench", labels=labels())
    state.sync()
    if frame.shows("sharing"):
        with st.container(key="sharing"):
            sharing(frame)


def chooser(frame: Frame) -> None:
    """Four ways to see a convolution, and the worked examples."""
    views = {
        "slide": _("Slide"),
        "matrix": _("As a matrix product"),
        "transposed": _("Transposed"),
        "linear": _("Linear layer"),
    }
    if frame.shows("view"):
        st.segmented_control(
            _("View"), list(views), format_func=lambda name: views[name], required=True,
            key=state.key("view"), label_visibility="collapsed", width="content",
        )  # fmt: skip
    if frame.shows("examples"):
        worked_examples(KEY, lesson.EXAMPLES, lesson.show)
    if frame.shows("upload"):
        popover = st.popover(_("Your picture"), key=f"{KEY}.upload", on_change="rerun", width="content")
        if popover.open:
            with popover:
                pictures.OWN.upload()


def labels() -> dict[str, str]:
    """Names of this lesson's pictures."""
    return {"window": _("Window"), "patches": _("Patches"), "kernels": _("Kernels")}


def sharing(frame: Frame) -> None:
    """This layer's parameters, and AlexNet's first layer's, against the same without sharing and fully connected."""
    name, own = picture.counts()
    famous = count(*lesson.ALEXNET)
    gaps: dict[str, object] = {"own_name": name}
    gaps |= {
        f"{who}_{name}": f"{value:,}"
        for who, c in (("own", own), ("alexnet", famous))
        for name, value in vars(c).items()
    }
    st.markdown(frame.words("sharing", **gaps))


def compare() -> None:
    """The fast routine against plain loops, on what the bench shows."""
    size, worst = lesson.against_loops()
    text = _("{count} numbers computed twice; the largest difference is {worst}.")
    st.markdown(text.format(count=f"{size:,}", worst=power_of_ten(worst)))


with lesson_frame(KEY, CONTROLS) as frame:
    board(frame)
    frame.text("reading")
    frame.text("sizes", **lesson.alexnet())
    frame.text("channels")
    frame.text("matrix", **lesson.alexnet())
    frame.text("relatives")
    frame.text("code")
    sizes = lesson.sizes()
    frame.code(reference.conv2d, mark=[r"y\[n, k, i, j\] \+="], values=sizes)
    frame.code(im2col, mark=["patches.transpose"], values=sizes)
    frame.code(convolution.correlate_by_rows, mark=[r"np\.matmul\(matrix"])
    frame.check(_("Compute it again with plain loops"), compare)
    frame.exercises(EXERCISES)
    frame.take_away(
        figure=lambda: sheet(lesson.convolved(), _("input"), _("kernels"), _("output")),
        numbers=lambda: lesson.convolved().arrays(),
    )
    frame.text("sources")
