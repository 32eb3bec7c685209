"""Measured: how wide the activations and the gradients of every layer spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import NamedTuple

import numpy as np

from engine.layers import Conv2d, Linear
from engine.network import Network
from engine.signal.setup import inputs_of
from engine.training.metrics import Histogram
from engine.types import Array, Layer, Shape

BINS = 41
COUNTED = 20_000
"""A histogram counts the values of so many examples that there are about this many; all else is of all values."""
WIDTHS = 4.0
"""An axis shared by all layers reaches to this many root mean squares of the widest."""
FLAT = 0.05


@dataclass(frozen=True)
class Spread:
    """All values of one array: mean, std, root mean square; ``own`` over their own range, ``shared`` over a range that
    is the same for every layer. Values that aren't finite leave mean and std not finite."""

    mean: float
    std: float
    rms: float
    zeros: float
    own: Histogram
    shared: Histogram


@dataclass(frozen=True)
class LayerSignal:
    """One layer: s = W x + b, y = f(s) (with batch norm between), and the gradients dy = dL/dy, dW = dL/dW.

    shape: the weight's. n_in, n_out: numbers read by a sum, and sums that read a number. mean_square_w: E[w²], which
    is Var(w) as E[w] = 0. mean_square_x: E[x²]. var_s: the sums' variance. mean_square_slope: E[f'²]. norm: what batch
    norm multiplies squares by, E[1/σ²] over the units; 1 without it. flat: the share of values at which f's slope is
    below 5 % of its steepest, so that next to nothing of a gradient comes through. dead: the share of units (or
    channels) for which that is so in every example.
    """

    shape: Shape
    n_in: float
    n_out: float
    mean_square_w: float
    mean_square_x: float
    var_s: float
    mean_square_slope: float
    norm: float
    flat: float
    dead: float
    y: Spread
    dy: Spread
    std_dweight: float


@dataclass(frozen=True)
class Signal:
    """The way through all layers; x and dx are the data and dL/dx."""

    x: Spread
    dx: Spread
    layers: tuple[LayerSignal, ...]


def measure(network: Network, x: Array, dy: Array) -> Signal:
    """Send x (N, *input_shape) forwards and the gradient dy (the output's shape) backwards; look at every layer."""
    with np.errstate(all="ignore"):
        trace = network.forward(x, train=True)
        back = network.backward(trace, dy)
        sums = [at for at, (_, layer) in enumerate(network.layers) if isinstance(layer, Linear | Conv2d)]
        ends = [*(at - 1 for at in sums[1:]), len(network.layers) - 1]
        ys = _spreads([x, *(trace[at].y for at in ends)])
        dys = _spreads([back.dx, *(back[network.layers[at][0]].dy for at in ends)])
        layers = []
        for at, end, given, y, g in zip(sums, ends, ys, ys[1:], dys[1:], strict=False):
            step, last, weight = trace[at], trace[end], network.params[f"{trace[at].name}.weight"]
            n_in, n_out = inputs_of(step.layer)
            slopes, _ = last.layer.backward({}, last.cache, np.ones_like(last.y))
            flat = np.abs(slopes) < FLAT * steepest(last.layer)
            norm = moments(trace[at + 1].cache["inv_std"]).rms ** 2 if end > at + 1 else 1.0
            layers.append(
                LayerSignal(
                    shape=weight.shape,
                    n_in=n_in,
                    n_out=n_out,
                    mean_square_w=float(np.vdot(weight, weight)) / weight.size,
                    mean_square_x=given.rms**2,
                    var_s=moments(step.y).std ** 2,
                    mean_square_slope=moments(slopes).rms ** 2,
                    norm=norm,
                    flat=float(flat.mean()),
                    dead=float(flat.all(axis=(0, *range(2, flat.ndim))).mean()),
                    y=y,
                    dy=g,
                    std_dweight=moments(back[step.name].grads["weight"]).std,
                )
            )
        return Signal(ys[0], dys[0], tuple(layers))


def _spreads(arrays: Sequence[Array]) -> list[Spread]:
    """Of every array, with one shared axis that is wide enough for the widest."""
    found = [moments(values) for values in arrays]
    reach = WIDTHS * max((m.rms for m in found if isfinite(m.rms)), default=0.0) or 1.0
    return [spread(values, m, reach) for values, m in zip(arrays, found, strict=True)]


def spread(values: Array, known: Moments, reach: float) -> Spread:
    """How values lie over their own range and over [-reach, reach].

    Exact zeros and what isn't finite are counted apart; where there are none, nothing has to be sorted out.
    """
    some = values[: max(1, COUNTED // max(1, values[0].size))].ravel()
    own = WIDTHS * known.rms if isfinite(known.rms) and known.rms > 0 else 1.0
    nonzero = np.count_nonzero(values)
    finite = some if isfinite(known.rms) else some[np.isfinite(some)]
    there = finite if nonzero == values.size else finite[finite != 0]

    def over(limit: float) -> Histogram:
        return Histogram(
            edges=np.linspace(-limit, limit, BINS + 1),
            counts=counts(there, limit),
            zeros=finite.size - there.size,
            not_finite=some.size - finite.size,
            size=some.size,
        )

    return Spread(known.mean, known.std, known.rms, 1 - nonzero / values.size, over(own), over(reach))


def counts(values: Array, reach: float) -> Array:
    """How many values (n,) fall into each of equal bins over [-reach, reach]; what lies beyond, into the outermost."""
    at = values / values.dtype.type(reach)
    at += 1
    at *= BINS / 2
    return np.bincount(np.clip(at, 0, BINS - 1, out=at).astype(np.uint8), minlength=BINS)


class Moments(NamedTuple):
    """Of all values of an array; not finite where one of them isn't."""

    mean: float
    std: float
    rms: float


def moments(values: Array) -> Moments:
    """mean = E[v], std = √E[(v - mean)²], rms = √E[v²].

    The values are first divided by the largest, so that in float32 the squares of tiny ones don't become 0 and those
    of huge ones not infinite.
    """
    flat = values.ravel()
    top = float(max(flat.max(), -flat.min()))
    if top == 0 or not isfinite(top):
        return Moments(top, top, top)
    scaled = flat / flat.dtype.type(top)
    mean = float(scaled.mean(dtype=np.float64))
    scaled -= flat.dtype.type(mean)
    variance = float(scaled @ scaled) / flat.size
    return Moments(top * mean, top * sqrt(variance), top * sqrt(variance + mean**2))


def steepest(layer: Layer) -> float:
    """The largest slope of an activation."""
    x = np.linspace(-10, 10, 2001)
    _, cached = layer.forward({}, x)
    return float(np.abs(layer.backward({}, cached, np.ones_like(x))[0]).max())
