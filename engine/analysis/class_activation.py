"""Where in the picture a class's score comes from: class activation maps, from a forward and a backward pass.

    CAM        heat[n, i, j] = Σ_k w[c, k] · A[n, k, i, j]         w: the last layer's weights, after a global average
    Grad-CAM   heat[n, i, j] = max(0, Σ_k α[n, k] · A[n, k, i, j])  α[n, k] = mean over i, j of dS_c / dA[n, k, i, j]

A (N, K, H, W) are a layer's maps, c the class asked about, S_c its score. Where a network ends in a global average and
a linear layer, α = w[c] / (H·W): Grad-CAM is CAM without its negative part, and needs no such ending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.layers.linear import Linear
from engine.layers.pool_variants import AdaptiveAvgPool2d
from engine.layers.shape import Flatten
from engine.trace import BackTrace, Step, Trace
from engine.types import Array, ShapeError


@dataclass(frozen=True)
class ClassActivation:
    """``heat`` (N, H, W) = Σ_k weights[n, k] · maps[n, k], its negative part cut off in Grad-CAM.

    ``maps`` (N, K, H, W) are the output of the layer called ``layer``, ``weights`` (N, K) how much each speaks for
    the class.
    """

    layer: str
    maps: Array
    weights: Array
    heat: Array


def score_gradient(y: Array, classes: int | Sequence[int] | Array) -> Array:
    """dS_c/dy: 1 at the class asked about, 0 elsewhere: what ``Network.backward`` starts from for Grad-CAM.

    y (N, C) scores, classes one number for all examples or (N,) of them. Raises ShapeError and ValueError.
    """
    dy: Array = np.zeros_like(y)
    dy[np.arange(len(y)), _classes(y, classes)] = 1
    return dy


def grad_cam(trace: Trace, back: BackTrace, layer: str) -> ClassActivation:
    """max(0, Σ_k α[n, k] · A[n, k]) from ``back = network.backward(trace, score_gradient(trace.y, classes))``.

    1. α[n, k] = the mean of dS/dA[n, k] over its places.  2. heat = Σ_k α[n, k] · A[n, k].  3. Only what speaks for it.
    ``layer`` names the layer whose output A is, best the last one whose maps still are pictures. Raises KeyError for no
    such layer, ShapeError where its output isn't (N, K, H, W).
    Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based localization", 2017.
    """
    maps, gradient = _maps(trace[layer]), back[layer].dy
    weights = gradient.mean(axis=(2, 3))
    return ClassActivation(layer, maps, weights, np.maximum(_weigh(maps, weights), 0))


def cam(trace: Trace, classes: int | Sequence[int] | Array) -> ClassActivation:
    """Σ_k w[c, k] · A[n, k] for a network that ends in global average → flatten → linear, or without the linear layer.

    The mean of ``heat`` over its places, plus the class's bias, is the class's score. Without a linear layer, as in
    network in network, each class has a map of its own: w[c, k] is 1 for k = c, else 0.
    Raises ValueError for another ending: there Grad-CAM serves. Zhou et al., "Learning deep features for discriminative
    localization", 2016.
    """
    place, last = _ending(trace)
    chosen, maps = _classes(trace.y, classes), trace[place].x
    weight = np.eye(maps.shape[1], dtype=maps.dtype) if last is None else last.params["weight"]
    weights = weight[chosen]
    return ClassActivation(trace[place - 1].name if place else "x", maps, weights, _weigh(maps, weights))


def _ending(trace: Trace) -> tuple[int, Step | None]:
    """Where the global average stands, and the linear layer's step, None where there is none; raises ValueError."""
    ending = [place for place, step in enumerate(trace) if not isinstance(step.layer, Flatten)][-2:]
    last = trace[ending.pop()] if ending and isinstance(trace[ending[-1]].layer, Linear) else None
    average = trace[ending[-1]] if ending else None
    if average is None or not isinstance(average.layer, AdaptiveAvgPool2d) or average.y.shape[2:] != (1, 1):
        raise ValueError(
            "CAM was asked of a network that ends in "
            + ", ".join(f"{step.name} ({type(step.layer).__name__})" for step in trace[-3:])
            + "; it expects AdaptiveAvgPool2d(1), Flatten and Linear, or the first two. grad_cam takes any network."
        )
    return ending[-1], last


def _maps(step: Step) -> Array:
    if step.y.ndim != 4:
        raise ShapeError(
            f"Layer {step.name!r} gives {step.y.shape}, which has no places to show; a layer before it whose output is "
            f"(N, K, H, W), such as the last convolution or its ReLU, would work."
        )
    return step.y


def _weigh(maps: Array, weights: Array) -> Array:
    """Σ_k weights[n, k] · maps[n, k, i, j]: (N, H, W)."""
    heat: Array = np.einsum("nk,nkhw->nhw", weights, maps)
    return heat


def _classes(y: Array, classes: int | Sequence[int] | Array) -> Array:
    """The class asked about for each example (N,); raises unless y is (N, C) and they are whole numbers below C."""
    chosen = np.asarray(classes)
    if y.ndim != 2 or chosen.shape not in {(), (len(y),)}:
        raise ShapeError(
            f"Scores of shape {y.shape} and classes of shape {chosen.shape} were given; expected scores (N, C), and "
            f"one class for all examples or one for each."
        )
    if chosen.dtype.kind not in "iu" or (chosen.size and not 0 <= chosen.min() <= chosen.max() < y.shape[1]):
        raise ValueError(f"Classes {classes} were given; expected whole numbers from 0 to {y.shape[1] - 1}.")
    return np.broadcast_to(chosen, (len(y),))
