"""Where the numbers of a graph stand: columns from input to output, with as few crossings as can be found.

What is written on a wire is a place of the graph too, so that nothing lies over anything. The columns, the order in
them and the bends of long wires are grandalf's (Sugiyama, Tagawa and Toda, "Methods for visual understanding of
hierarchical system structures", 1981).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from grandalf.graphs import Edge, Graph, Vertex
from grandalf.layouts import SugiyamaLayout

from pages.backprop.graph.figure import CARD, LABEL, Layout, Point, Wire

GAP = 0.3
"""Between what stands in one column."""
BEND = 1.0
"""Between columns, where wires bend."""
ROUNDS = 12
MARGIN = 0.4


class _Size(NamedTuple):
    w: float
    h: float


class _View:
    """What grandalf asks of a vertex's picture: its size, and room for its place."""

    def __init__(self, size: _Size) -> None:
        self.w, self.h = size
        self.xy: Point = (0.0, 0.0)


@lru_cache(maxsize=64)
def lay_out(parents: tuple[tuple[int, ...], ...], down: bool = False) -> Layout:
    """The layout of a graph whose node i reads ``parents[i]``: input left, output right, or downwards.

    The last node must depend on all others.
    """
    nodes = [_vertex(CARD, down) for _ in parents]
    labels: dict[Wire, Any] = {}
    halves: dict[Wire, tuple[Any, Any]] = {}
    for place, above in enumerate(parents):
        for slot, parent in enumerate(above):
            label = labels[place, slot] = _vertex(LABEL, down)
            halves[place, slot] = (Edge(nodes[parent], label), Edge(label, nodes[place]))
    if len(nodes) == 1:
        return Layout(
            CARD[0] + 2 * MARGIN, CARD[1] + 2 * MARGIN, ((CARD[0] / 2 + MARGIN, CARD[1] / 2 + MARGIN),), {}, {}
        )
    graph = Graph([*nodes, *labels.values()], [half for pair in halves.values() for half in pair])
    drawing = SugiyamaLayout(graph.C[0])
    drawing.xspace, drawing.yspace = GAP, BEND
    drawing.dw = drawing.dh = GAP
    drawing.init_all(optimize=True)
    drawing.draw(ROUNDS)

    def place_of(vertex: Any) -> Point:
        along, across = vertex.view.xy
        return (float(along), float(across)) if down else (float(across), float(along))

    def bends(edge: Any) -> list[Point]:
        """The points of a wire's half strictly between its ends."""
        by_rank = drawing.ctrls.get(edge) or {}
        return [place_of(by_rank[rank]) for rank in sorted(by_rank)[1:-1]]

    at_nodes = [place_of(node) for node in nodes]
    at_labels = {wire: place_of(label) for wire, label in labels.items()}
    routes = {
        (place, slot): [
            at_nodes[parents[place][slot]], *bends(first), at_labels[place, slot], *bends(second), at_nodes[place]
        ]
        for (place, slot), (first, second) in halves.items()
    }  # fmt: skip
    return _framed(at_nodes, at_labels, routes)


def _vertex(size: tuple[float, float], down: bool) -> Any:
    """A vertex as grandalf sees it: its layers are rows, ours columns unless the graph runs downwards."""
    vertex = Vertex()
    vertex.view = _View(_Size(*size) if down else _Size(size[1], size[0]))
    return vertex


def _framed(nodes: Sequence[Point], labels: dict[Wire, Point], routes: dict[Wire, list[Point]]) -> Layout:
    """Moved so that all stands within (0, 0) and (width, height)."""
    boxes = [(at, CARD) for at in nodes] + [(at, LABEL) for at in labels.values()]
    left, top = (min(at[axis] - size[axis] / 2 for at, size in boxes) - MARGIN for axis in (0, 1))
    right, bottom = (max(at[axis] + size[axis] / 2 for at, size in boxes) + MARGIN for axis in (0, 1))

    def moved(at: Point) -> Point:
        return round(at[0] - left, 3), round(at[1] - top, 3)

    return Layout(
        round(right - left, 3),
        round(bottom - top, 3),
        tuple(moved(at) for at in nodes),
        {wire: moved(at) for wire, at in labels.items()},
        {wire: tuple(moved(at) for at in route) for wire, route in routes.items()},
    )
