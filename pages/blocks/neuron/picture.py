"""What the browser is sent: the scenes, the votes and the sixteen functions. It computes the units itself (unit.js)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.data.digits import CLASSES
from engine.data.filters import FILTERS
from pages.blocks.neuron.compute import FUNCTIONS, Unit, line_for, nand_circuit, picture_of, slid, two_layers_for
from pages.blocks.neuron.controls import (
    ANSWERS,
    EDGES,
    KERNELS,
    MOST_STEPS,
    RATES,
    RULES,
    SCENES,
    VOTES,
    answered,
    learner,
    network,
    patch,
    unit,
    vote,
)
from pages.blocks.neuron.figure import circuit_figure, layers_figure, patch_figure, plane_figure, vote_figure
from pages.blocks.neuron.labels import FORMULAS, labels, names
from ui import state
from ui.components.board import Drawn, board

if TYPE_CHECKING:
    from ui.figures.export import Figure

MOUNT = board(__file__, "plot", "plane", "scenes")


def drawn() -> Drawn:
    """One neuron in seven scenes."""
    meta = {
        "scenes": SCENES, "edges": EDGES, "votes": VOTES, "formulas": FORMULAS, "functions": functions(),
        "rules": RULES, "rates": RATES, "most_steps": MOST_STEPS, "answers": ANSWERS,
        "kernels": {name: FILTERS[name].ravel().tolist() for name in KERNELS},
        "digits": [picture_of(number).ravel().tolist() for number in range(CLASSES)],
    }  # fmt: skip
    return Drawn(meta, labels=labels())


def functions() -> list[dict[str, Any]]:
    """The sixteen functions: name, a line if there is one, three units, and a circuit of NAND gates."""
    found = []
    for bits, name in zip(FUNCTIONS, names(), strict=True):
        line, layers, circuit = line_for(bits), two_layers_for(bits), nand_circuit(bits)
        found.append(
            {
                "name": name,
                "line": line and as_data(line),
                "layers": [as_data(unit) for unit in (*layers.hidden, layers.out)],
                "circuit": {
                    "gates": [[gate.first, gate.second] for gate in circuit.gates],
                    "answer": circuit.answer,
                },
            }
        )
    return found


def as_data(unit: Unit) -> dict[str, Any]:
    """A unit as the browser has it."""
    return {"w": list(unit.weight), "b": unit.bias}


def figure() -> Figure:
    """The scene that is shown, as a figure."""
    match state.get("scene"):
        case "vote":
            x, voter = vote()
            return vote_figure(x[0], voter, {"sum": "z =", "threshold": "t ="})
        case "layers":
            return layers_figure(network())
        case "learn":
            return plane_figure(learner())
        case "patch":
            image, reader = patch()
            return patch_figure(image, reader, answered(slid(image, reader)))
        case "gates":
            return circuit_figure(nand_circuit(FUNCTIONS[int(state.get("aim"))]))
    return plane_figure(unit())
