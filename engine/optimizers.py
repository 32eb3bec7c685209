"""How gradients become new weights, in order of rising complexity.

``update(params, grads, state)`` returns new arrays and a new state and changes none of its arguments, so any
step can be revisited, and everything inside it (buffers, corrections) read from the state that it returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from engine.types import Array, Params


@dataclass(frozen=True)
class State:
    """What an optimizer remembers: how many steps it made, and its buffers by name, each with the params' names."""

    step: int = 0
    buffers: Mapping[str, Params] = field(default_factory=dict)


class Optimizer(Protocol):
    """A rule that makes new weights from old ones, gradients and a memory."""

    @property
    def lr(self) -> float:
        """The learning rate."""
        ...

    def update(self, params: Params, grads: Params, state: State | None = None) -> tuple[Params, State]:
        """New params and the new state; ``state=None`` starts afresh."""
        ...


@dataclass(frozen=True)
class SGD:
    """w ← w - lr · d, with d = v (momentum) and v ← momentum · v + (1 - dampening) · g.

    g = dL/dw + weight_decay · w. The first step sets v = g. With ``nesterov`` d = g + momentum · v: the
    gradient seen from where the momentum is about to carry us. Without momentum d = g.
    Polyak, 1964; Nesterov, 1983; in the form of Sutskever et al., "On the importance of initialization and
    momentum in deep learning", 2013, as PyTorch has it. Raises ValueError for settings that can't work.
    """

    lr: float
    momentum: float = 0.0
    dampening: float = 0.0
    weight_decay: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        _at_least_zero("SGD", lr=self.lr, momentum=self.momentum, weight_decay=self.weight_decay)
        if self.nesterov and (self.momentum == 0 or self.dampening != 0):
            raise ValueError(
                f"SGD: nesterov=True was given momentum={self.momentum} and dampening={self.dampening}; it looks "
                f"ahead along the momentum, so it expects momentum > 0 (0.9, say) and dampening = 0."
            )

    def update(self, params: Params, grads: Params, state: State | None = None) -> tuple[Params, State]:
        """1. g = grad + weight_decay · w.  2. v = momentum · v + (1 - dampening) · g.  3. w - lr · d."""
        state = state or State()
        velocity = state.buffers.get("momentum_buffer", {})
        new_params, new_velocity = {}, {}
        for name, w in params.items():
            d = _decayed(w, grads[name], self.weight_decay)
            if self.momentum:
                old = velocity.get(name)
                v = d if old is None else self.momentum * old + (1 - self.dampening) * d
                new_velocity[name] = v
                d = d + self.momentum * v if self.nesterov else v
            new_params[name] = w - self.lr * d
        buffers = {"momentum_buffer": new_velocity} if self.momentum else {}
        return new_params, State(state.step + 1, buffers)


@dataclass(frozen=True)
class Adam:
    """w ← w - lr · m̂ / (√v̂ + eps), with m̂ = m / (1 - β1^t) and v̂ = v / (1 - β2^t).

    m ← β1 · m + (1 - β1) · g and v ← β2 · v + (1 - β2) · g² are running means of the gradient and its square.
    Both start at 0, so after t steps they hold 1 - β^t of their full weight; dividing by it takes that out.
    g = dL/dw + weight_decay · w. Kingma & Ba, "Adam: a method for stochastic optimization", 2015.
    Raises ValueError for settings that can't work.
    """

    lr: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        _at_least_zero("Adam", lr=self.lr, eps=self.eps, weight_decay=self.weight_decay)
        if not all(0 <= beta < 1 for beta in self.betas):
            raise ValueError(f"Adam: betas={self.betas}; each is expected in [0, 1), for example (0.9, 0.999).")

    def update(self, params: Params, grads: Params, state: State | None = None) -> tuple[Params, State]:
        """1. g.  2. m, v.  3. m̂, v̂.  4. w - lr · m̂ / (√v̂ + eps)."""
        state = state or State()
        means, squares = state.buffers.get("exp_avg", {}), state.buffers.get("exp_avg_sq", {})
        beta1, beta2 = self.betas
        t = state.step + 1
        new_params, new_means, new_squares = {}, {}, {}
        for name, w in params.items():
            g = _decayed(w, grads[name], self.weight_decay)
            m = beta1 * means.get(name, np.zeros_like(w)) + (1 - beta1) * g
            v = beta2 * squares.get(name, np.zeros_like(w)) + (1 - beta2) * g * g
            m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
            new_params[name] = w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            new_means[name], new_squares[name] = m, v
        return new_params, State(t, {"exp_avg": new_means, "exp_avg_sq": new_squares})


OPTIMIZERS: dict[str, type[SGD] | type[Adam]] = {"sgd": SGD, "adam": Adam}


def _decayed(w: Array, grad: Array, weight_decay: float) -> Array:
    """The gradient of L + weight_decay/2 · w²."""
    return grad + weight_decay * w if weight_decay else grad


def _at_least_zero(what: str, **settings: float) -> None:
    for name, value in settings.items():
        if not 0 <= value < float("inf"):
            raise ValueError(
                f"{what}: {name}={value}; expected a finite number of at least 0, such as {name}=0.01."
            )
