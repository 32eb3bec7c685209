"""How wrong an answer is, as one number, and which way to move it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.types import Array, Cache, ShapeError


def softmax(z: Array) -> Array:
    """p[n,k] = e^(z[n,k] - max z[n]) / Σ_j e^(z[n,j] - max z[n]): scores become shares of 1.

    The shift by the largest score leaves every share as it is and keeps the exponentials finite.
    z and p (N, C).
    """
    e: Array = np.exp(z - z.max(axis=1, keepdims=True))
    p: Array = e / e.sum(axis=1, keepdims=True)
    return p


def log_softmax(z: Array) -> Array:
    """ln p[n,k] = z'[n,k] - ln Σ_j e^z'[n,j] with z' = z - max z: finite where softmax itself rounds to 0."""
    shifted = z - z.max(axis=1, keepdims=True)
    log_p: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return log_p


def one_hot(target: Array, classes: int, dtype: np.dtype[np.generic] | type = np.float32) -> Array:
    """y[n,k] = 1 where k is the class of example n, else 0. target (N,) whole numbers, y (N, classes)."""
    hot: Array = (np.asarray(target)[:, None] == np.arange(classes)).astype(dtype)
    return hot


@dataclass(frozen=True)
class CrossEntropyLoss:
    """L = -(1/N) Σ_n ln p[n, t_n], with p = softmax(z): the surprise at the true class, averaged.

    z (N, C) logits, target (N,) class numbers; L one number in nats. A network that knows nothing has L = ln C.
    Raises ShapeError where z isn't (N, C) or target isn't (N,), ValueError for a class outside 0 … C - 1.
    """

    def forward(self, z: Array, target: Array) -> tuple[float, Cache]:
        """1. p = softmax(z).  2. L = mean of -ln p[n, t_n]."""
        target = np.asarray(target)
        if z.ndim != 2 or target.shape != z.shape[:1]:
            raise ShapeError(
                f"CrossEntropyLoss was given logits of shape {z.shape} and targets of shape {target.shape}; "
                f"it expects logits (N, C) and targets (N,), one class number for each example."
            )
        classes = z.shape[1]
        if target.dtype.kind not in "iu" or (target.size and not 0 <= target.min() <= target.max() < classes):
            raise ValueError(
                f"CrossEntropyLoss was given targets {np.unique(target)[:10]} of type {target.dtype}; "
                f"it expects whole numbers from 0 to {classes - 1}, one for each of the {classes} classes."
            )
        log_p = log_softmax(z)
        loss = 0.0 - float(log_p[np.arange(len(z)), target].mean())
        return loss, {"p": np.exp(log_p), "target": target}

    def backward(self, cache: Cache) -> Array:
        """dL/dz[n,k] = (p[n,k] - y[n,k]) / N, with y the one-hot target.

        2'. dL/dp[n,t] = -1 / (N · p[n,t]), and 0 for the other classes.
        1'. dp[t]/dz[k] = p[t] · (1[k = t] - p[k]).
            The two p[t] cancel:  dL/dz[n,k] = -(1[k = t] - p[n,k]) / N = (p[n,k] - y[n,k]) / N.
        """
        p = cache["p"]
        dz: Array = (p - one_hot(cache["target"], p.shape[1], p.dtype)) / p.dtype.type(len(p))
        return dz
