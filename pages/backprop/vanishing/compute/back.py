"""A gradient's way back through a deep network, one layer at a time, and by how much each piece multiplies it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, prod

import numpy as np

from engine.layers import BatchNorm1d, Highway, LayerNorm, Linear, Residual
from engine.network import Network
from engine.signal.signal import moments
from engine.trace import Step, Trace, backward_through
from engine.types import Array, Params


@dataclass(frozen=True)
class Way:
    """One path through a layer. name: "branch" (W, norm and f), "shortcut" (past them) or "gate".

    dx: what this path hands back. factors: by how much each piece on it multiplies the gradient's length, in the order
    in which it meets them: "open" (a gate's share), "slope" (f′), "norm", "weight".
    """

    name: str
    dx: Array
    factors: tuple[tuple[str, float], ...]

    @property
    def gain(self) -> float:
        """‖dx‖ / ‖dy‖, the product of the factors."""
        return prod(value for _, value in self.factors)


@dataclass(frozen=True)
class Crossing:
    """A gradient's way through one layer: dy came in, dx = Σ of all ways went out; grads of the layer's weights."""

    dy: Array
    dx: Array
    ways: tuple[Way, ...]
    grads: Params


def send_back(network: Network, trace: Trace, dy: Array) -> list[Crossing]:
    """dL/dy_{l-1} = J_lᵀ · dL/dy_l, from the last layer to the first: so dL/dx = J_1ᵀ J_2ᵀ … J_Lᵀ · dL/dy_L.

    trace: of ``network.forward``; dy (N, width): dL/dy_L. The same numbers as ``network.backward(trace, dy)``, kept
    apart by the ways that a gradient takes. Each layer multiplies the length by its gain ‖J_lᵀ dy‖ / ‖dy‖, whatever
    came before: L gains of 0.8 leave 0.8^L. Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen", 1991;
    Bengio, Simard & Frasconi, "Learning long-term dependencies with gradient descent is difficult", 1994.
    """
    crossings = []
    for steps in reversed(list(layers_in(trace))):
        crossing = cross(steps, dy)
        crossings.append(crossing)
        dy = crossing.dx
    return crossings


def layers_in(trace: Trace) -> Iterator[Trace]:
    """The steps of each layer: a Linear and what follows it, or one block."""
    starts = [at for at, step in enumerate(trace.steps) if isinstance(step.layer, Linear | Residual | Highway)]
    for start, end in zip(starts, [*starts[1:], len(trace)], strict=True):
        yield Trace(trace[start:end])


def cross(steps: Trace, dy: Array) -> Crossing:
    """dx and grads of one layer.

    Without a link y = f(norm(W x)): dx = Wᵀ · norm′ᵀ · (f′ ⊙ dy). With x added, y = x + F(x), x was used twice and its
    gradients add up: dx = dy + (∂F/∂x)ᵀ dy, so J = I + ∂F/∂x and dy itself always arrives. A highway's
    y = t ⊙ h + (1 - t) ⊙ x lets (1 - t) of it past, and its gate, too, is moved by x.
    """
    step, whole = steps[0], moments(dy).rms
    if isinstance(step.layer, Residual):
        found = [(Way("shortcut", dy, ()), {}), _through("branch", step.cache["body"], dy, whole)]
    elif isinstance(step.layer, Highway):
        t, h, x = step.cache["t"], step.cache["h"], step.cache["x"]
        past, into_h, into_t = dy * (1 - t), dy * t, dy * (h - x)
        found = [
            (Way("shortcut", past, (_opened(past, whole),)), {}),
            _through("branch", step.cache["transform"], into_h, whole, (_opened(into_h, whole),)),
            _through("gate", step.cache["gate"], into_t, whole, (_opened(into_t, whole),)),
        ]
    else:
        found = [_through("branch", steps, dy, whole)]
    ways = tuple(way for way, _ in found)
    dx = ways[0].dx
    for way in ways[1:]:
        dx = dx + way.dx
    return Crossing(dy, dx, ways, {f"{way.name}.{name}": g for way, grads in found for name, g in grads.items()})


def _opened(dy: Array, whole: float) -> tuple[str, float]:
    """The share of the upstream gradient, whose length is ``whole``, that a gate lets in."""
    return "open", ratio(moments(dy).rms, whole)


def _through(
    name: str, trace: Trace, dy: Array, whole: float, before: tuple[tuple[str, float], ...] = ()
) -> tuple[Way, Params]:
    """One path; dy enters it, after the factors ``before`` and with the length ``whole`` if there are none."""
    back = backward_through(trace, dy)
    sizes = [moments(dy).rms if before else whole, *(moments(gone.dx).rms for gone in back)]
    factors = [
        (_kind(step), ratio(to, of)) for step, (of, to) in zip(reversed(trace.steps), pairwise(sizes), strict=True)
    ]
    grads = {key: g for gone in back for key, g in gone.grads.items() if isinstance(trace[gone.name].layer, Linear)}
    return Way(name, back.dx, (*before, *factors)), grads


def _kind(step: Step) -> str:
    if isinstance(step.layer, Linear):
        return "weight"
    return "norm" if isinstance(step.layer, BatchNorm1d | LayerNorm) else "slope"


def ratio(after: float, before: float) -> float:
    """after / before; not-a-number where float32 has lost one of them."""
    return after / before if isfinite(after) and isfinite(before) and before > 0 else float("nan")


def slopes_of(steps: Trace) -> Array:
    """f′ at every unit of a layer's branch, of the shape of its output; ones where there is no activation."""
    step = steps[0]
    inner: Trace = step.cache.get("body") or step.cache.get("transform") or steps
    last = inner.steps[-1]
    if _kind(last) != "slope":
        return np.ones_like(last.y)
    return last.layer.backward({}, last.cache, np.ones_like(last.y))[0]
