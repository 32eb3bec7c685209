"""A formula as a graph of single operations: numbers flow up it, gradients flow back down.

    forward      node.value = op(values of its parents)
    backward     grad of the last node = 1;   grad of a parent += node.grad · ∂node/∂parent

    >>> tape = Tape()
    >>> x, y = tape.variable("x", 3), tape.variable("y", 4)
    >>> product = tape.apply("multiply", x, y)
    >>> tape.graph().grads
    {'x': 4.0, 'y': 3.0}

``engine.autograd.expression`` writes a tape from a typed formula.
Source: Wengert, "A simple automatic derivative evaluation program", 1964.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from engine.sentence import Sentence

LARGEST = 1e12
"""The largest number, either way, that a node may hold."""


TROUBLES = {
    "divide": Sentence("Here something is divided by 0"),
    "zero-power": Sentence("Here 0 is raised to a negative power, which divides by 0"),
    "broken-power": Sentence("Here {base}, a negative number, is raised to the broken power {exponent}"),
    "log": Sentence("A logarithm needs a positive number, and here it is given {value}"),
    "large": Sentence("Here the numbers grow beyond 10¹²"),
    "no-slope": Sentence(
        "{base} to the power of {exponent} has no derivative here: where the exponent can move, the base must be "
        "positive, and at 0 a power below 1 is infinitely steep"
    ),
    "endless": Sentence("On the way back the gradients grow beyond all bounds"),
}
"""Why a formula has no number, or no slope, at some values."""


class Undefined(ArithmeticError):
    """Values for which an operation has no number, or no slope, that can be held: one of ``TROUBLES``."""

    def __init__(self, trouble: str, **values: float) -> None:
        self.message = Sentence(TROUBLES[trouble].template, **{name: f"{value:g}" for name, value in values.items()})
        super().__init__(str(self.message))


@dataclass(frozen=True)
class Operation:
    """value and local derivatives of one operation; ``symbol`` and ``derivatives`` say them in writing.

    ``run(values)`` gives (value, one derivative for each value); None stands for a derivative that doesn't exist.
    It raises ``Undefined`` for values that the operation can't take.
    """

    symbol: str
    derivatives: tuple[str, ...]
    run: Callable[..., tuple[float, tuple[float | None, ...]]]


def _divide(a: float, b: float) -> tuple[float, tuple[float, float]]:
    if b == 0:
        raise Undefined("divide")
    return a / b, (1 / b, -a / b / b)


def _power(a: float, b: float) -> tuple[float, tuple[float | None, float | None]]:
    """a^b. By the base: b·a^(b-1). By the exponent: a^b·ln a, which needs a positive base."""
    if a == 0 and b < 0:
        raise Undefined("zero-power")
    if a < 0 and b != int(b):
        raise Undefined("broken-power", base=a, exponent=b)
    value = math.pow(a, b)
    by_base = 0.0 if b == 0 else None if a == 0 and b < 1 else b * math.pow(a, b - 1)
    return value, (by_base, value * math.log(a) if a > 0 else None)


def _log(a: float) -> tuple[float, tuple[float]]:
    if a <= 0:
        raise Undefined("log", value=a)
    return math.log(a), (1 / a,)


def _exp(a: float) -> tuple[float, tuple[float]]:
    value = math.exp(a)
    return value, (value,)


def _sigmoid(a: float) -> tuple[float, tuple[float]]:
    """1 / (1 + e^-a), written so that e is never raised to a large power."""
    value = 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))
    return value, (value * (1 - value),)


def _tanh(a: float) -> tuple[float, tuple[float]]:
    value = math.tanh(a)
    return value, (1 - value**2,)


def _max(*values: float) -> tuple[float, tuple[float, ...]]:
    """The largest, and a gate: 1 for the winner (the first, when tied), 0 for the others."""
    winner = values.index(max(values))
    return values[winner], tuple(float(place == winner) for place in range(len(values)))


OPERATIONS: dict[str, Operation] = {
    "add": Operation("+", ("1", "1"), lambda a, b: (a + b, (1.0, 1.0))),
    "subtract": Operation("−", ("1", "−1"), lambda a, b: (a - b, (1.0, -1.0))),
    "multiply": Operation("×", ("b", "a"), lambda a, b: (a * b, (b, a))),
    "divide": Operation("÷", ("1/b", "−a/b²"), _divide),
    "power": Operation("^", ("b·a^(b−1)", "a^b·ln a"), _power),
    "negate": Operation("−", ("−1",), lambda a: (-a, (-1.0,))),
    "exp": Operation("exp", ("e^a",), _exp),
    "log": Operation("log", ("1/a",), _log),
    "sigmoid": Operation("σ", ("σ·(1−σ)",), _sigmoid),
    "tanh": Operation("tanh", ("1−tanh²",), _tanh),
    "relu": Operation("relu", ("1 if a>0, else 0",), lambda a: (max(a, 0.0), (float(a > 0),))),
    "max": Operation("max", ("1 for the largest, else 0",), _max),
}


@dataclass(frozen=True)
class Node:
    """One number of the graph.

    ``op`` is a name in ``OPERATIONS``, or "variable" or "constant", which have no parents. ``local`` holds
    ∂value/∂parent for each of ``parents`` (places in the graph), None for a parent that no variable can move.
    ``grad`` is d(last node)/d(value), None for a number that no variable can move; ``label`` is the name of
    a variable, a constant as written, or the operation's symbol.
    """

    op: str
    label: str
    parents: tuple[int, ...]
    value: float
    local: tuple[float | None, ...]
    grad: float | None


@dataclass(frozen=True)
class Sent:
    """One product of the backward pass: amount = grad of the node · local derivative, added to the parent's grad."""

    node: int
    parent: int
    grad: float
    local: float
    amount: float


@dataclass(frozen=True)
class Graph:
    """Every node after its parents; the last one is the formula's value. ``sent`` is the backward pass, in order."""

    nodes: tuple[Node, ...]
    sent: tuple[Sent, ...]

    @property
    def value(self) -> float:
        """The value of the whole formula."""
        return self.nodes[-1].value

    @property
    def grads(self) -> dict[str, float]:
        """d value / d variable, by name: 0 for one that took no part in the result."""
        return {node.label: node.grad or 0.0 for node in self.nodes if node.op == "variable"}


class Tape:
    """Writes a graph down, one operation after another, each computed as it is written.

    ``variable``, ``constant`` and ``apply`` return the new node's place; ``graph`` runs the backward pass.
    """

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._moves: list[bool] = []
        self._variables: dict[str, int] = {}

    def variable(self, name: str, value: float) -> int:
        """A number that can be moved; the same name is the same node."""
        if name not in self._variables:
            self._variables[name] = self._write(Node("variable", name, (), float(value), (), None), moves=True)
        return self._variables[name]

    def constant(self, value: float) -> int:
        """A number that stays."""
        return self._write(Node("constant", f"{value:.12g}", (), float(value), (), None), moves=False)

    def apply(self, op: str, *parents: int) -> int:
        """The number that ``op`` makes of these nodes.

        Raises ``Undefined`` for values that it can't take or that grow out of bounds.
        """
        values = [self._nodes[parent].value for parent in parents]
        try:
            value, local = OPERATIONS[op].run(*values)
        except OverflowError:
            value, local = math.inf, ()
        if not abs(value) <= LARGEST:
            raise Undefined("large")
        moves = [self._moves[parent] for parent in parents]
        if any(move and derivative is None for move, derivative in zip(moves, local, strict=True)):
            raise Undefined("no-slope", base=values[0], exponent=values[1])
        kept = tuple(derivative if move else None for move, derivative in zip(moves, local, strict=True))
        return self._write(Node(op, OPERATIONS[op].symbol, parents, value, kept, None), moves=any(moves))

    def graph(self) -> Graph:
        """Everything written so far, its last node being the result, with all gradients.

        A number that is used several times adds up what comes back from each use.
        """
        grads = [0.0] * len(self._nodes)
        grads[-1] = 1.0
        sent = []
        for place in reversed(range(len(self._nodes))):
            node = self._nodes[place]
            for parent, local in zip(node.parents, node.local, strict=True):
                if local is None:
                    continue
                amount = grads[place] * local
                grads[parent] += amount
                sent.append(Sent(place, parent, grads[place], local, amount))
        if not all(math.isfinite(grad) for grad in grads):
            raise Undefined("endless")
        nodes = tuple(
            Node(node.op, node.label, node.parents, node.value, node.local, grad if moves else None)
            for node, grad, moves in zip(self._nodes, grads, self._moves, strict=True)
        )
        return Graph(nodes, tuple(sent))

    def _write(self, node: Node, *, moves: bool) -> int:
        self._nodes.append(node)
        self._moves.append(moves)
        return len(self._nodes) - 1
