"""What the engine's speed is held to, and whether it got there."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.rounds import Crowded, Measured

OURS_TO_TORCH = "ours / torch"
OURS_TO_LIMIT = "ours / limit"
YARDSTICK_TO_OURS = "yardstick / ours"
PEAK = "peak MB"
OURS = "ours ms"
BUSY_TO_IDLE = "busy / idle"

UNDISTURBED = 0.97
"""The share of its turns in which a contender on one thread should have had a core."""


@dataclass(frozen=True)
class Gate:
    """A bound for one quantity of one workload: at most, unless it says at least.

    ``in_place``: only where NumPy's BLAS multiplies small matrices where they lie (engine/kernels/blas.py), or only
    where it repacks them; both, where neither is said.
    """

    workload: str
    quantity: str
    bound: float
    at_least: bool = False
    in_place: bool | None = None

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


GATES = (
    Gate("W1", OURS_TO_TORCH, 0.75),
    Gate("W1", OURS_TO_LIMIT, 2.0, in_place=True),
    Gate("W1", OURS_TO_LIMIT, 1.7, in_place=False),
    Gate("W1", YARDSTICK_TO_OURS, 8, at_least=True),
    Gate("W1", PEAK, 80),
    Gate("W1", BUSY_TO_IDLE, 1.15),
    Gate("W2", OURS_TO_TORCH, 0.75),
    Gate("W2", OURS_TO_LIMIT, 2.0, in_place=True),
    Gate("W2", OURS_TO_LIMIT, 1.7, in_place=False),
    Gate("W2", YARDSTICK_TO_OURS, 8, at_least=True),
    Gate("W2", PEAK, 80),
    Gate("W3", OURS_TO_TORCH, 1.0),
    Gate("W3", OURS_TO_LIMIT, 2.0, in_place=True),
    Gate("W3", OURS_TO_LIMIT, 1.7, in_place=False),
    Gate("W3", PEAK, 150),
    Gate("digits", OURS_TO_TORCH, 0.55),
    Gate("digits", OURS_TO_LIMIT, 5.5),
    Gate("W5", OURS_TO_TORCH, 1.0),
    Gate("AlexNet", OURS_TO_TORCH, 1.2),
    Gate("AlexNet", PEAK, 350),
    Gate("VGG-16", OURS_TO_TORCH, 1.5),
    Gate("VGG-16", PEAK, 800),
    Gate("trace", OURS, 1.0),
)
"""Ratios to PyTorch are to its default layout, on one thread. Peak memory is all of the process: Python, NumPy,
the engine, weights, inputs and whatever a step needs."""


@dataclass(frozen=True)
class Verdict:
    """A gate, and what was measured.

    ``disturbed``: a contender had to wait for a core that another program had. The value then says as much about
    that program, and the verdict could be another one on a quiet machine.
    """

    gate: Gate
    value: float
    disturbed: bool = False

    @property
    def met(self) -> bool:
        return self.gate.met(self.value)

    def __str__(self) -> str:
        return ("met" if self.met else "not met") + ("?" if self.disturbed else "")


def quantities(measured: dict[str, Measured]) -> dict[str, float]:
    """Everything a gate may ask about one workload, as far as it was measured."""
    ours = measured["ours"]
    found = {OURS: ours.ms} | ({PEAK: ours.peak_mb} if ours.peak_mb else {})
    if "torch" in measured:
        found[OURS_TO_TORCH] = ours.ms / measured["torch"].ms
    if "limit" in measured:
        found[OURS_TO_LIMIT] = ours.ms / measured["limit"].ms
    if "yardstick" in measured:
        found[YARDSTICK_TO_OURS] = measured["yardstick"].ms / ours.ms
    return found


def judge(
    results: dict[str, dict[str, Measured]], crowded: dict[str, dict[str, Crowded]], *, in_place: bool
) -> list[Verdict]:
    """A verdict on every gate that something was measured for, with BLAS's kernels of the one kind or the other."""
    known: dict[tuple[str, str], tuple[float, list[float]]] = {}
    for workload, measured in results.items():
        shares = [own.share for own in measured.values()]
        for quantity, value in quantities(measured).items():
            # Waiting needs no memory.
            known[workload, quantity] = value, [] if quantity == PEAK else shares
    for workload, pressed in crowded.items():
        if "ours" in pressed:
            ours = pressed["ours"]
            known[workload, BUSY_TO_IDLE] = ours.slowdown, [ours.idle_share, ours.busy_share]
    asked = [gate for gate in GATES if gate.in_place in (None, in_place)]
    found = ((gate, known.get((gate.workload, gate.quantity))) for gate in asked)
    return [Verdict(gate, value[0], min(value[1], default=1.0) < UNDISTURBED) for gate, value in found if value]
