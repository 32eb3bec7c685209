"""Neuron: a weighted vote, the line that it draws, and what several of them do together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.blocks.neuron import controls as lesson
from pages.blocks.neuron.compute import FUNCTIONS, TwoLayers, Unit, nand_circuit
from pages.blocks.neuron.controls import CONTROLS, EDGES, KEY, SCENES, VOTES
from pages.blocks.neuron.exercises import EXERCISES
from pages.blocks.neuron.figure import circuit_figure, layers_figure, plane_figure, vote_figure
from pages.blocks.neuron.picture import neuron
from ui import errors, state
from ui.i18n import _, blocks, language
from ui.lesson import lesson_frame

if TYPE_CHECKING:
    from ui.figures.export import Figure


@errors.fragment
def board() -> None:
    """The picture. Dragging stays in the browser; where things come to rest is told, so that the link holds it."""
    texts = {name: (text.heading, text.body) for name, text in blocks(KEY, language()).items()}
    neuron(
        lesson.now(),
        scenes=SCENES,
        edges=EDGES,
        votes=tuple(lesson.as_vote(vote) for vote in VOTES),
        texts={name: text for name, text in texts.items() if name.startswith("scene-")},
        on_state=lesson.act,
        key=f"{KEY}.scenes",
    )
    state.sync()


def figure() -> Figure:
    """The scene that is shown, as a figure."""
    scene = state.get("scene")
    if scene == "vote":
        x, voter = lesson.vote()
        return vote_figure(x[0], voter, {"sum": "z =", "threshold": "t ="})
    if scene == "layers":
        return layers_figure(lesson.network())
    if scene == "gates":
        return circuit_figure(nand_circuit(FUNCTIONS[int(state.get("aim"))]))
    return plane_figure(lesson.unit())


with lesson_frame(KEY, CONTROLS) as frame:
    board()
    frame.text("reading")
    frame.text("neuron")
    frame.text("line")
    unit = lesson.unit()
    values = {"weight": unit.weight, "bias": unit.bias, "steepness": unit.steepness}
    frame.code(Unit, mark=["z: Array = Linear", "return step(z)"], values=values)
    frame.text("xor")
    frame.check(_("Try 100,000 random lines"), lesson.try_lines)
    frame.text("layers")
    frame.code(TwoLayers, mark=[r"for unit in self\.hidden", r"self\.out\.outputs"])
    frame.text("nand")
    frame.text("soft")
    frame.exercises(EXERCISES)
    frame.take_away(figure=figure, numbers=lesson.numbers)
    frame.text("sources")
