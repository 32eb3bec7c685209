"""One sigmoid unit that is badly wrong, and two costs that teach it: why cross-entropy doesn't start slowly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import exp

import numpy as np

from engine.losses import BCEWithLogitsLoss, SigmoidQuadraticLoss, sigmoid
from engine.types import Array

COSTS: Mapping[str, SigmoidQuadraticLoss | BCEWithLogitsLoss] = {
    "quadratic": SigmoidQuadraticLoss(),
    "cross_entropy": BCEWithLogitsLoss(),
}
MOST_EPOCHS = 1000


@dataclass(frozen=True)
class Learning:
    """What one unit does in each epoch, before its step; each (epochs + 1,).

    z = w·x + b, a = σ(z), slope = σ'(z), the cost, dz = dC/dz, and its two gradients dw = dz·x and db = dz.
    """

    w: Array
    b: Array
    z: Array
    a: Array
    slope: Array
    cost: Array
    dz: Array
    dw: Array
    db: Array

    def arrays(self) -> dict[str, Array]:
        """All of it by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def first_below(self, gap: float, y: float) -> int | None:
        """The first epoch in which the answer is nearer than ``gap`` to its target; None if there is none."""
        near = np.flatnonzero(np.abs(self.a - y) < gap)
        return int(near[0]) if len(near) else None


def gradient(cost: str, z: float, x: float, y: float) -> tuple[float, float]:
    """(dC/dw, dC/db) of a = σ(z), z = w·x + b.

    quadratic, C = ½(a - y)²:                        dC/dz = (a - y) · σ'(z), which dies where σ is flat.
    cross-entropy, C = -(y ln a + (1 - y) ln(1 - a)):  dC/dz = (a - y)/(a(1 - a)) · σ'(z) = a - y: σ' cancels.
    By z = w·x + b, dC/dw = dC/dz · x and dC/db = dC/dz.
    Solla, Levin & Fleisher, "Accelerated learning in layered neural networks", 1988.
    """
    e = exp(-abs(z))
    a = (1.0 if z >= 0 else e) / (1 + e)
    dz = (a - y) * a * (1 - a) if cost == "quadratic" else a - y
    return dz * x, dz


def learn(cost: str, w: float, b: float, *, x: float, y: float, lr: float, epochs: int) -> Learning:
    """w ← w - lr · dC/dw and b ← b - lr · dC/db, once an epoch, on the one example (x, y).

    Raises ValueError for a cost that isn't one of ``COSTS``, a target outside 0 … 1, or too many epochs.
    """
    if cost not in COSTS or not 0 <= y <= 1 or not 0 <= epochs <= MOST_EPOCHS:
        raise ValueError(
            f"cost={cost!r}, y={y}, epochs={epochs}; expected one of {', '.join(COSTS)}, a target from 0 to 1, and "
            f"0 to {MOST_EPOCHS} epochs."
        )
    path = [(w, b)]
    for _ in range(epochs):
        dw, db = gradient(cost, w * x + b, x, y)
        w, b = w - lr * dw, b - lr * db
        path.append((w, b))
    ws, bs = np.array(path).T
    z = ws * x + bs
    a = sigmoid(z)
    single = [COSTS[cost].forward(np.array([[value]]), np.array([[y]])) for value in z]
    dz = np.array([COSTS[cost].backward(cache).item() for _value, cache in single])
    costs = np.array([value for value, _cache in single])
    return Learning(ws, bs, z, a, a * (1 - a), costs, dz, dz * x, dz)
