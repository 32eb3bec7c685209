"""What the learner can set, what follows from it, and what is taken away."""

from __future__ import annotations

import numpy as np

from engine.types import Array
from pages.blocks.neuron.compute import CORNERS, FUNCTIONS, TwoLayers, Unit, corners, nand_circuit
from ui import state
from ui.controls import Choice, Control, Number, Numbers

SCENES = ("vote", "line", "soft", "layers", "gates")
EDGES = ("0.5", "1", "2", "4", "8", "step")
XOR = FUNCTIONS.index((0, 1, 1, 0))
NO_GOAL = -1
# Three scores, their weights, the threshold: 4·1 + 1·3 - 3·2 = 1 isn't above 3.
VOTES = ((4, 1, -3, 1, 3, 2, 3), (4, 1, -3, 1, 1, 1, 3))
# Two weights and the bias of each unit: NAND, and a network whose last line waits to be dragged to XOR.
UNIT = (-2, -2, 3)
NETWORK = (2, 2, -1, -2, -2, 3, 2, 2, -1)
CONTROLS: tuple[Control, ...] = (
    Choice("scene", SCENES, SCENES[0]),
    Numbers("vote", VOTES[0], VOTES[1]),
    Numbers("unit", UNIT, (2, -2, 1)),
    Numbers("net", NETWORK, (2, 2, -1, -2, -2, 3, 2, 2, -3)),
    Number("at", 0, len(CORNERS) - 1, 1, integer=True),
    Number("goal", NO_GOAL, len(FUNCTIONS) - 1, NO_GOAL, integer=True),
    Number("aim", 0, len(FUNCTIONS) - 1, XOR, integer=True),
    Number("found", 0, 2 ** len(FUNCTIONS) - 1, 0, integer=True),
    Choice("soft", EDGES, "1"),
    Choice("edge", EDGES, "step"),
)


def _given(name: str) -> list[float]:
    return [float(number) for number in state.get(name)]


def _steepness(name: str) -> float | None:
    chosen = str(state.get(name))
    return None if chosen == "step" else float(chosen)


def vote() -> tuple[Array, Unit]:
    """The three scores (1, 3), and the unit that weighs them: its bias is the threshold with its sign turned."""
    *numbers, threshold = _given("vote")
    return np.array([numbers[:3]]), Unit(tuple(numbers[3:]), -threshold)


def unit() -> Unit:
    """The unit of the scene with one line: a step, and a soft one where its edge is soft."""
    a, b, bias = _given("unit")
    return Unit((a, b), bias, _steepness("soft") if state.get("scene") == "soft" else None)


def network() -> TwoLayers:
    """The three units of the scene with two layers."""
    n, k = _given("net"), _steepness("edge")
    first, second, out = (Unit((n[i], n[i + 1]), n[i + 2], k) for i in (0, 3, 6))
    return TwoLayers((first, second), out)


def numbers() -> dict[str, Array]:
    """What is taken away: every scene's numbers as the engine computes them."""
    x, voter = vote()
    one, net, at = unit(), network(), corners()
    circuit = nand_circuit(FUNCTIONS[int(state.get("aim"))])
    return {
        "vote.x": x, "vote.weight": np.array(voter.weight), "vote.bias": np.array([voter.bias]),
        "vote.z": voter.sums(x), "vote.y": voter.outputs(x),
        "x": at, "unit.weight": np.array(one.weight), "unit.bias": np.array([one.bias]),
        "unit.z": one.sums(at), "unit.y": one.outputs(at),
        "layers.weight": np.array([u.weight for u in (*net.hidden, net.out)]),
        "layers.bias": np.array([u.bias for u in (*net.hidden, net.out)]),
        "layers.h": net.hidden_outputs(at), "layers.y": net.outputs(at),
        "circuit.signals": circuit.signals(at), "circuit.y": circuit.outputs(at),
    }  # fmt: skip
