"""What the learner can set, what follows from it, and what is taken away."""

from __future__ import annotations

import numpy as np

from engine.data.digits import CLASSES
from engine.data.filters import FILTERS
from engine.layers.activation import ReLU
from engine.training.error_rule import ErrorStep
from engine.types import Array
from pages.blocks.neuron.compute import (
    CORNERS,
    FUNCTIONS,
    PLACES,
    TwoLayers,
    Unit,
    corners,
    nand_circuit,
    picture_of,
    slid,
    step,
    walk,
)
from ui import state
from ui.controls import Choice, Control, Number, Numbers, Short

SCENES = ("vote", "line", "soft", "learn", "layers", "gates", "patch")
EDGES = ("0.5", "1", "2", "4", "8", "step")
XOR = FUNCTIONS.index((0, 1, 1, 0))
NO_GOAL = -1
# Three scores, their weights, the threshold: 4·1 + 1·3 - 3·2 = 1 isn't above 3.
VOTES = ((4, 1, -3, 1, 3, 2, 3), (4, 1, -3, 1, 1, 1, 3))
# Two weights and the bias of each unit: NAND, and a network whose last line waits to be dragged to XOR.
UNIT = (-2, -2, 3)
NETWORK = (2, 2, -1, -2, -2, 3, 2, 2, -1)
# The unit that learns: AND, from a line that has it wrong, and so many steps in a link.
AND = FUNCTIONS.index((0, 0, 0, 1))
START = (-1, 2, -1)
RULES = ("step", "sigmoid")
LOOKS = ("made", "ahead")
RATES = ("0.25", "0.5", "1", "2")
MOST_STEPS = 200
# The unit with nine inputs: what looks for an upright edge, as strong as a few levels of ink.
KERNELS = ("vertical", "horizontal", "edges", "cross")
ANSWERS = ("step", "relu", "sum")
KERNEL = tuple(FILTERS["vertical"].ravel().tolist())
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
    Numbers("start", START, (2, -2, 1)),
    Short("taken", "[0-3]+", MOST_STEPS, example="123"),
    Number("wanted", 0, len(FUNCTIONS) - 1, AND, integer=True),
    Choice("look", LOOKS, LOOKS[0]),
    Choice("rule", RULES, RULES[0]),
    Choice("rate", RATES, "0.5"),
    Number("digit", 0, CLASSES - 1, 0, integer=True),
    Numbers("kernel", KERNEL, (1, 2, 1, 0, 0, 0, -1, -2, -1)),
    Number("offset", -200, 200, -8),
    Number("spot", 0, PLACES**2 - 1, 0, integer=True),
    Choice("answer", ANSWERS, ANSWERS[0]),
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


def learning() -> list[ErrorStep]:
    """The steps of the unit that learns, from its start on."""
    a, b, bias = _given("start")
    task, steepness = FUNCTIONS[int(state.get("wanted"))], None if state.get("rule") == "step" else 1.0
    taken = [int(corner) for corner in str(state.get("taken"))]
    return walk(Unit((a, b), bias, steepness), task, taken, float(state.get("rate")))


def learner() -> Unit:
    """The unit that learns, as it is after its steps."""
    a, b, bias = _given("start")
    steps = learning()
    return Unit(tuple(steps[-1].weight.tolist()), steps[-1].bias) if steps else Unit((a, b), bias)


def patch() -> tuple[Array, Unit]:
    """The picture (8, 8), in levels of ink from 0 to 16, and the unit that reads nine of its pixels."""
    return picture_of(int(state.get("digit"))), Unit(tuple(_given("kernel")), float(state.get("offset")))


def answered(z: Array) -> Array:
    """What is made of the sums of the unit with nine inputs."""
    match state.get("answer"):
        case "step":
            return step(z)
        case "relu":
            return ReLU().forward({}, z)[0]
    return z


def numbers() -> dict[str, Array]:
    """What is taken away: every scene's numbers as the engine computes them."""
    x, voter = vote()
    one, net, at = unit(), network(), corners()
    circuit = nand_circuit(FUNCTIONS[int(state.get("aim"))])
    learnt, steps = learner(), learning()
    image, reader = patch()
    sums = slid(image, reader)
    return {
        "vote.x": x, "vote.weight": np.array(voter.weight), "vote.bias": np.array([voter.bias]),
        "vote.z": voter.sums(x), "vote.y": voter.outputs(x),
        "x": at, "unit.weight": np.array(one.weight), "unit.bias": np.array([one.bias]),
        "unit.z": one.sums(at), "unit.y": one.outputs(at),
        "layers.weight": np.array([u.weight for u in (*net.hidden, net.out)]),
        "layers.bias": np.array([u.bias for u in (*net.hidden, net.out)]),
        "layers.h": net.hidden_outputs(at), "layers.y": net.outputs(at),
        "learn.error": np.array([step.error for step in steps]),
        "learn.change": np.array([[*step.weight_change, step.bias_change] for step in steps]).reshape(-1, 3),
        "learn.weight": np.array(learnt.weight), "learn.bias": np.array([learnt.bias]),
        "patch.x": image, "patch.weight": np.array(reader.weight).reshape(3, 3), "patch.bias": np.array([reader.bias]),
        "patch.z": sums, "patch.y": answered(sums),
        "circuit.signals": circuit.signals(at), "circuit.y": circuit.outputs(at),
    }  # fmt: skip
