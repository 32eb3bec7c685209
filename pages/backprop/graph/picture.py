"""What the browser is sent: a formula's plan, and where its numbers stand. They are computed there, by the twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.autograd.expression import OPERATIONS
from engine.types import Array
from pages.backprop.graph import controls as lesson
from pages.backprop.graph import matrices
from pages.backprop.graph.figure import Layout, graph_figure
from pages.backprop.graph.labels import labels, preset_names
from ui import state
from ui.components.board import Drawn, board
from ui.i18n import _
from ui.sentences import said, troubles

if TYPE_CHECKING:
    from ui.figures.export import Figure

MOUNT = board(__file__)


def drawn() -> Drawn:
    """The open view."""
    return matrices.drawn() if state.get("view") == "matrices" else graph()


def graph() -> Drawn:
    """A formula as a graph, with the formulas that can be called up."""
    text, refused = lesson.formula()
    layouts = {"across": lesson.layout(), "down": lesson.layout(down=True)}
    meta = {
        "formula": text,
        "usual": lesson.usual(text),
        "asked_for": lesson.asked(),
        "nodes": [vars(node) for node in lesson.plan()],
        "layouts": {name: as_data(layout) for name, layout in layouts.items()},
        "refused": refused and {"text": refused.text, "reason": said(refused.reason), "position": refused.position},
        "presets": [{"name": preset_names()[p.key], "formula": p.formula, "values": p.values} for p in lesson.PRESETS],
        "operations": {name: list(operation.derivatives) for name, operation in OPERATIONS.items()},
        "troubles": troubles(),
    }
    return Drawn(meta, labels=labels())


def as_data(layout: Layout) -> dict[str, Any]:
    """A layout as the browser reads it: wires as [node, slot, point, …], labels by "node.slot"."""
    return {
        "width": layout.width,
        "height": layout.height,
        "nodes": layout.nodes,
        "labels": {f"{node}.{slot}": at for (node, slot), at in layout.labels.items()},
        "wires": [[node, slot, *points] for (node, slot), points in layout.wires.items()],
    }


# ---- what is taken away ----


def figure() -> Figure:
    """The graph, both passes done."""
    words = {"title": f"f = {lesson.formula()[0]}", "value": _("value"), "gradient": _("gradient")}
    return graph_figure(lesson.shown(), lesson.layout(), words)


def numbers() -> dict[str, Array]:
    """Of the graph and of the matrices."""
    return {**lesson.numbers(), **matrices.arrays()}
