"""How wrong is a numeric gradient, for every h and in either floating type? Measured, and foretold.

    central      (f(x + h) - f(x - h)) / 2h  =  f' + f''' h²/6 + …  ± noise / h
    one-sided    (f(x + h) - f(x)) / h       =  f' + f'' h/2  + …  ± 2 noise / h

The first error is truncation: the chord isn't the tangent. It grows with h. The second is round-off: f is known
to a few parts in 1/u only, and the difference of two numbers that are nearly the same keeps that error and loses the
rest. It grows as h shrinks. The sum is smallest where the two are about as large, at h of the order of u^(1/3)
(central) or u^(1/2) (one-sided). Nocedal & Wright, "Numerical optimization", 2nd ed. 2006, section 8.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.autograd.expression import ParseError, names, outline, parse
from engine.autograd.tape import TROUBLES
from engine.autograd.taylor import derivatives, evaluate
from engine.losses import CrossEntropyLoss
from engine.network import Network
from engine.sentence import Sentence
from engine.types import Array, Floating
from pages.backprop.gradient_check.compute.kinks import Path, tangents

Rule = Literal["central", "one-sided"]
RULES: tuple[Rule, ...] = ("central", "one-sided")
DTYPES: tuple[Floating, ...] = ("float64", "float32")
PER_DECADE = 4
STEPS: Array = 10.0 ** (np.arange(-12 * PER_DECADE, -PER_DECADE + 1) / PER_DECADE)
"""10⁻¹² … 10⁻¹, four a decade, ascending."""
MAX_X = 1000.0


@dataclass(frozen=True)
class Subject:
    """A function of one number, to be differentiated at x.

    f      takes many x at once and answers in their own dtype
    x      a number that float32 holds exactly, so that both types start from the same
    slope, second, third   f', f'' and f''' at x
    noise  by how much f's own value is off, in units of u: √Σ (v · ∂f/∂v)² over every number v on the way to f.
           Each v is rounded by at most u · |v| and moves f by ∂f/∂v of that: Higham, "Accuracy and stability of
           numerical algorithms", 2nd ed. 2002, chapters 1 and 3; errors of random sign add up as squares.
    """

    f: Callable[[Array], Array]
    x: float
    slope: float
    second: float
    third: float
    noise: float

    def truncation(self, h: Array, rule: Rule = "central") -> Array:
        """|f'''| h²/6 (one-sided: |f''| h/2), over |f'|."""
        found: Array = abs(self.third) * h**2 / 6 if rule == "central" else abs(self.second) * h / 2
        return self._over_slope(found)

    def round_off(self, h: Array, dtype: Floating, rule: Rule = "central") -> Array:
        """u · noise / h (one-sided: twice that), over |f'|."""
        found: Array = (1 if rule == "central" else 2) * unit(dtype) * self.noise / h
        return self._over_slope(found)

    def _over_slope(self, found: Array) -> Array:
        """Relative to |f'|; infinite where f' is 0."""
        return found / abs(self.slope) if self.slope else np.full_like(found, np.inf)

    def best_h(self, dtype: Floating, rule: Rule = "central") -> float | None:
        """Where truncation + round-off is smallest; None where there is no truncation, so that more is better.

        central:    d/dh (|f'''| h²/6 + u·noise/h) = 0   at h = (3 u·noise / |f'''|)^(1/3)
        one-sided:  d/dh (|f''| h/2 + 2 u·noise/h) = 0   at h = 2 (u·noise / |f''|)^(1/2)
        """
        curved = abs(self.third if rule == "central" else self.second)
        if not curved:
            return None
        share = unit(dtype) * self.noise / curved
        return float(np.cbrt(3 * share)) if rule == "central" else float(2 * np.sqrt(share))


@dataclass(frozen=True)
class Sweep:
    """f around x for every h, all in one floating type: the values, and what either rule makes of them.

    h, above = f(x + h), below = f(x - h): (n,). centre = f(x). ``slope`` is the analytic gradient, in float64.
    """

    h: Array
    above: Array
    below: Array
    centre: Array
    slope: float

    def numeric(self, rule: Rule = "central") -> Array:
        """The numeric gradient, every operation in the sweep's own type; (n,)."""
        h = self.h.astype(self.above.dtype)
        central: Array = (self.above - self.below) / (2 * h)
        one_sided: Array = (self.above - self.centre) / h
        return central if rule == "central" else one_sided

    def error(self, rule: Rule = "central") -> Array:
        """|analytic - numeric| / max(|analytic|, |numeric|), as ``gradcheck.Entry`` has it; 0 where both are 0."""
        numeric = self.numeric(rule).astype(np.float64)
        scale = np.maximum(abs(self.slope), np.abs(numeric))
        return np.divide(np.abs(self.slope - numeric), scale, out=np.zeros_like(scale), where=scale != 0)


def unit(dtype: Floating) -> float:
    """u, the largest relative error of one rounding: half the gap from 1 to the next number."""
    return float(np.finfo(dtype).eps) / 2


def sweep(subject: Subject, dtype: Floating, h: Array = STEPS) -> Sweep:
    """Evaluate the subject at x and at x ± h for every h, everything in ``dtype``; h is rounded to it, too."""
    kind = np.dtype(dtype).type
    x, step = kind(subject.x), h.astype(dtype)
    with np.errstate(all="ignore"):
        values = subject.f(np.concatenate([[x], x + step, x - step]).astype(dtype))
    if values.dtype != np.dtype(dtype):
        raise TypeError(f"The subject was given {dtype} and answered in {values.dtype}; it must keep to the type.")
    return Sweep(h, values[1 : len(h) + 1], values[len(h) + 1 :], values[0], subject.slope)


# ---- what can be differentiated: a typed formula in one variable, or the loss by one weight of a network ----


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
