"""Predicted: the same gains without any data, from how the weights are drawn alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np

from engine.layers import Sigmoid
from engine.signal.prediction import EPS, variance_of
from engine.signal.setup import ACTIVATIONS, HALVING
from engine.types import Array, Layer
from pages.backprop.vanishing.compute.setup import GATE_BIAS, LINEAR, Deep


@dataclass(frozen=True)
class Expected:
    """Root mean squares, place 0 the input: y and dy (depth + 1,), dy = 1 sent in at the end; gain (depth,) of each
    layer; slope (depth,): √E[f′²]. dy and gain are not-a-number where this theory has nothing to say."""

    y: Array
    dy: Array
    gain: Array
    slope: Array


def var_w(deep: Deep) -> float:
    """The variance of a weight as it is drawn."""
    return deep.times**2 * variance_of(deep.weights, (deep.width, deep.width))


def predict(deep: Deep) -> Expected:
    """gain² = n · Var(w) · E[f′(z)²], with z ~ N(0, n · Var(w) · E[x²]); for x of mean 0 and size 1.

    dx_j = Σ_i w_ij f′(z_i) dy_i is a sum of n terms with independent weights of mean 0, so the cross terms vanish and
    E[dx²] = n · Var(w) · E[f′²] · E[dy²]. (That f′ depends on the same weights matters less the wider the layer is.)
    A norm divides the sums by their σ, and so the gradient: gain² = n · Var(w) · E[f′(z)²] / σ², z ~ N(0, 1), with
    σ² = n · Var(w) · E[x²] over the units (layer norm), or n · Var(w) · Var(x) over the batch (batch norm).
    With x added, J = I + F and again the cross terms vanish: gain² = 1 + that of F, never below 1. A highway's is
    E[(1 - t)²] + E[t²] · that + E[t′²] · n · Var(w) · E[(h - x)²].
    Where one-sided activations are added up and not divided by their σ, x gets a mean that all units share. Then f′
    knows which weights point along it, the cross terms stay, and of the gradient nothing is predicted.
    Glorot & Bengio, 2010; He et al., 2015; Poole et al., 2016; Schoenholz et al., "Deep information propagation",
    2017; with a norm Yang et al., "A mean field theory of batch normalization", 2019.
    """
    n_var_w = deep.width * var_w(deep)
    square, mean = 1.0, 0.0
    ys, gains, slopes = [1.0], [], []
    for _ in range(deep.depth):
        sigma2 = n_var_w * (square - mean**2 if deep.norm == "batch" else square)
        normed = deep.norm != "none"
        h = _through(deep.activation, sigma2 / (sigma2 + EPS) if normed else sigma2)
        gain2 = n_var_w * h.slope2 / (sigma2 + EPS if normed else 1)
        if deep.shortcut == "residual":
            square, mean = square + h.square + 2 * mean * h.mean, mean + h.mean
            gain2 += 1
        elif deep.shortcut == "highway":
            t = _through("gate", n_var_w * square, GATE_BIAS)
            apart = h.square + square - 2 * h.mean * mean
            past2 = 1 - 2 * t.mean + t.square
            gain2 = past2 + t.square * gain2 + t.slope2 * n_var_w * apart
            square = t.square * h.square + past2 * square + 2 * (t.mean - t.square) * h.mean * mean
            mean = t.mean * h.mean + (1 - t.mean) * mean
        else:
            square, mean = h.square, h.mean
        ys.append(sqrt(square))
        gains.append(sqrt(gain2))
        slopes.append(sqrt(h.slope2))
    mean_grows = deep.activation in HALVING and not (deep.shortcut == "residual" and deep.norm != "none")
    gain = np.full(deep.depth, np.nan) if deep.shortcut != "none" and mean_grows else np.array(gains)
    back = np.cumprod([1.0, *gain[::-1]])[::-1]
    return Expected(np.array(ys), back, gain, np.array(slopes))


@dataclass(frozen=True)
class _Averages:
    """E[f(z)], E[f(z)²] and E[f′(z)²] for normal z."""

    mean: float
    square: float
    slope2: float


def _through(activation: str, variance: float, mean: float = 0.0) -> _Averages:
    if activation == LINEAR:
        return _Averages(0.0, variance, 1.0)
    layer: Layer = Sigmoid() if activation == "gate" else ACTIVATIONS[activation]
    nodes, weights = _normal()
    z = mean + sqrt(variance) * nodes
    y, cached = layer.forward({}, z)
    slope, _ = layer.backward({}, cached, np.ones_like(z))
    return _Averages(float(y @ weights), float(y**2 @ weights), float(slope**2 @ weights))


@cache
def _normal() -> tuple[Array, Array]:
    """Σ weight · g(node) ≈ E[g(z)] for z ~ N(0, 1): the midpoint rule, so that no node stands on ReLU's corner."""
    nodes = (np.arange(800) + 0.5) / 50 - 8
    density = np.exp(-(nodes**2) / 2)
    return nodes, density / density.sum()
