"""A textbook convolutional network in NumPy, as most tutorials write it: the yardstick for the engine's speed.

A convolution is one big matrix product: im2col copies every patch of the image into a row of a matrix, col2im adds
the gradients of these copies up again. A pool goes through the same two, with an argmax along the rows between, so
that any stride works. Layers remember what backward needs.
It is written to be fair, not slow: float32 throughout, and no loop but the one over the cells of the kernel.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from benchmarks.workloads import LR, MOMENTUM, Contender, Workload
from engine import Array, Conv2d, Flatten, Layer, Linear, MaxPool2d, Params, ReLU
from engine.kernels.window import output_size


def im2col(x: Array, size: int, stride: int, padding: int) -> Array:
    """Every patch of size × size cells as a row: (N, C, H, W) -> (N · out_h · out_w, C · size · size)."""
    n, c, h, w = x.shape
    oh, ow = output_size(h, size, stride, padding), output_size(w, size, stride, padding)
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    columns = np.empty((n, c, size, size, oh, ow), x.dtype)
    for a in range(size):
        for b in range(size):
            columns[:, :, a, b] = padded[:, :, a : a + stride * oh : stride, b : b + stride * ow : stride]
    return columns.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)


def col2im(columns: Array, shape: tuple[int, ...], size: int, stride: int, padding: int) -> Array:
    """The way back: each row is added to the cells of the image that it was copied from."""
    n, c, h, w = shape
    oh, ow = output_size(h, size, stride, padding), output_size(w, size, stride, padding)
    patches = columns.reshape(n, oh, ow, c, size, size).transpose(0, 3, 4, 5, 1, 2)
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding), columns.dtype)
    for a in range(size):
        for b in range(size):
            padded[:, :, a : a + stride * oh : stride, b : b + stride * ow : stride] += patches[:, :, a, b]
    return padded[:, :, padding : padding + h, padding : padding + w]


class TextbookLayer(Protocol):
    """What all layers here have."""

    params: Params
    grads: Params

    def forward(self, x: Array) -> Array: ...
    def backward(self, dy: Array) -> Array: ...


class Conv:
    """y = columns @ W.T + b, of stride 1."""

    def __init__(self, params: Params, padding: int) -> None:
        self.params, self.grads, self.padding = params, Params(), padding

    def forward(self, x: Array) -> Array:
        weight, bias = self.params["weight"], self.params["bias"]
        k, _, size, _ = weight.shape
        n, _, h, w = self.shape = x.shape
        self.columns = im2col(x, size, 1, self.padding)
        y = self.columns @ weight.reshape(k, -1).T + bias
        out = (output_size(h, size, 1, self.padding), output_size(w, size, 1, self.padding))
        return y.reshape(n, *out, k).transpose(0, 3, 1, 2)

    def backward(self, dy: Array) -> Array:
        weight = self.params["weight"]
        k, _, size, _ = weight.shape
        rows = dy.transpose(0, 2, 3, 1).reshape(-1, k)
        self.grads = {"weight": (rows.T @ self.columns).reshape(weight.shape), "bias": rows.sum(axis=0)}
        return col2im(rows @ weight.reshape(k, -1), self.shape, size, 1, self.padding)


class Relu:
    """y = max(0, x)."""

    def __init__(self) -> None:
        self.params, self.grads = Params(), Params()

    def forward(self, x: Array) -> Array:
        self.mask = x > 0
        return x * self.mask

    def backward(self, dy: Array) -> Array:
        return dy * self.mask


class MaxPool:
    """The largest of each size × size cells."""

    def __init__(self, size: int, stride: int) -> None:
        self.params, self.grads, self.size, self.stride = Params(), Params(), size, stride

    def forward(self, x: Array) -> Array:
        n, c, h, w = self.shape = x.shape
        out = (output_size(h, self.size, self.stride, 0), output_size(w, self.size, self.stride, 0))
        rows = im2col(x, self.size, self.stride, 0).reshape(-1, self.size**2)
        self.largest = rows.argmax(axis=1)
        return rows.max(axis=1).reshape(n, *out, c).transpose(0, 3, 1, 2)

    def backward(self, dy: Array) -> Array:
        rows = np.zeros((dy.size, self.size**2), dy.dtype)
        rows[np.arange(dy.size), self.largest] = dy.transpose(0, 2, 3, 1).ravel()
        return col2im(rows, self.shape, self.size, self.stride, 0)


class Flat:
    """(N, …) -> (N, features)."""

    def __init__(self) -> None:
        self.params, self.grads = Params(), Params()

    def forward(self, x: Array) -> Array:
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dy: Array) -> Array:
        return dy.reshape(self.shape)


class Dense:
    """y = x @ W.T + b."""

    def __init__(self, params: Params) -> None:
        self.params, self.grads = params, Params()

    def forward(self, x: Array) -> Array:
        self.x = x
        return x @ self.params["weight"].T + self.params["bias"]

    def backward(self, dy: Array) -> Array:
        self.grads = {"weight": dy.T @ self.x, "bias": dy.sum(axis=0)}
        return dy @ self.params["weight"]


def textbook(layer: Layer, params: Params) -> TextbookLayer:
    """The textbook's version of one of the engine's layers. Raises TypeError for those that it hasn't."""
    if isinstance(layer, Conv2d) and layer.stride == 1 and isinstance(layer.padding, int):
        return Conv(params, layer.padding)
    if isinstance(layer, MaxPool2d) and isinstance(layer.kernel_size, int):
        return MaxPool(layer.kernel_size, layer.kernel_size)
    if isinstance(layer, Linear):
        return Dense(params)
    if isinstance(layer, ReLU):
        return Relu()
    if isinstance(layer, Flatten):
        return Flat()
    raise TypeError(f"The textbook engine has no {layer!r}.")


class Training:
    """Forward, softmax with cross-entropy, backward, SGD with momentum."""

    def __init__(self, workload: Workload) -> None:
        network = workload.network()
        self._layers = [(name, textbook(layer, network.params_of(name))) for name, layer in network.layers]
        self._velocity = {name: np.zeros_like(value) for name, value in network.params.items()}
        self._x, self._target = workload.data()
        self._loss = float("nan")

    def step(self) -> None:
        y = self._x
        for _, layer in self._layers:
            y = layer.forward(y)
        p = np.exp(y - y.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        examples = np.arange(len(p))
        self._loss = float(-np.log(p[examples, self._target]).mean())
        p[examples, self._target] -= 1
        dy = p / np.float32(len(p))
        for _, layer in reversed(self._layers):
            dy = layer.backward(dy)
        for name, layer in self._layers:
            for key, grad in layer.grads.items():
                velocity = self._velocity[f"{name}.{key}"]
                velocity *= MOMENTUM
                velocity += grad
                layer.params[key] -= LR * velocity

    def witness(self) -> float:
        return self._loss

    def params(self) -> Params:
        """The network's parameters after the last step."""
        return {f"{name}.{key}": value for name, layer in self._layers for key, value in layer.params.items()}


def contender(workload: Workload) -> Contender:
    """The textbook's training step. Raises TypeError for a workload with a layer that it hasn't."""
    return Training(workload)
