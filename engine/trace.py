"""Records of a pass through layers in a row, and the pass itself: forwards, and by the chain rule backwards.

A network is such a row of layers, and so is each path of a block that holds layers of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

import numpy as np
import numpy.typing as npt

from engine.types import Array, Cache, Initializer, Layer, Params, Shape, ShapeError

Layers = tuple[tuple[str, Layer], ...]
"""Layers in a row, each with a name of its own."""


@dataclass(frozen=True)
class Step:
    """One layer's forward pass: y = layer(x; params), and the cache that its backward pass will read."""

    name: str
    layer: Layer
    params: Params
    x: Array
    y: Array
    cache: Cache


@dataclass(frozen=True)
class BackStep:
    """One layer's backward pass: the upstream gradient dy came in, dx and grads (dL/dparam, by name) came out."""

    name: str
    dy: Array
    dx: Array
    grads: Params


Record = TypeVar("Record", Step, BackStep)


class _Records(Sequence[Record]):
    """Steps in the order in which they were made, by number or by their layer's name."""

    steps: tuple[Record, ...]

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.steps)

    @overload
    def __getitem__(self, key: int | str) -> Record: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Record, ...]: ...
    def __getitem__(self, key: int | str | slice) -> Record | tuple[Record, ...]:
        if not isinstance(key, str):
            return self.steps[key]
        for step in self.steps:
            if step.name == key:
                return step
        raise KeyError(f"No layer is called {key!r} here; there are {', '.join(s.name for s in self.steps)}.")


@dataclass(frozen=True)
class Trace(_Records[Step]):
    """A forward pass, layer by layer. Stepping is indexing; it can be kept, pickled, rewound and compared."""

    steps: tuple[Step, ...]

    @property
    def x(self) -> Array:
        """The network's input."""
        return self.steps[0].x

    @property
    def y(self) -> Array:
        """The network's output."""
        return self.steps[-1].y

    @property
    def buffers(self) -> Params:
        """New values of what isn't learned but counted along, such as batch norm's running mean.

        A layer hands them on in its cache, under the parameter's own name.
        """
        return {
            f"{step.name}.{name}": step.cache[name] for step in self.steps for name in step.params if name in step.cache
        }


@dataclass(frozen=True)
class BackTrace(_Records[BackStep]):
    """A backward pass, from the last layer to the first."""

    steps: tuple[BackStep, ...]

    @property
    def dx(self) -> Array:
        """dL/dx for the network's input."""
        return self.steps[-1].dx

    @property
    def grads(self) -> Params:
        """dL/dparam for all of the network, under the names of ``Network.params``."""
        return {f"{step.name}.{name}": g for step in reversed(self.steps) for name, g in step.grads.items()}


def params_of(name: str, params: Mapping[str, Array]) -> Params:
    """One layer's parameters under its own names: of "conv1.weight" the part after "conv1."."""
    start = f"{name}."
    return {key[len(start) :]: value for key, value in params.items() if key.startswith(start)}


def params_by_layer(layers: Layers, params: Mapping[str, Array]) -> dict[str, Params]:
    """``params_of`` for every layer, in one go through the parameters."""
    own: dict[str, Params] = {name: {} for name, _ in layers}
    for full, value in params.items():
        name, _, key = full.rpartition(".")
        while name and name not in own:
            name, _, outer = name.rpartition(".")
            key = f"{outer}.{key}"
        if name:
            own[name][key] = value
    return own


def init_all(layers: Layers, rng: np.random.Generator, initializer: Initializer, dtype: npt.DTypeLike) -> Params:
    """Fresh parameters of all layers, each under "layer.parameter"."""
    return {
        f"{name}.{key}": value for name, layer in layers for key, value in layer.init(rng, initializer, dtype).items()
    }


def shapes_through(layers: Layers, shape: Shape) -> tuple[tuple[str, Shape], ...]:
    """(name, output shape without N) of every layer. Raises ShapeError that names the layer that doesn't fit."""
    found = []
    for name, layer in layers:
        try:
            shape = layer.output_shape(shape)
        except ShapeError as error:
            raise ShapeError(f"Layer {name!r}: {error}") from None
        found.append((name, shape))
    return tuple(found)


def forward_through(
    layers: Layers,
    params: Mapping[str, Array],
    x: Array,
    *,
    train: bool = False,
    rng: np.random.Generator | None = None,
) -> Trace:
    """x through every layer, each step kept: x_1 = layer_1(x), x_2 = layer_2(x_1), …"""
    steps = []
    own = params_by_layer(layers, params)
    for name, layer in layers:
        y, cache = layer.forward(own[name], x, train=train, rng=rng)
        steps.append(Step(name, layer, own[name], x, y, cache))
        x = y
    return Trace(tuple(steps))


def backward_through(trace: Trace, dy: Array) -> BackTrace:
    """The chain rule: hand dL/dy back through the layers, last to first; each one's dx is the next one's dy."""
    steps = []
    for step in reversed(trace.steps):
        dx, grads = step.layer.backward(step.params, step.cache, dy)
        steps.append(BackStep(step.name, dy, dx, grads))
        dy = dx
    return BackTrace(tuple(steps))
