"""One unit learns from one example at a time: what it got wrong, times its inputs, goes onto its weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.losses import sigmoid
from engine.types import Array, ShapeError


@dataclass(frozen=True)
class ErrorStep:
    """One step of the rule: z and the output y before it, error = target - y, and what it did to each number.

    weight_change (D,) is lr · error · x, bias_change is lr · error; weight (D,) and bias are those after the step.
    """

    z: float
    y: float
    error: float
    weight_change: Array
    bias_change: float
    weight: Array
    bias: float


def error_step(
    weight: Array, bias: float, x: Array, target: float, lr: float, steepness: float | None = None
) -> ErrorStep:
    """w ← w + lr · (t - y) · x and b ← b + lr · (t - y), with y = f(w · x + b).

    Where ``steepness`` is None, f is the step and this is the perceptron's rule (Rosenblatt, "The perceptron", 1958):
    what is right changes nothing, and if a line parts the examples, it is found after finitely many errors (Novikoff,
    "On convergence proofs on perceptrons", 1962). Widrow & Hoff, "Adaptive switching circuits", 1960, have the same
    product with y = z.

    Else f is σ(k · z), and the step goes down the cross-entropy L = -(t ln y + (1 - t) ln(1 - y)): dL/dz = k · (y - t),
    in which the slope of σ cancels, so that lr · k stands where lr does.

    Args:
        weight: (D,); ``x`` has as many.
        target: what the output should be, 0 or 1.
        lr: the learning rate, η.
    """
    if weight.shape != x.shape or weight.ndim != 1:
        raise ShapeError(
            f"A unit with weights of shape {weight.shape} was given x of shape {x.shape}; it expects one number for "
            "each weight."
        )
    z = float(weight @ x) + bias
    y = float(z > 0) if steepness is None else float(sigmoid(np.array(steepness * z)))
    error = target - y
    scale = lr * error * (1.0 if steepness is None else steepness)
    return ErrorStep(z, y, error, scale * x, scale, weight + scale * x, bias + scale)
