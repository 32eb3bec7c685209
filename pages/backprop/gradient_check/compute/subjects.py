"""What a sweep can differentiate: a typed formula in one variable, or the loss by one weight of a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.autograd.expression import ParseError, names, outline, parse
from engine.autograd.tape import TROUBLES
from engine.losses import CrossEntropyLoss
from engine.network import Network
from engine.sentence import Sentence
from engine.types import Array
from pages.backprop.gradient_check.compute.jet import derivatives, evaluate
from pages.backprop.gradient_check.compute.kinks import Path, tangents
from pages.backprop.gradient_check.compute.sweep import Subject

MAX_X = 1000.0


def as_both(x: float) -> float:
    """x rounded to float32: a number that both floating types hold."""
    return float(np.float32(x))


def formula_subject(expression: str, x: float) -> Subject:
    """A formula in one variable, at x.

    Raises ParseError (with its place) for one that can't be read, has several variables, or has no value or no
    derivative at x; ValueError for an x beyond ±1000.
    """
    if not abs(x) <= MAX_X:
        raise ValueError(f"x = {x}: expected a number from {-MAX_X:,.0f} to {MAX_X:,.0f}.")
    found = names(expression)
    if len(found) != 1:
        raise ParseError(
            Sentence("One variable is wanted, and here are {count}", count=len(found)), expression.strip(), 0
        )
    x, plan = as_both(x), outline(expression)
    graph = parse(expression, {found[0]: x})
    try:
        slope, second, third = derivatives(plan, x)
    except (ArithmeticError, ValueError):
        raise ParseError(Sentence("Here the formula has no third derivative"), expression.strip(), 0) from None
    if not all(map(np.isfinite, (slope, second, third))):
        raise ParseError(TROUBLES["endless"], expression.strip(), 0)
    moved = np.array([node.value * node.grad for node in graph.nodes if node.grad is not None])
    return Subject(lambda xs: evaluate(plan, xs), x, slope, second, third, float(np.sqrt((moved**2).sum())))


@dataclass(frozen=True)
class Weight:
    """One number of a network's parameters."""

    name: str
    index: tuple[int, ...]

    def value(self, network: Network) -> float:
        """What it is in this network."""
        return float(network.params[self.name][self.index])


def weight_subject(network: Network, image: Array, target: int, weight: Weight) -> Subject:
    """The loss on one example by one weight. Layers before the weight's own are passed once for each type."""
    layer, key = weight.name.rsplit(".", 1)
    place = next(i for i, (name, _layer) in enumerate(network.layers) if name == layer)
    loss, labels, (rest_of, whole) = CrossEntropyLoss(), np.array([target]), (network.layers[place:], network)

    def f(xs: Array) -> Array:
        typed = whole.astype(xs.dtype)
        before = image[None].astype(xs.dtype)
        for name, early in typed.layers[:place]:
            before, _cache = early.forward(typed.params_of(name), before)
        held, found = typed.params[weight.name].copy(), np.empty_like(xs)
        own = typed.params_of(layer) | {key: held}
        for i, x in enumerate(xs):
            held[weight.index] = x
            y, _cache = rest_of[0][1].forward(own, before)
            for name, late in rest_of[1:]:
                y, _cache = late.forward(typed.params_of(name), y)
            found[i] = loss.forward(y, labels)[0]
        return found

    exact = network.astype(np.float64)
    trace = exact.forward(image[None].astype(np.float64))
    value, cache = loss.forward(trace.y, labels)
    back = exact.backward(trace, loss.backward(cache))
    slopes = tangents(trace, weight.name, weight.index)[trace.steps[-1].name][0]
    x = weight.value(network)
    slope, second, third = Path(np.array([x - 1, x + 1]), np.stack([trace.y[0] - slopes, trace.y[0] + slopes]),
                                target).derivatives(x)  # fmt: skip
    moved = [(step.y * back[step.name].dy).ravel() for step in trace.steps[place:]]
    noise = np.concatenate([*moved, [value, x * slope]])
    return Subject(f, x, slope, second, third, float(np.sqrt((noise**2).sum())))


def notable_weights(network: Network, image: Array, target: int, layers: Sequence[str]) -> dict[str, Weight]:
    """Of each layer's weights the one with the largest |dL/dw| and the one with the smallest that isn't 0.

    Named "layer.strong" and "layer.weak"; a layer whose gradients are all 0 is left out.
    """
    exact, loss = network.astype(np.float64), CrossEntropyLoss()
    trace = exact.forward(image[None].astype(np.float64))
    _value, cache = loss.forward(trace.y, np.array([target]))
    grads = exact.backward(trace, loss.backward(cache)).grads
    found = {}
    for layer in layers:
        size = np.abs(grads[f"{layer}.weight"])
        if not size.any():
            continue
        for kind, at in (("strong", size.argmax()), ("weak", np.where(size > 0, size, np.inf).argmin())):
            index = tuple(int(i) for i in np.unravel_index(int(at), size.shape))
            found[f"{layer}.{kind}"] = Weight(f"{layer}.weight", index)
    return found
