"""Behind the lesson "Neuron": its controls, what the picture tells, and what is taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from engine.types import Array
from pages.blocks.neuron.compute import (
    CORNERS,
    FUNCTIONS,
    TwoLayers,
    Unit,
    corners,
    line_for,
    nand_circuit,
    tally,
)
from pages.blocks.neuron.labels import names
from ui import state
from ui.controls import Choice, Control, Number, Short
from ui.i18n import _
from ui.numbers import TYPED, typed

KEY = "neuron"
SCENES = ("vote", "line", "soft", "layers", "gates")
EDGES = ("0.5", "1", "2", "4", "8", "step")
XOR = FUNCTIONS.index((0, 1, 1, 0))
NO_GOAL = -1
LINES = 100_000


def _numbers(name: str, default: Sequence[float], example: Sequence[float]) -> Short:
    pattern = rf"{TYPED}(,{TYPED}){{{len(default) - 1}}}"
    return Short(name, pattern, 150, _written(default), example=_written(example))


def _written(values: Sequence[float]) -> str:
    return ",".join(typed(float(value)) for value in values)


# Three scores, their weights, the threshold: 4·1 + 1·3 - 3·2 = 1 isn't above 3.
VOTES = ((4, 1, -3, 1, 3, 2, 3), (4, 1, -3, 1, 1, 1, 3))
# NAND, and a network whose last line waits to be dragged to XOR.
UNIT = (-2, -2, 3)
NETWORK = (2, 2, -1, -2, -2, 3, 2, 2, -1)
CONTROLS: tuple[Control, ...] = (
    Choice("scene", SCENES, SCENES[0]),
    _numbers("vote", VOTES[0], VOTES[1]),
    _numbers("unit", UNIT, (2, -2, 1)),
    _numbers("net", NETWORK, (2, 2, -1, -2, -2, 3, 2, 2, -3)),
    Number("at", 0, len(CORNERS) - 1, 1, integer=True),
    Number("goal", NO_GOAL, len(FUNCTIONS) - 1, NO_GOAL, integer=True),
    Number("aim", 0, len(FUNCTIONS) - 1, XOR, integer=True),
    Number("found", 0, 2 ** len(FUNCTIONS) - 1, 0, integer=True),
    Choice("soft", EDGES, "1"),
    Choice("edge", EDGES, "step"),
)


def now() -> dict[str, Any]:
    """The controls as the browser holds them."""
    net = _read("net")
    return {
        "scene": state.get("scene"),
        "vote": as_vote(_read("vote")),
        "unit": _as_unit(_read("unit")),
        "net": [_as_unit(net[i : i + 3]) for i in (0, 3, 6)],
        **{name: int(state.get(name)) for name in ("at", "goal", "aim", "found")},
        **{name: state.get(name) for name in ("soft", "edge")},
    }


def as_vote(numbers: Sequence[float]) -> dict[str, Any]:
    """Three scores, three weights and the threshold, by name."""
    return {"x": list(numbers[:3]), "w": list(numbers[3:6]), "threshold": numbers[6]}


def act(told: Any) -> None:
    """Take what the learner did into the controls; what can't be read leaves its control as it is."""
    if not isinstance(told, Mapping):
        return
    for name in ("scene", "at", "goal", "aim", "found", "soft", "edge"):
        _take(name, told.get(name))
    try:
        vote, units = told["vote"], [told["unit"], *told["net"]]
        _take("vote", _written([*vote["x"], *vote["w"], vote["threshold"]]))
        _take("unit", _written([*units[0]["w"], units[0]["b"]]))
        _take("net", _written([number for unit in units[1:] for number in (*unit["w"], unit["b"])]))
    except (KeyError, TypeError, ValueError):
        return


def _take(name: str, value: Any) -> None:
    try:
        state.set(name, value)
    except (ValueError, TypeError):
        return


def _read(name: str) -> list[float]:
    text = str(state.get(name)) or next(str(c.default) for c in CONTROLS if c.name == name)
    return [float(number) for number in text.split(",")]


def _as_unit(numbers: Sequence[float]) -> dict[str, Any]:
    return {"w": list(numbers[:2]), "b": numbers[2]}


def _steepness(name: str) -> float | None:
    chosen = str(state.get(name))
    return None if chosen == "step" else float(chosen)


def vote() -> tuple[Array, Unit]:
    """The three scores (1, 3), and the unit that weighs them: its bias is the threshold with its sign turned."""
    numbers = _read("vote")
    return np.array([numbers[:3]]), Unit(tuple(numbers[3:6]), -numbers[6])


def unit() -> Unit:
    """The unit of the scene with one line: a step, and a soft one where its edge is soft."""
    a, b, bias = _read("unit")
    return Unit((a, b), bias, _steepness("soft") if state.get("scene") == "soft" else None)


def network() -> TwoLayers:
    """The three units of the scene with two layers."""
    n, k = _read("net"), _steepness("edge")
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


def try_lines() -> None:
    """A hundred thousand random lines, and which function each of them makes."""
    counts = tally(np.random.default_rng(0), LINES)
    missing = [name for name, count in zip(names(), counts, strict=True) if not count]
    st.markdown(
        _("Of {lines} random lines, none makes **{missing}**; the others come up all the same.").format(
            lines=f"{LINES:,}", missing=" · ".join(missing)
        )
    )
    st.dataframe(
        {
            _("function"): names(),
            _("at (0, 0), (0, 1), (1, 0), (1, 1)"): [" ".join(map(str, bits)) for bits in FUNCTIONS],
            _("random lines"): counts,
            _("a line exists"): ["✓" if line_for(bits) else "–" for bits in FUNCTIONS],
            _("NAND gates"): [len(nand_circuit(bits).gates) for bits in FUNCTIONS],
        },
        hide_index=True,
        height=596,
    )
