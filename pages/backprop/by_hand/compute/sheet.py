"""Every elementary step of one step of learning: what it computes, from what, and the value that the engine found.

The numbers come from the network's Trace and BackTrace. The right-hand sides are written in the language of
``engine.autograd.expression``, so that anything that reads formulas can compute them again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np

from engine.layers import Softmax
from engine.layers.activation import Elementwise, ReLU, sigmoid
from engine.losses.softmax import log_softmax
from engine.optimizers import SGD
from engine.trace import Trace
from engine.types import Array
from pages.backprop.by_hand.compute.setup import Setup


@dataclass(frozen=True)
class Symbol:
    """A quantity: ``base`` with an index, or where ``below`` is given the derivative of ``base`` by it.

    ``value`` is a number that the engine computed.
    """

    name: str
    base: str
    index: str
    value: float
    below: str = ""
    """Name of the quantity that a derivative is taken by."""
    new: bool = False


@dataclass(frozen=True)
class Line:
    """result = tokens: one elementary step. ``tokens`` are symbols' names and the signs between them."""

    result: str
    tokens: tuple[str, ...]
    kind: str
    phase: str
    unit: str

    @property
    def expression(self) -> str:
        """The right-hand side as plain text."""
        return "".join(self.tokens)

    def reads(self, symbols: dict[str, Symbol]) -> tuple[str, ...]:
        """Names of the quantities that it is computed from, each once."""
        return tuple(dict.fromkeys(token for token in self.tokens if token in symbols))


@dataclass(frozen=True)
class Sheet:
    """One step of learning, written out: the quantities by name, and the lines in order.

    ``units``: names of the units, layer by layer, the inputs first. ``weights[l][k][j]``: name of the weight from
    unit j of layer l to unit k of the next; ``biases[l][k]`` of that unit's bias.
    """

    setup: Setup
    units: tuple[tuple[str, ...], ...]
    weights: tuple[tuple[tuple[str, ...], ...], ...]
    biases: tuple[tuple[str, ...], ...]
    symbols: dict[str, Symbol] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def line(self, result: str) -> Line:
        """The line that computes this quantity. Raises KeyError."""
        for line in self.lines:
            if line.result == result:
                return line
        raise KeyError(f"No line computes {result!r}.")

    def value(self, name: str) -> float:
        """What the engine found for a quantity."""
        return self.symbols[name].value


def written_out(setup: Setup) -> Sheet:
    """The sheet of a network at its example: forward, error, backward, update, and the error afterwards."""
    return _Writer(setup).sheet


class _Writer:
    """Writes a sheet line by line, in the order in which one computes."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.trace, self.back, self.error = setup.passes()
        self.sheet = Sheet(setup, *_names(setup.sizes))
        self.last = len(setup.sizes) - 1
        self.out = self._outputs(self.trace)
        self._givens()
        for at in range(1, self.last + 1):
            self._forward(at)
        self._errors()
        for at in range(self.last, 0, -1):
            self._backward(at)
        self._update()
        self._again()

    def symbol(self, name: str, base: str, index: str, value: float, *, below: str = "", new: bool = False) -> str:
        self.sheet.symbols[name] = Symbol(name, base, index, float(value), below, new)
        return name

    def line(self, result: str, tokens: tuple[str, ...], kind: str, phase: str, unit: str) -> None:
        self.sheet.lines.append(Line(result, tokens, kind, phase, unit))

    def _outputs(self, trace: Trace) -> list[Array]:
        """What each layer's units say, the inputs first; (units,) each."""
        found = [trace.x[0]]
        for at in range(1, self.last + 1):
            name = f"act{at}" if f"act{at}" in [step.name for step in trace] else f"fc{at}"
            y = trace[name].y
            if at == self.last and self.setup.head == "sigmoid-ce":
                y = sigmoid(y)
            elif at == self.last and self.setup.head == "softmax-ce":
                y = Softmax().forward({}, y)[0]
            found.append(y[0])
        return found

    def _givens(self) -> None:
        """Inputs, targets, weights, biases and the learning rate."""
        setup, sheet = self.setup, self.sheet
        for j, unit in enumerate(sheet.units[0]):
            self.symbol(unit, "i", str(j + 1), setup.x[j])
        for k, target in enumerate(setup.target):
            self.symbol(f"t{k + 1}", "t", str(k + 1), target)
        for at in range(1, self.last + 1):
            params = self.trace[f"fc{at}"].params
            for k, row in enumerate(sheet.weights[at - 1]):
                for j, name in enumerate(row):
                    self.symbol(name, "w", name[1:], params["weight"][k, j])
            for k, name in enumerate(sheet.biases[at - 1]):
                self.symbol(name, "b", name[1:], params["bias"][k])
        self.symbol("lr", "lr", "", setup.lr)

    def source(self, at: int, j: int) -> str:
        """The name of what unit j of layer ``at`` hands on."""
        unit = self.sheet.units[at][j]
        return unit if at == 0 else f"out_{unit}"

    def _forward(self, at: int) -> None:
        """net = Σ_j w_j · out_j + b, then out = f(net)."""
        function = self.setup.hidden if at < self.last else self.setup.head
        for k, unit in enumerate(self.sheet.units[at]):
            net = self.symbol(f"net_{unit}", "net", unit, self.trace[f"fc{at}"].y[0, k])
            products = [
                token
                for j, weight in enumerate(self.sheet.weights[at - 1][k])
                for token in (weight, "*", self.source(at - 1, j), "+")
            ]
            self.line(net, (*products, self.sheet.biases[at - 1][k]), "net", "forward", unit)
            if function != "softmax-ce":
                self._out(at, k, unit, {"sigmoid-ce": "sigmoid"}.get(function, function))
        if function == "softmax-ce":
            for k, unit in enumerate(self.sheet.units[at]):
                self._out(at, k, unit, "softmax")

    def _out(self, at: int, k: int, unit: str, function: str) -> None:
        net, out = f"net_{unit}", self.symbol(f"out_{unit}", "out", unit, self.out[at][k])
        tokens: tuple[str, ...] = (f"{function}(", net, ")")
        if function == "linear":
            tokens = (net,)
        elif function == "softmax":
            powers = [token for other in self.sheet.units[at] for token in ("exp(", f"net_{other}", ")", "+")]
            tokens = ("exp(", net, ")", "/", "(", *powers[:-1], ")")
        self.line(out, tokens, "softmax" if function == "softmax" else "out", "forward", unit)

    def _errors(self) -> None:
        """Each output's part of the error, and their sum."""
        parts = []
        for k, (unit, value) in enumerate(zip(self.sheet.units[-1], self._parts(self.trace, self.out), strict=True)):
            t, out = f"t{k + 1}", f"out_{unit}"
            tokens: tuple[str, ...] = ("0.5*", "(", t, "-", out, ")", "**2")
            if self.setup.head == "softmax-ce":
                tokens = ("-", t, "*", "log(", out, ")")
            elif self.setup.head == "sigmoid-ce":
                tokens = ("-(", t, "*", "log(", out, ")", "+", "(", "1-", t, ")", "*", "log(", "1-", out, ")", ")")
            parts.append(self.symbol(f"E_{unit}", "E", unit, value))
            self.line(parts[-1], tokens, "error", "error", unit)
        total = self.symbol("E", "E", "", self.error)
        self.line(total, _sum(parts), "total", "error", "")

    def _parts(self, trace: Trace, out: list[Array]) -> Array:
        """Each output's part of the error; with cross-entropy from the sums, since a share may be too small to tell."""
        target, net = np.array(self.setup.target), trace[f"fc{self.last}"].y
        if self.setup.head == "softmax-ce":
            shares: Array = -target * log_softmax(net)[0]
            return shares
        if self.setup.head == "sigmoid-ce":
            answers: Array = np.logaddexp(0, net[0]) - target * net[0]
            return answers
        squares: Array = (target - out[-1]) ** 2 / 2
        return squares

    def _backward(self, at: int) -> None:
        """δ = dE/dnet for each unit of a layer, then dE/dw and dE/db for what it reads."""
        sheet, back = self.sheet, self.back[f"fc{at}"]
        for k, unit in enumerate(sheet.units[at]):
            self._delta(at, k, unit, back.dy[0, k])
        for k, unit in enumerate(sheet.units[at]):
            for j, weight in enumerate(sheet.weights[at - 1][k]):
                name = self.symbol(f"dE_{weight}", "E", "", back.grads["weight"][k, j], below=weight)
                self.line(name, (f"d_{unit}", "*", self.source(at - 1, j)), "weight", "backward", unit)
            if self.setup.biases:
                bias = sheet.biases[at - 1][k]
                name = self.symbol(f"dE_{bias}", "E", "", back.grads["bias"][k], below=bias)
                self.line(name, (f"d_{unit}",), "bias", "backward", unit)

    def _delta(self, at: int, k: int, unit: str, value: float) -> None:
        """δ = dE/dout · dout/dnet; with cross-entropy at the outputs the two shrink to out - t."""
        out, delta = f"out_{unit}", self.symbol(f"d_{unit}", "d", unit, value)
        if at == self.last and self.setup.head.endswith("-ce"):
            tokens: tuple[str, ...] = (out, "-", f"t{k + 1}")
            if self.setup.head == "softmax-ce" and sum(self.setup.target) != 1:
                targets = _sum([f"t{i + 1}" for i in range(len(self.setup.target))])
                tokens = (out, "*", "(", *targets, ")", "-", f"t{k + 1}")
            self.line(delta, tokens, "entropy", "backward", unit)
            return
        if at == self.last:
            dout = self.symbol(f"dE_{out}", "E", "", self.out[at][k] - self.setup.target[k], below=out)
            self.line(dout, (out, "-", f"t{k + 1}"), "dout", "backward", unit)
        else:
            dout = self.symbol(f"dE_{out}", "E", "", self.back[f"fc{at + 1}"].dx[0, k], below=out)
            later = [
                token
                for above, row in zip(self.sheet.units[at + 1], self.sheet.weights[at], strict=True)
                for token in (f"d_{above}", "*", row[k], "+")
            ]
            self.line(dout, tuple(later[:-1]), "through", "backward", unit)
        slope = self.symbol(f"slope_{unit}", "out", unit, self._slope(at, k), below=f"net_{unit}")
        function = self.setup.hidden if at < self.last else self.setup.head
        self.line(slope, _slope_tokens(function, unit), "slope", "backward", unit)
        self.line(delta, (dout, "*", slope), "delta", "backward", unit)

    def _slope(self, at: int, k: int) -> float:
        """f'(net), as the layer's own backward pass has it."""
        if f"act{at}" not in [step.name for step in self.trace]:
            return 1.0
        step = self.trace[f"act{at}"]
        if isinstance(step.layer, ReLU):
            return float(step.cache["gate"][0, k])
        assert isinstance(step.layer, Elementwise)
        return float(step.layer.slope(step.cache)[0, k])

    def _update(self) -> None:
        """w⁺ = w - η · dE/dw, with gradients that were all taken before any weight moved."""
        grads = self.back.grads
        if not self.setup.biases:
            grads = {name: grad for name, grad in grads.items() if name.endswith("weight")}
        params, _state = SGD(self.setup.lr).update(self.trace_params(), grads)
        self.after = self.setup.at(self.setup.flat(self.trace_params() | params))
        for at in range(1, self.last + 1):
            for k, unit in enumerate(self.sheet.units[at]):
                own = params[f"fc{at}.weight"][k]
                moved = list(zip(self.sheet.weights[at - 1][k], own, strict=True))
                if self.setup.biases:
                    moved.append((self.sheet.biases[at - 1][k], params[f"fc{at}.bias"][k]))
                for name, value in moved:
                    new = self.symbol(f"new_{name}", name[0], name[1:], value, new=True)
                    self.line(new, (name, "-", "lr", "*", f"dE_{name}"), "update", "update", unit)

    def _again(self) -> None:
        """The error once more, with the new weights: it ends what began as the wish to make it smaller."""
        trace, _back, error = self.after.passes()
        parts = [
            self.symbol(f"new_E_{unit}", "E", unit, value, new=True)
            for unit, value in zip(self.sheet.units[-1], self._parts(trace, self._outputs(trace)), strict=True)
        ]
        self.line(self.symbol("new_E", "E", "", error, new=True), _sum(parts), "again", "again", "")

    def trace_params(self) -> dict[str, Array]:
        return {f"{step.name}.{name}": value for step in self.trace for name, value in step.params.items()}


def _names(
    sizes: tuple[int, ...],
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[tuple[str, ...], ...], ...], tuple[tuple[str, ...], ...]]:
    """Names of units, weights and biases: i1 … h1 … o1 …, w1 … and b1 … in the order of ``Setup.params``."""
    starts = [0, *accumulate(sizes[1:])]
    units = [tuple(f"i{j + 1}" for j in range(sizes[0]))]
    for at, size in enumerate(sizes[1:], start=1):
        letter, first = ("o", 0) if at == len(sizes) - 1 else ("h", starts[at - 1])
        units.append(tuple(f"{letter}{first + k + 1}" for k in range(size)))
    weights, count = [], 0
    for inputs, outputs in pairwise(sizes):
        rows = tuple(tuple(f"w{count + k * inputs + j + 1}" for j in range(inputs)) for k in range(outputs))
        weights.append(rows)
        count += inputs * outputs
    biases = tuple(
        tuple(f"b{start + k + 1}" for k in range(size)) for start, size in zip(starts, sizes[1:], strict=False)
    )
    return tuple(units), tuple(weights), biases


def _sum(names: list[str]) -> tuple[str, ...]:
    return tuple(token for i, name in enumerate(names) for token in (("+", name) if i else (name,)))


def _slope_tokens(function: str, unit: str) -> tuple[str, ...]:
    out = f"out_{unit}"
    if function == "sigmoid":
        return (out, "*", "(", "1-", out, ")")
    if function == "tanh":
        return ("1-", out, "**2")
    if function == "relu":
        return ("[", f"net_{unit}", ">0]")
    return ("1",)
