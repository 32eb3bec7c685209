"""What every optimizer promises, and what all but plain SGD share: one rule, applied to one array after the other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from engine.guard import FLOATS, expect_floats
from engine.types import Array, Params, ShapeError


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
        """New params and the new state; ``state=None`` starts afresh. What has no gradient stays as it is."""
        ...


Memory = dict[str, Array]
"""What an optimizer remembers of one array: its part of each buffer, by the buffer's name."""


class PerArray(ABC):
    """An optimizer that treats every array alike and apart: ``step`` is its rule for one of them."""

    @abstractmethod
    def step(self, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
        """The new w, and the new memory, from the gradient g of w and the memory, ``{}`` at the first step."""

    def update(self, params: Params, grads: Params, state: State | None = None) -> tuple[Params, State]:
        """``step`` for each array that has a gradient; the others, and what is remembered of them, stay."""
        grads = fitting(type(self).__name__, params, grads)
        state = state or State()
        new_params = dict(params)
        buffers = {name: dict(buffer) for name, buffer in state.buffers.items()}
        for name, g in grads.items():
            memory = {key: buffer[name] for key, buffer in state.buffers.items() if name in buffer}
            new_params[name], remembered = self.step(params[name], g, memory)
            for key, value in remembered.items():
                buffers.setdefault(key, {})[name] = value
        return new_params, State(state.step + 1, buffers)


def next_count(memory: Memory) -> Array:
    """t: how many steps this array will have made. Counted for each, so that one that joins late starts at 1."""
    return np.asarray(memory.get("step", 0) + np.int64(1))


def decayed(w: Array, grad: Array, weight_decay: float) -> Array:
    """The gradient of L + weight_decay/2 · w²."""
    return grad + weight_decay * w if weight_decay else grad


def shrink(w: Array, by: float | Array) -> Array:
    """argmin_v ½(v - w)² + by · |v| = sign(w) · max(|w| - by, 0): towards 0 by that much, and no further than 0."""
    shrunk: Array = np.maximum(w - by, 0) + np.minimum(w + by, 0)
    return shrunk


def fitting(what: str, params: Params, grads: Params) -> Params:
    """The gradients, each in its parameter's type. Raises unless each is one of a parameter, and has its shape.

    ValueError for a gradient of something else, ShapeError for another shape, InputError for numbers that aren't
    floats: a gradient of one number would move all the weights alike, and weights of whole numbers would stay.
    """
    unknown = sorted(grads.keys() - params.keys())
    if unknown:
        raise ValueError(
            f"{what} was given gradients for {', '.join(unknown)}, which are not among the parameters; it expects "
            f"names out of {', '.join(params)}."
        )
    other = {name: _fitted(what, name, params[name], g) for name, g in grads.items() if not _fits(params[name], g)}
    return {**grads, **other} if other else grads


def _fits(w: Array, g: Array) -> bool:
    arrays = isinstance(g, np.ndarray) and isinstance(w, np.ndarray)
    return arrays and g.dtype == w.dtype and g.shape == w.shape and g.dtype.char in FLOATS


def _fitted(what: str, name: str, w: Array, g: Array) -> Array:
    expect_floats(what, f"params[{name!r}]", w)
    expect_floats(what, f"grads[{name!r}]", g)
    if g.shape != w.shape:
        raise ShapeError(
            f"{what} was given a gradient of shape {g.shape} for {name}, which has shape {w.shape}; it expects one "
            f"number for each weight. Summed over the axes along which the weight was repeated, it would fit."
        )
    return g.astype(w.dtype)


def at_least_zero(what: str, **settings: float) -> None:
    """Raise ValueError unless each setting is a finite number of at least 0."""
    for name, value in settings.items():
        if not 0 <= value < float("inf"):
            raise ValueError(f"{what}: {name}={value}; expected a finite number of at least 0, such as {name}=0.01.")


def above_zero(what: str, **settings: float) -> None:
    """Raise ValueError unless each setting is a finite number above 0."""
    for name, value in settings.items():
        if not 0 < value < float("inf"):
            raise ValueError(f"{what}: {name}={value}; expected a finite number above 0, such as {name}=0.1.")


def below_one(what: str, **settings: float) -> None:
    """Raise ValueError unless each setting, the share that a running mean keeps, lies in [0, 1)."""
    for name, value in settings.items():
        if not 0 <= value < 1:
            raise ValueError(f"{what}: {name}={value}; expected a number in [0, 1), such as {name}=0.9.")
