"""Where a network's loss has kinks along one of its weights, and how many checks step across one.

Between two kinks no ReLU opens or shuts and no max pool finds another winner. There a network of convolutions,
ReLUs, max pools and linear layers is a straight line in any single weight w, logits and all:

    z(w) = z(a) + (w - a) · s           L(w) = ln Σ_k e^z_k - z_t

so the whole way along w is known from the logits at the kinks, and so are L's derivatives: with p = softmax(z),

    L' = Σ p s - s_t      L'' = Σ p (s - m)²      L''' = Σ p (s - m)³      m = Σ p s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.kernels import window
from engine.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from engine.losses.softmax import log_softmax
from engine.network import Network
from engine.trace import Step, Trace, forward_through
from engine.types import Array

Place = tuple[str, tuple[int, ...]]
"""A layer, and the unit in it (its index in the layer's output, without N)."""


@dataclass(frozen=True)
class Path:
    """f along one number: z is straight between the edges, and f is z itself, or the cross-entropy of z at ``target``.

    edges (n,) ascending, the first and last the ends of what is known; z (n, C), C = 1 without a target.
    ``flips`` says for every inner edge what changes there.
    """

    edges: Array
    z: Array
    target: int | None = None
    flips: tuple[Place, ...] = ()

    @property
    def kinks(self) -> Array:
        """The inner edges."""
        return self.edges[1:-1]

    def piece(self, x: float) -> int:
        """The piece that x lies on; at a kink the one on its left, as for ReLU, whose gate asks for x > 0."""
        return int(np.clip(np.searchsorted(self.edges, x, side="left") - 1, 0, len(self.edges) - 2))

    def logits(self, x: float) -> tuple[Array, Array]:
        """z and dz/dx at x."""
        at = self.piece(x)
        slope = (self.z[at + 1] - self.z[at]) / (self.edges[at + 1] - self.edges[at])
        return self.z[at] + (x - self.edges[at]) * slope, slope

    def value(self, x: float) -> float:
        """f(x)."""
        z, _slope = self.logits(x)
        return float(z[0]) if self.target is None else 0.0 - float(log_softmax(z[None])[0, self.target])

    def derivatives(self, x: float) -> tuple[float, float, float]:
        """f', f'' and f''' at x."""
        z, s = self.logits(x)
        if self.target is None:
            return float(s[0]), 0.0, 0.0
        p = np.exp(log_softmax(z[None])[0])
        mean = float(p @ s)
        return mean - float(s[self.target]), float(p @ (s - mean) ** 2), float(p @ (s - mean) ** 3)

    def distance(self, x: float) -> float:
        """How far the nearest kink is; infinite where there is none."""
        return float(np.abs(self.kinks - x).min(initial=np.inf))

    def sharpest(self) -> float | None:
        """The kink at which f' jumps most; None where there is none."""
        width = 1e-9 * float(self.edges[-1] - self.edges[0])

        def jump(kink: float) -> float:
            return abs(self.derivatives(kink + width)[0] - self.derivatives(kink - width)[0])

        return max(map(float, self.kinks), key=jump, default=None)

    def numeric(self, x: float, h: float) -> float:
        """(f(x + h) - f(x - h)) / 2h."""
        return (self.value(x + h) - self.value(x - h)) / (2 * h)


SIMPLE: dict[str, Path] = {
    "relu": Path(np.array([-2.5, 0.0, 2.5]), np.array([[0.0], [0.0], [2.5]])),
    "max": Path(np.array([-2.5, 0.5, 2.5]), np.array([[2.0], [0.5], [1.5]])),
    "abs": Path(np.array([-2.5, 0.0, 2.5]), np.array([[2.5], [0.0], [2.5]])),
    "smooth": Path(np.array([-2.5, 2.5]), np.array([[0.0, -5.0], [0.0, 5.0]]), target=0),
}
"""max(0, x); max(x/2 + 1/4, 3/4 - x/2); |x| = max(x, -x); and for contrast ln(1 + e^2x), which is the cross-entropy of
the logits (0, 2x) and has no kink."""


def tangents(trace: Trace, name: str, index: tuple[int, ...]) -> dict[str, Array]:
    """dy/dw of every layer from the weight's own on, for the weight ``name`` = "layer.parameter" at ``index``."""
    own, key = name.rsplit(".", 1)
    found: dict[str, Array] = {}
    moved: Array | None = None
    for step in trace:
        if step.name == own:
            moved = _own(step, key, index)
        elif moved is not None:
            moved = _through(step, moved)
        if moved is not None:
            found[step.name] = moved
    return found


def _own(step: Step, key: str, index: tuple[int, ...]) -> Array:
    """dy/dw in the weight's own layer, which is linear in it: the layer with this weight 1 and all others 0."""
    unit = {name: np.zeros_like(value) for name, value in step.params.items()}
    unit[key][index] = 1
    return step.layer.forward(unit, step.x)[0]


def _through(step: Step, dx: Array) -> Array:
    """dy/dw from dx/dw: what the layer does to a small change of its input."""
    match step.layer:
        case ReLU():
            passed: Array = dx * step.cache["gate"]
            return passed
        case MaxPool2d():
            winner = step.cache["switches"][..., None].astype(np.intp)
            won: Array = np.take_along_axis(_cells(step.layer, dx), winner, axis=-1)[..., 0]
            return won
        case Conv2d() | Linear():
            still = {name: value if name == "weight" else np.zeros_like(value) for name, value in step.params.items()}
            return step.layer.forward(still, dx)[0]
        case Flatten():
            return step.layer.forward({}, dx)[0]
    raise TypeError(f"Layer {step.name!r} is {step.layer!r}; a way along a weight is known through Conv2d, Linear, "
                    "ReLU, MaxPool2d and Flatten.")  # fmt: skip


def _cells(layer: MaxPool2d, x: Array) -> Array:
    """The cells of every window in a row: (N, C, out_h, out_w, kh·kw), padding as -∞."""
    kernel, stride, padding, dilation = layer.geometry
    view = window.windows(window.pad(x, padding, -np.inf), kernel, stride, dilation)
    return view.reshape(*view.shape[:4], -1)


def _next_flip(step: Step, dx: Array) -> tuple[float, tuple[int, ...]]:
    """How far w can grow until this ReLU or max pool decides otherwise, and for which unit."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if isinstance(step.layer, MaxPool2d):
            lead = step.y[..., None] - _cells(step.layer, step.x)
            closing = _cells(step.layer, dx) - _through(step, dx)[..., None]
            ways = np.where((lead > 0) & (closing > 0), lead / closing, np.inf).min(axis=-1)
        else:
            ways = np.where(step.x * dx < 0, -step.x / dx, np.inf)
    at = np.unravel_index(int(np.argmin(ways)), ways.shape)
    return float(ways[at]), tuple(int(i) for i in at[1:])


def path_along(
    network: Network, image: Array, target: int, name: str, index: tuple[int, ...], reach: float = 0.5
) -> Path:
    """The loss on one example along one weight, from w - reach to w + reach, in float64, with every kink.

    Walks from flip to flip: at each place the tangents say which ReLU or max pool decides otherwise next. A flip that
    leaves the logits' slope as it was (a pixel that isn't its window's winner) is no kink.
    """
    network = network.astype(np.float64)
    middle = float(network.params[name][index])
    low, high = middle - reach, middle + reach
    nudge = 1e-9 * reach

    def at(w: float) -> Trace:
        weight = network.params[name].copy()
        weight[index] = w
        return forward_through(network.layers, {**network.params, name: weight}, image[None].astype(np.float64))

    edges, flips, slopes, w = [low], list[Place](), list[Array](), low + nudge
    while w < high:
        trace = at(w)
        moving = tangents(trace, name, index)
        slope = moving[trace.steps[-1].name][0]
        if slopes and np.allclose(slope, slopes[-1], rtol=1e-9, atol=1e-12):
            edges.pop()
            flips.pop()
        else:
            slopes.append(slope)
        ways = [
            (*_next_flip(step, moving[before.name]), step.name)
            for before, step in zip(trace.steps, trace.steps[1:], strict=False)
            if before.name in moving and isinstance(step.layer, ReLU | MaxPool2d)
        ]
        way, unit, layer = min(ways, default=(np.inf, (), ""))
        edges.append(w + way)
        flips.append((layer, unit))
        w += way + nudge
    inner = [edge < high for edge in edges[1:]]
    kinks = [edge for edge, keep in zip(edges[1:], inner, strict=True) if keep]
    known = np.array([low, *kinks, high])
    z = np.stack([at(edge).y[0] for edge in known])
    return Path(known, z, target, tuple(flip for flip, keep in zip(flips, inner, strict=True) if keep))


@dataclass(frozen=True)
class Crossings:
    """Of how many parameters ``total`` the two ends w - h and w + h lie on different sides of a kink, by h."""

    total: int
    crossed: dict[float, int]


def crossings(network: Network, image: Array, hs: Sequence[float] = (1e-2, 1e-3, 1e-5)) -> Crossings:
    """Change every parameter of the network in turn by -h and +h: does some ReLU or max pool decide differently?

    All parameters of a layer are tried at once: each is one example of a batch that enters behind the layer.
    """
    network = network.astype(np.float64)
    trace = network.forward(image[None].astype(np.float64))
    crossed = dict.fromkeys(hs, 0)
    for place, step in enumerate(trace):
        rest = network.layers[place + 1 :]
        if not step.params or not any(isinstance(layer, ReLU | MaxPool2d) for _name, layer in rest):
            continue
        moves = np.concatenate([_own(step, key, index) for key, value in step.params.items()
                                for index in np.ndindex(*value.shape)])  # fmt: skip
        for h in hs:
            below, above = (
                decisions(forward_through(rest, network.params, step.y + sign * h * moves)) for sign in (-1, 1)
            )
            crossed[h] += int((below != above).any(axis=1).sum())
    return Crossings(sum(value.size for value in network.params.values()), crossed)


def decisions(trace: Trace) -> Array:
    """What every ReLU and max pool decided, one row an example.

    For a max pool right behind a ReLU the winner counts, or that none is above 0; the other gates don't matter.
    """
    found = []
    for step, after in zip(trace.steps, [*trace.steps[1:], None], strict=True):
        if isinstance(step.layer, MaxPool2d):
            winner = step.cache["switches"].astype(np.int64)
            found.append(np.where(step.y > 0, winner, -1) if (step.x >= 0).all() else winner)
        elif isinstance(step.layer, ReLU) and not (after and isinstance(after.layer, MaxPool2d)):
            found.append(step.cache["gate"].astype(np.int64))
    return np.concatenate([each.reshape(len(each), -1) for each in found], axis=1)
