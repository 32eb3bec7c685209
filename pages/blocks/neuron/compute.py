"""One unit, its line, how it learns, and what units can do together on two inputs that are 0 or 1.

A truth table over two inputs is written as four bits, one for each of ``CORNERS``: NAND is (1, 1, 1, 0).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement, product

import numpy as np

from engine.data.digits import LEVELS, SHAPE, digit
from engine.layers.activation import sigmoid
from engine.layers.linear import Linear
from engine.training.error_rule import ErrorStep, error_step
from engine.types import Array, ShapeError

Bits = tuple[int, int, int, int]
CORNERS: tuple[tuple[int, int], ...] = ((0, 0), (0, 1), (1, 0), (1, 1))
FUNCTIONS: tuple[Bits, ...] = tuple((a, b, c, d) for a, b, c, d in product((0, 1), repeat=4))
"""All sixteen truth tables; the place of one in this tuple is its bits read as a binary number."""

MOST_GATES = 5
PLACES = SHAPE[1] - 2
"""How many places a 3×3 patch has across a digit."""


def step(z: Array) -> Array:
    """y = 1 where z > 0, else 0. McCulloch & Pitts, "A logical calculus of the ideas immanent in nervous activity",
    1943."""
    return (z > 0).astype(z.dtype)


@dataclass(frozen=True)
class Unit:
    """y = f(w · x + b): a weighted vote, compared with 0.

    weight (D,), bias one number; a threshold is a bias with its sign turned. f is ``step`` where ``steepness`` is
    None (Rosenblatt, "The perceptron", 1958), else σ(steepness · z), which is the step with a soft edge. x (N, D).
    """

    weight: tuple[float, ...]
    bias: float
    steepness: float | None = None

    def sums(self, x: Array) -> Array:
        """z[n] = Σ_j w[j] · x[n,j] + b, which is a Linear layer with one output. z (N,)."""
        if x.ndim != 2 or x.shape[1] != len(self.weight):
            raise ShapeError(
                f"A unit with {len(self.weight)} weights was given x of shape {x.shape}; it expects (N, "
                f"{len(self.weight)}), one number for each weight."
            )
        params = {"weight": np.array([self.weight], float), "bias": np.array([self.bias], float)}
        z: Array = Linear(len(self.weight), 1).forward(params, x)[0][:, 0]
        return z

    def outputs(self, x: Array) -> Array:
        """y[n] = f(z[n]). y (N,)."""
        z = self.sums(x)
        return step(z) if self.steepness is None else sigmoid(self.steepness * z)


def walk(start: Unit, task: Bits, taken: Sequence[int], lr: float) -> list[ErrorStep]:
    """Steps of the learning rule at these corners, one after the other, towards the answers of ``task``."""
    steps: list[ErrorStep] = []
    weight, bias = np.array(start.weight), start.bias
    for corner in taken:
        steps.append(error_step(weight, bias, corners()[corner], task[corner], lr, start.steepness))
        weight, bias = steps[-1].weight, steps[-1].bias
    return steps


def picture_of(number: int) -> Array:
    """The first digits of the set are 0 to 9. (8, 8), in levels of ink: 0 is bare paper, 16 full ink."""
    image: Array = np.rint(digit(number)[0][0] * LEVELS).astype(float)
    return image


def slid(image: Array, unit: Unit) -> Array:
    """z at every 3×3 patch of a picture (H, W), by one unit with nine weights: a convolution. (H - 2, W - 2)."""
    patches = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
    return unit.sums(patches.reshape(-1, 9)).reshape(patches.shape[:2])


@dataclass(frozen=True)
class TwoLayers:
    """y = out(hidden_0(x), hidden_1(x)): two units look at x, a third one at their answers."""

    hidden: tuple[Unit, Unit]
    out: Unit

    def hidden_outputs(self, x: Array) -> Array:
        """h (N, 2): where each x stands in the hidden plane."""
        return np.stack([unit.outputs(x) for unit in self.hidden], axis=1)

    def outputs(self, x: Array) -> Array:
        """y (N,)."""
        return self.out.outputs(self.hidden_outputs(x))


def corners() -> Array:
    """The four inputs of a truth table. (4, 2)."""
    return np.array(CORNERS, float)


def truth_table(unit: Unit | TwoLayers | Circuit) -> Bits:
    """Which of the sixteen functions a unit, a network or a circuit computes: its output at each corner, cut at 1/2."""
    a, b, c, d = (int(y > 0.5) for y in unit.outputs(corners()))
    return a, b, c, d


@cache
def line_for(function: Bits) -> Unit | None:
    """A unit that computes this function; None for the two that no unit can.

    Two inputs need no more than weights -2, 0, 2 and an odd bias, which keeps the line half-way between the corners.
    XOR asks for b ≤ 0, w1 + b > 0, w2 + b > 0 and w1 + w2 + b ≤ 0. The middle two add up to w1 + w2 + 2b > 0, the
    outer two to w1 + w2 + 2b ≤ 0: no unit does both, and with all signs turned none does XNOR.
    Minsky & Papert, "Perceptrons", 1969.
    """
    for weight in product((0.0, 2.0, -2.0), repeat=2):
        for bias in (-1.0, 1.0, -3.0, 3.0):
            if truth_table(Unit(weight, bias)) == function:
                return Unit(weight, bias)
    return None


def tally(rng: np.random.Generator, lines: int) -> Array:
    """How many of so many random lines, w and b from N(0, 1), compute each of ``FUNCTIONS``. (16,) whole numbers."""
    parameters = rng.standard_normal((lines, 3))
    answers = corners() @ parameters[:, :2].T + parameters[:, 2] > 0
    return np.bincount(np.array([8, 4, 2, 1]) @ answers, minlength=len(FUNCTIONS))


def two_layers_for(function: Bits) -> TwoLayers:
    """Three units that compute this function, whichever it is.

    A line alone does fourteen of them: the second hidden unit is then ignored. XOR is "at least one, but not both",
    OR and NAND of the same two inputs; XNOR is its opposite.
    """
    one = line_for(function)
    if one is not None:
        return TwoLayers((one, Unit((-2.0, -2.0), 3.0)), Unit((2.0, 0.0), -1.0))
    both = Unit((2.0, 2.0), -3.0) if function == (0, 1, 1, 0) else Unit((-2.0, -2.0), 3.0)
    return TwoLayers((Unit((2.0, 2.0), -1.0), Unit((-2.0, -2.0), 3.0)), both)


@dataclass(frozen=True)
class Gate:
    """A NAND gate: which two signals it reads. Signals 0 and 1 are the inputs, 2 is the first gate's, and so on."""

    first: int
    second: int


@dataclass(frozen=True)
class Circuit:
    """NAND gates in the order in which they are computed, and which signal is the answer."""

    gates: tuple[Gate, ...]
    answer: int

    def signals(self, x: Array) -> Array:
        """Both inputs, then each gate's output: the unit ``NAND`` of the two signals that it reads.

        x (N, 2), signals (N, 2 + gates).
        """
        found = [x[:, 0], x[:, 1]]
        for gate in self.gates:
            found.append(NAND.outputs(np.stack([found[gate.first], found[gate.second]], axis=1)))
        return np.stack(found, axis=1)

    def outputs(self, x: Array) -> Array:
        """y (N,)."""
        y: Array = self.signals(x)[:, self.answer]
        return y


NAND = Unit((-2.0, -2.0), 3.0)


@cache
def nand_circuit(function: Bits) -> Circuit:
    """The fewest NAND gates that compute this function: found by trying all circuits of 0, 1, 2, … gates.

    NAND alone makes every function (Sheffer, "A set of five independent postulates for Boolean algebras", 1913), so
    units alone do; on two inputs five gates are enough for any.
    """
    if function not in FUNCTIONS:
        raise ValueError(f"{function!r}: expected four bits, one for each corner, such as (0, 1, 1, 0).")
    wanted = _mask(function)
    inputs = tuple(_mask(column) for column in zip(*CORNERS, strict=True))
    return next(
        Circuit(gates, signals.index(wanted))
        for count in range(MOST_GATES + 1)
        for gates, signals in _circuits(count, inputs)
        if wanted in signals
    )


def _circuits(count: int, signals: tuple[int, ...]) -> Iterator[tuple[tuple[Gate, ...], tuple[int, ...]]]:
    """Every way to add ``count`` gates, each of which makes a signal that wasn't there."""
    if count == 0:
        yield (), signals
        return
    for first, second in combinations_with_replacement(range(len(signals)), 2):
        made = ~(signals[first] & signals[second]) & 0b1111
        if made not in signals:
            for gates, after in _circuits(count - 1, (*signals, made)):
                yield (Gate(first, second), *gates), after


def _mask(bits: Sequence[int]) -> int:
    return int("".join(map(str, bits)), 2)
