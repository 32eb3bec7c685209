"""What becomes of a classifier's scores: shares with and without the shift, their slopes, and two ways to lose."""

from __future__ import annotations

import numpy as np

from engine.losses import CrossEntropyLoss, MultiMarginLoss
from engine.types import Array


def naive_softmax(z: Array) -> tuple[Array, Array]:
    """e[k] = e^z[k] and p[k] = e[k] / Σ_j e[j], with no shift: what overflows, overflows. z, e and p (C,).

    float32 ends at e^88.7, float64 at e^709.8. Beyond that e is infinite, and infinity over infinity is no number.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        e: Array = np.exp(z)
        p: Array = e / e.sum()
    return e, p


def shifted_softmax(z: Array) -> tuple[Array, Array]:
    """e[k] = e^(z[k] - max z) and p[k] = e[k] / Σ_j e[j]. z, e and p (C,).

    Multiplying above and below by e^(-max z) leaves p as it is; the largest exponential is now e⁰ = 1, so nothing
    overflows, and since 1 is in the sum, nothing is divided by 0.
    """
    return naive_softmax(z - z.max())


def softmax_jacobian(p: Array) -> Array:
    """J[i,k] = dp[i]/dz[k] = p[i] · (1[i = k] - p[k]): how each share answers to each score. p (C,), J (C, C).

    With S = Σ_j e^z[j], the quotient rule gives (1[i = k] · e^z[i] · S - e^z[i] · e^z[k]) / S². Rows and columns add
    up to 0, since the shares always add up to 1.
    """
    jacobian: Array = np.diag(p) - np.outer(p, p)
    return jacobian


def hinge_terms(z: Array, target: int, margin: float = 1.0) -> Array:
    """h[k] = max(0, z[k] - z[t] + margin) for each other class, 0 for the true one. z and h (C,).

    Their sum is the multi-class hinge loss of Weston & Watkins, 1999: engine.losses.MultiMarginLoss.
    """
    terms: Array = np.maximum(0, z - z[target] + margin)
    terms[target] = 0
    return terms


def two_losses(z: Array, target: int) -> tuple[float, Array, float, Array]:
    """Hinge loss and its slopes, cross-entropy and its slopes, for one example. z and both dz (C,)."""
    example, targets = z[None], np.array([target])
    svm, softmax = MultiMarginLoss(mean_over_classes=False), CrossEntropyLoss()
    hinge, kept = svm.forward(example, targets)
    surprise, cache = softmax.forward(example, targets)
    return float(hinge), svm.backward(kept)[0], float(surprise), softmax.backward(cache)[0]
