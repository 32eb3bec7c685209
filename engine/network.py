"""A network: layers in a row, their parameters beside them, and every pass as a record that can be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.guard import expect_dtype, expect_floats, expect_generator, expect_parameters
from engine.initializers import HeNormal
from engine.kernels.memory import arranged
from engine.layers import Conv2d
from engine.summary import summary
from engine.trace import (
    BackStep,
    BackTrace,
    Layers,
    Step,
    Trace,
    backward_through,
    forward_through,
    init_all,
    params_by_layer,
    params_of,
    shapes_through,
)
from engine.types import Array, Cache, Initializer, Layer, Params, Shape, ShapeError

__all__ = ["BackStep", "BackTrace", "Network", "Step", "Trace", "TrainingPass"]


@dataclass(frozen=True)
class TrainingPass:
    """What a training step keeps of its forward pass: y, the buffers' new values, and what each layer's backward
    pass reads, in order: its parameters and its cache."""

    y: Array
    buffers: Params
    layers: list[tuple[Params, Cache]]


@dataclass(frozen=True)
class Network:
    """y = layer_L(… layer_2(layer_1(x))): named layers in a row and their parameters as plain data.

    ``params`` has PyTorch's names ("conv1.weight"), so a state dict passes both ways. ``input_shape`` is that of
    one example, without N.
    """

    layers: Layers
    params: Params
    input_shape: Shape

    def __post_init__(self) -> None:
        expect_parameters("Network", self.params)

    @classmethod
    def build(
        cls,
        layers: Sequence[tuple[str, Layer]],
        input_shape: Shape,
        *,
        rng: np.random.Generator,
        initializer: Initializer = HeNormal(),
        dtype: npt.DTypeLike = np.float32,
    ) -> Network:
        """A network with fresh parameters. Raises ShapeError that names the first layer that doesn't fit."""
        names = [name for name, _ in layers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if not layers or twice:
            raise ValueError(
                f"A network was given {len(layers)} layers"
                + (f", more than one of them called {', '.join(twice)}" if twice else "")
                + "; it expects at least one, each with a name of its own, such as conv1, relu1, conv2."
            )
        expect_generator("Network.build", rng)
        expect_dtype("Network.build", dtype)
        params = init_all(tuple(layers), rng, initializer, dtype)
        network = cls(tuple(layers), params, tuple(input_shape))
        network.shapes()
        return network

    def __repr__(self) -> str:
        """A table: the layers, the shapes of their outputs, and how many numbers each has learned."""
        return summary(self.layers, self.params, self.input_shape)

    def shapes(self) -> tuple[tuple[str, Shape], ...]:
        """(name, output shape without N) of every layer, from the layers' own declarations."""
        return shapes_through(self.layers, self.input_shape)

    def params_of(self, name: str) -> Params:
        """One layer's parameters under its own names: ``{"weight": ..., "bias": ...}``."""
        return params_of(name, self.params)

    def replace(self, params: Mapping[str, Array]) -> Network:
        """The same layers with other parameters. Raises ShapeError unless names and shapes are the same."""
        own = self.params
        if own.keys() != params.keys() or any(value.shape != own[name].shape for name, value in params.items()):
            given, expected = ({name: value.shape for name, value in each.items()} for each in (params, own))
            odd = sorted(set(given.items()) ^ set(expected.items()))
            raise ShapeError(
                "These parameters don't fit this network: "
                + "; ".join(f"{name} {shape}" for name, shape in odd[:4])
                + " stand on one side only. Expected "
                + ", ".join(f"{name} {shape}" for name, shape in expected.items())
                + "."
            )
        return replace(self, params=dict(params))

    def astype(self, dtype: npt.DTypeLike) -> Network:
        """The same network with its numbers in float32 (to train and show) or float64 (to check); counts stay whole."""
        expect_dtype("Network.astype", dtype)
        return self.replace({n: v.astype(dtype) if v.dtype.kind == "f" else v for n, v in self.params.items()})

    def forward(self, x: Array, *, train: bool = False, rng: np.random.Generator | None = None) -> Trace:
        """Run x (N, *input_shape) through every layer and keep each step. Raises ShapeError for another shape.

        x is brought to the parameters' own type first, also by the other passes: pictures in float64 don't make a
        float32 network one of float64. Raises InputError where x isn't of float32 or float64.
        """
        x = self._batch(x)
        return forward_through(self.layers, self.params, x, train=train, rng=rng)

    def forward_from(self, name: str, x: Array) -> Trace:
        """Run on from layer ``name``, as if it had read x: y = layer_L(… layer_l(x)). Those before it take no part.

        With what the layer did read (``trace[name].x``) these are the last steps of ``forward``; with one number of
        that changed they show what it does to the rest. Raises KeyError for a name that no layer has, ShapeError for
        an x that doesn't fit.
        """
        names = [own for own, _ in self.layers]
        if name not in names:
            raise KeyError(f"No layer is called {name!r} here; there are {', '.join(names)}.")
        first = names.index(name)
        read = self.shapes()[first - 1][1] if first else self.input_shape
        x = self._in_own_type(x)
        if x.shape[1:] != read:
            raise ShapeError(
                f"Layer {name!r} was given x of shape {x.shape}; it expects (N, {', '.join(map(str, read))})."
            )
        return forward_through(self.layers[first:], self.params, x)

    def backward(self, trace: Trace, dy: Array) -> BackTrace:
        """The chain rule: hand dL/dy back through the layers, last to first; each one's dx is the next one's dy."""
        expect_floats("Network.backward", "dy", dy)
        if dy.shape != trace.y.shape:
            raise ShapeError(f"dy has shape {dy.shape}; the output that it belongs to has shape {trace.y.shape}.")
        return backward_through(trace, dy)

    def train_forward(self, x: Array, *, rng: np.random.Generator | None = None) -> TrainingPass:
        """``forward(x, train=True)`` for a loop in which nobody looks between the layers: only caches are kept.

        Raises ShapeError for another shape than (N, *input_shape).
        """
        x = arranged(self._batch(x))
        layers: list[tuple[Params, Cache]] = []
        buffers: Params = {}
        own = params_by_layer(self.layers, self.params)
        for name, layer in self.layers:
            x, cache = layer.forward(own[name], x, train=True, rng=rng)
            layers.append((own[name], cache))
            buffers |= {f"{name}.{key}": cache[key] for key in own[name] if key in cache}
        return TrainingPass(x, buffers, layers)

    def gradients(self, passed: TrainingPass, dy: Array) -> Params:
        """dL/dparam under the names of ``params``: the same numbers as ``backward(…).grads``, and less memory.

        Each cache is dropped as soon as it was used, so a pass serves once. Nobody reads dL/dx of the images in
        training, so a convolution that comes first doesn't compute it.
        """
        expect_floats("Network.gradients", "dy", dy)
        grads: Params = {}
        for name, layer in reversed(self.layers):
            own, cache = passed.layers.pop()
            if not passed.layers and isinstance(layer, Conv2d):
                found = layer.param_grads(cache, dy)
            else:
                dy, found = layer.backward(own, cache, dy)
            grads |= {f"{name}.{key}": value for key, value in found.items()}
        return {name: grads[name] for name in self.params if name in grads}

    def predict(self, x: Array) -> Array:
        """The network's output for x, with nothing kept. Raises ShapeError for another shape than (N, *input_shape)."""
        x = self._batch(x)
        own = params_by_layer(self.layers, self.params)
        for name, layer in self.layers:
            x, _ = layer.forward(own[name], x)
        return x

    def _batch(self, x: Array) -> Array:
        x = self._in_own_type(x)
        if x.shape[1:] != self.input_shape:
            raise ShapeError(
                f"This network was given x of shape {x.shape}; it expects (N, {', '.join(map(str, self.input_shape))})"
                + (". x[None] would make one example of it." if x.shape == self.input_shape else ".")
            )
        return x

    def _in_own_type(self, x: Array) -> Array:
        """x in the type of the first parameter that isn't a count; as it is where there are no parameters."""
        expect_floats("Network", "x", x)
        own = next((value.dtype for value in self.params.values() if value.dtype.kind == "f"), x.dtype)
        return x if x.dtype == own else x.astype(own)
