"""A gradient's way back through a deep network, one layer at a time: by how much each piece multiplies it, and what was
measured on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
class LayerBackward:
    """A gradient's way through one layer: dy came in, dx = Σ of all ways went out; grads of the layer's weights."""

    dy: Array
    dx: Array
    ways: tuple[Way, ...]
    grads: Params


def send_back(network: Network, trace: Trace, dy: Array) -> list[LayerBackward]:
    """dL/dy_{l-1} = J_lᵀ · dL/dy_l, from the last layer to the first: so dL/dx = J_1ᵀ J_2ᵀ … J_Lᵀ · dL/dy_L.

    trace: of ``network.forward``; dy (N, width): dL/dy_L. The same numbers as ``network.backward(trace, dy)``, kept
    apart by the ways that a gradient takes. Each layer multiplies the length by its gain ‖J_lᵀ dy‖ / ‖dy‖, whatever
    came before: L gains of 0.8 leave 0.8^L. Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen", 1991;
    Bengio, Simard & Frasconi, "Learning long-term dependencies with gradient descent is difficult", 1994.
    """
    layers_backward = []
    for steps in reversed(list(layers_in(trace))):
        passed = layer_backward(steps, dy)
        layers_backward.append(passed)
        dy = passed.dx
    return layers_backward


def layers_in(trace: Trace) -> Iterator[Trace]:
    """The steps of each layer: a Linear and what follows it, or one block."""
    starts = [at for at, step in enumerate(trace.steps) if isinstance(step.layer, Linear | Residual | Highway)]
    for start, end in zip(starts, [*starts[1:], len(trace)], strict=True):
        yield Trace(trace[start:end])


def layer_backward(steps: Trace, dy: Array) -> LayerBackward:
    """dx and grads of one layer.

    Without a shortcut y = f(norm(W x)): dx = Wᵀ · norm′ᵀ · (f′ ⊙ dy). With x added, y = x + F(x), x was used twice and
    its gradients add up: dx = dy + (∂F/∂x)ᵀ dy, so J = I + ∂F/∂x and dy itself always arrives. A highway's
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
    return LayerBackward(dy, dx, ways, {f"{way.name}.{name}": g for way, grads in found for name, g in grads.items()})


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


@dataclass(frozen=True)
class Flow:
    """Root mean squares over all examples and units, layer by layer; place 0 is the input x.

    y, dy (depth + 1,): of y_l and dL/dy_l. dweight (depth,): of dL/dW_l, summed over the examples. gain (depth,):
    ‖dy_{l-1}‖ / ‖dy_l‖ of layer l (place l - 1). factors: what the gain is made of, by "way.piece" (see ``Way``), each
    (depth,); ways: the length of each path's share of it. mean_square_w: E[w²]; mean_square_slope: E[f′²].
    Not-a-number where float32 has lost what would be divided.
    """

    y: Array
    dy: Array
    dweight: Array
    gain: Array
    factors: Mapping[str, Array]
    ways: Mapping[str, Array]
    mean_square_w: Array
    mean_square_slope: Array

    @property
    def depth(self) -> int:
        """How many layers."""
        return len(self.gain)

    @property
    def average(self) -> float:
        """The geometric mean of all gains: the one factor that does the same L times. 0 or ∞ where float32 gave up."""
        first, last = float(self.dy[0]), float(self.dy[-1])
        if not isfinite(first):
            return float("inf")
        return float((first / last) ** (1 / self.depth))


def measure(network: Network, x: Array, dy: Array) -> Flow:
    """Send x (N, width) forwards, dy = dL/dy_L (N, width) backwards, and look at every layer.

    Any loss does: it enters by its gradient alone, and a random one of size 1 favours no direction.
    """
    with np.errstate(all="ignore"):
        trace = network.forward(x, train=True)
        layers = list(layers_in(trace))
        layers_backward = send_back(network, trace, dy)[::-1]
        sizes = np.array([*(moments(one.dx).rms for one in layers_backward), moments(dy).rms])
        factors: dict[str, list[float]] = {}
        ways: dict[str, list[float]] = {}
        for one in layers_backward:
            for way in one.ways:
                ways.setdefault(way.name, []).append(way.gain)
                for piece, value in way.factors:
                    factors.setdefault(f"{way.name}.{piece}", []).append(value)
        weights = [value for name, value in network.params.items() if value.ndim == 2 and ".gate." not in name]
        return Flow(
            y=np.array([moments(x).rms, *(moments(steps.y).rms for steps in layers)]),
            dy=sizes,
            dweight=np.array([moments(one.grads["branch.weight"]).rms for one in layers_backward]),
            gain=np.array([ratio(after, before) for after, before in pairwise(sizes)]),
            factors={name: np.array(values) for name, values in factors.items()},
            ways={name: np.array(values) for name, values in ways.items()},
            mean_square_w=np.array([moments(value).rms ** 2 for value in weights]),
            mean_square_slope=np.array([moments(slopes_of(steps)).rms ** 2 for steps in layers]),
        )
