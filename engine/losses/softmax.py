"""Scores into shares of 1, classes into vectors."""

from __future__ import annotations

import numpy as np

from engine.types import Array


def softmax(z: Array) -> Array:
    """p[n,k] = e^(z[n,k] - max z[n]) / Σ_j e^(z[n,j] - max z[n]): scores become shares of 1.

    The shift by the largest score leaves every share as it is and keeps the exponentials finite.
    z and p (N, C) or (N, C, H, W).
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
    """y[n,k] = 1 where k is the class of example n, else 0. target (N, …) whole numbers, y (N, classes, …).

    Raises ValueError for what is no class.
    """
    target = np.asarray(target)
    no_class = target.dtype.kind not in "iu" and target.size
    if no_class or (target.size and not 0 <= target.min() <= target.max() < classes):
        raise ValueError(
            f"one_hot was given targets {np.unique(target)[:10]} of type {target.dtype}; it expects whole numbers from "
            f"0 to {classes - 1}, one for each of the {classes} classes."
        )
    return marked(target, classes, dtype)


def marked(target: Array, classes: int, dtype: np.dtype[np.generic] | type = np.float32) -> Array:
    """``one_hot`` of targets that were looked at before; zeros for what is no class."""
    target = np.asarray(target)
    hot: Array = (target[:, None] == np.arange(classes).reshape(-1, *(1,) * (target.ndim - 1))).astype(dtype)
    return hot
