"""Gradient descent, with and without momentum."""

from __future__ import annotations

from dataclasses import dataclass

from engine.optimizers.base import State, at_least_zero, decayed, fitting
from engine.types import Params


@dataclass(frozen=True)
class SGD:
    """w ← w - lr · d, with d = v (momentum) and v ← momentum · v + (1 - dampening) · g.

    g = dL/dw + weight_decay · w. The first step sets v = g. With ``nesterov`` d = g + momentum · v: the
    gradient seen from where the momentum is about to carry us. Without momentum d = g.
    Polyak, 1964; Nesterov, 1983; in the form of Sutskever et al., "On the importance of initialization and
    momentum in deep learning", 2013, as PyTorch has it. Remembers ``momentum_buffer`` (v).
    Raises ValueError for settings that can't work.
    """

    lr: float = 1e-3
    momentum: float = 0.0
    dampening: float = 0.0
    weight_decay: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        at_least_zero("SGD", lr=self.lr, momentum=self.momentum, weight_decay=self.weight_decay)
        if self.nesterov and (self.momentum == 0 or self.dampening != 0):
            raise ValueError(
                f"SGD: nesterov=True was given momentum={self.momentum} and dampening={self.dampening}; it looks "
                f"ahead along the momentum, so it expects momentum > 0 (0.9, say) and dampening = 0."
            )

    def update(self, params: Params, grads: Params, state: State | None = None) -> tuple[Params, State]:
        """1. g = grad + weight_decay · w.  2. v = momentum · v + (1 - dampening) · g.  3. w - lr · d."""
        grads = fitting("SGD", params, grads)
        state = state or State()
        velocity = state.buffers.get("momentum_buffer", {})
        new_params, new_velocity = dict(params), dict(velocity)
        for name, grad in grads.items():
            w = params[name]
            d = decayed(w, grad, self.weight_decay)
            if self.momentum:
                old, share = velocity.get(name), d if self.dampening == 0 else (1 - self.dampening) * d
                v = d if old is None else self.momentum * old + share
                new_velocity[name] = v
                d = d + self.momentum * v if self.nesterov else v
            new_params[name] = w - self.lr * d
        buffers = {"momentum_buffer": new_velocity} if self.momentum else {}
        return new_params, State(state.step + 1, buffers)
