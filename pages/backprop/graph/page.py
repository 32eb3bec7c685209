"""Computational graph: a formula, taken apart into single operations, forward and then backward."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from engine.autograd.expression import ParseError, parse
from engine.autograd.tape import Tape
from pages.backprop.graph import controls as lesson
from pages.backprop.graph import matrices
from pages.backprop.graph.compute import matmul_backward
from pages.backprop.graph.controls import CONTROLS, KEY
from pages.backprop.graph.exercises import EXERCISES
from pages.backprop.graph.figure import graph_figure
from pages.backprop.graph.labels import preset_names
from pages.backprop.graph.picture import graph
from ui import errors, state
from ui.components.bench import BENCH
from ui.figures.fonts import has_chinese_font
from ui.i18n import _, blocks, language
from ui.lesson import Frame, lesson_frame
from ui.sentences import said, troubles

if TYPE_CHECKING:
    from ui.figures.export import Figure


@errors.fragment
def board(frame: Frame) -> None:
    """The picture. Stepping and dragging stay in the browser; another formula, or matrix, reruns this."""
    views = {"numbers": _("One number at a time"), "matrices": _("Whole matrices")}
    if frame.shows("view"):
        st.segmented_control(
            _("View"), list(views), format_func=lambda name: views[name], required=True,
            key=state.key("view"), label_visibility="collapsed", width="content",
        )  # fmt: skip
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}
    scenes = {name: text for name, text in texts.items() if name.startswith("scene-")}
    if state.get("view") == "matrices":
        frame.picture(BENCH, matrices.drawn, acts=matrices.ACTS, says="scene-")
    else:
        refused = lesson.drawn()[1]
        graph(
            lesson.now(),
            lesson.plan(),
            {"across": lesson.layout(), "down": lesson.layout(down=True)},
            heard=lesson.heard(),
            refused=refused and {"text": refused.text, "reason": said(refused.reason), "position": refused.position},
            presets=[{"name": preset_names()[p.key], "formula": p.formula, "values": p.values} for p in lesson.PRESETS],
            texts=scenes,
            troubles=troubles(),
            on_state=lesson.act,
            key=f"{KEY}.graph",
        )
    state.sync()


def figure() -> Figure:
    """The graph, both passes done."""
    english = language() == "en" or not has_chinese_font()
    words = {"value": "value" if english else _("value"), "gradient": "gradient" if english else _("gradient")}
    return graph_figure(lesson.shown(), lesson.layout(), {"title": f"f = {lesson.drawn()[0]}", **words})


def compare(frame: Frame) -> None:
    """Every gradient against a central difference."""
    try:
        found = lesson.central_differences()
    except ParseError as error:
        st.info(said(error.message))
        return
    worst = max((abs(ours - theirs) for ours, theirs in found.values()), default=0.0)
    st.markdown(frame.words("checked", worst=f"{worst:.1e}"))
    st.dataframe(
        {
            _("input"): list(found),
            _("backprop"): [f"{ours:+.9f}" for ours, _theirs in found.values()],
            _("central difference"): [f"{theirs:+.9f}" for _ours, theirs in found.values()],
        },
        hide_index=True,
    )


with lesson_frame(KEY, CONTROLS) as frame:
    board(frame)
    frame.text("reading")
    frame.text("chain")
    frame.text("gates")
    frame.text("branches")
    frame.text("sigmoid", **lesson.neuron_numbers())
    frame.text("staged", **lesson.staged_numbers())
    frame.code(Tape.apply, mark=[r"OPERATIONS\[op\]\.run"])
    frame.code(Tape.graph, mark=[r"amount = grads\[place\] \* local", r"grads\[parent\] \+= amount"])
    frame.code(parse, mark=["reader.write"], values={"expression": lesson.drawn()[0]})
    frame.text("matrices")
    frame.code(matmul_backward, mark=["dW = ", "dX = "])
    frame.check(_("Compare with central differences"), lambda: compare(frame))
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lambda: {**lesson.numbers(), **matrices.arrays()})
    frame.text("sources")
