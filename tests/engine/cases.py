"""The layers that the contract is held against, and the independent twins they are compared with.

A new layer joins by one line in CASES, and by one entry in LOOPS if it has loops in engine/reference/__init__.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch

from engine import AvgPool2d, Conv2d, Flatten, Identity, Linear, MaxPool2d, ReLU, reference
from engine.types import Array, Layer, Params, Shape


@dataclass(frozen=True)
class Case:
    """A layer and the shape of one example that fits it."""

    layer: Layer
    shape: Shape

    def __str__(self) -> str:
        return f"{self.layer} on {self.shape}"


CASES = (
    Case(ReLU(), (2, 3, 4)),
    Case(Flatten(), (2, 3, 4)),
    Case(Flatten(2), (2, 3, 4)),
    Case(Flatten(1, -2), (2, 3, 4)),
    Case(Identity(), (2, 3, 4)),
    Case(Linear(5, 3), (5,)),
    Case(Linear(1, 1), (1,)),
    Case(Linear(5, 3, bias=False), (5,)),
    Case(Linear(4, 3), (2, 4)),
    Case(Linear(4, 2, bias=False), (3, 2, 4)),
    Case(Conv2d(1, 1, 1), (1, 1, 1)),
    Case(Conv2d(2, 3, 3), (2, 5, 6)),
    Case(Conv2d(2, 3, 3, padding=1, bias=False), (2, 4, 4)),
    Case(Conv2d(1, 2, (2, 3), stride=(1, 2), padding=(0, 1)), (1, 4, 5)),
    Case(Conv2d(2, 2, 3, stride=2, padding=1, dilation=2), (2, 7, 6)),
    Case(Conv2d(2, 1, 2, stride=3), (2, 6, 7)),
    Case(Conv2d(4, 6, 3, padding=1, groups=2), (4, 4, 3)),
    Case(Conv2d(3, 3, 3, padding=2, dilation=(1, 2), groups=3), (3, 4, 5)),
    Case(Conv2d(2, 2, (3, 2), padding="same", dilation=(2, 1)), (2, 4, 3)),
    Case(Conv2d(2, 3, 3, padding="valid"), (2, 3, 4)),
    Case(Conv2d(1, 2, 3, stride=2, padding=(2, 1), padding_mode="reflect"), (1, 4, 3)),
    Case(Conv2d(2, 2, 2, padding="same", groups=2, padding_mode="replicate", bias=False), (2, 2, 3)),
    Case(Conv2d(1, 1, 3, padding=2, padding_mode="circular"), (1, 3, 2)),
    Case(MaxPool2d(2), (2, 4, 6)),
    Case(MaxPool2d(2), (1, 5, 5)),
    Case(MaxPool2d(3, stride=2, padding=1), (2, 5, 6)),
    Case(MaxPool2d((3, 2), stride=1, padding=(1, 0), dilation=(1, 2)), (1, 5, 6)),
    Case(MaxPool2d(2, ceil_mode=True), (2, 3, 5)),
    Case(MaxPool2d(3, stride=2, padding=1, ceil_mode=True), (1, 4, 6)),
    Case(AvgPool2d(2), (2, 4, 6)),
    Case(AvgPool2d(2, ceil_mode=True), (2, 3, 5)),
    Case(AvgPool2d(3, stride=2, padding=1, ceil_mode=True), (1, 4, 6)),
    Case(AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False), (1, 4, 6)),
    Case(AvgPool2d(3, stride=2, padding=1), (2, 5, 6)),
    Case(AvgPool2d((2, 3), stride=1, padding=(1, 1), count_include_pad=False), (2, 3, 4)),
)


def separated(rng: np.random.Generator, shape: Shape, dtype: Any = np.float64) -> Array:
    """Shuffled numbers from about -1 to 1: no two within 1e-3, none within 1e-3 of 0.

    Far from the corners of ReLU and from the ties of max pooling, so that derivatives exist.
    """
    count = int(np.prod(shape))
    values = np.linspace(-1, 1, 2 * count + 1)[1::2] + 0.25 / count
    assert 2 / count > 1e-3, "too many numbers to keep them apart"
    return rng.permutation(values).reshape(shape).astype(dtype)


def random_params(layer: Layer, rng: np.random.Generator, dtype: Any = np.float64) -> Params:
    """Parameters in general position: fresh ones start with a bias of 0, which would hide a lost bias."""
    fresh = layer.init(rng, dtype=dtype)
    return {name: rng.standard_normal(value.shape).astype(dtype) for name, value in fresh.items()}


def relative_error(given: Array, expected: Array) -> float:
    """The largest difference, measured by the largest expected number."""
    assert given.shape == expected.shape, f"{given.shape} is not {expected.shape}"
    if expected.size == 0:
        return 0.0
    scale = float(np.abs(expected).max())
    return float(np.abs(given - expected).max()) / (scale if scale > 0 else 1.0)


@dataclass(frozen=True)
class Passes:
    """What one forward and one backward pass give."""

    y: Array
    dx: Array
    grads: Params

    def worst_error(self, expected: "Passes") -> float:
        assert self.grads.keys() == expected.grads.keys()
        return max(
            relative_error(self.y, expected.y),
            relative_error(self.dx, expected.dx),
            *(relative_error(self.grads[name], expected.grads[name]) for name in self.grads),
            0.0,
        )


def engine_passes(layer: Layer, params: Params, x: Array, dy: Array) -> Passes:
    y, cache = layer.forward(params, x)
    dx, grads = layer.backward(params, cache, dy)
    return Passes(y, dx, dict(grads))


def torch_module(layer: Layer) -> torch.nn.Module:
    """PyTorch's layer of the same name, made with the same arguments."""
    arguments = {field.name: getattr(layer, field.name) for field in fields(layer)}  # type: ignore[arg-type]
    module = getattr(torch.nn, type(layer).__name__)(**arguments)
    assert isinstance(module, torch.nn.Module)
    return module


def torch_passes(layer: Layer, params: Params, x: Array, dy: Array) -> Passes:
    module = torch_module(layer).to(torch.from_numpy(x[:0].copy()).dtype)
    module.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in params.items()})
    tx = torch.from_numpy(x.copy()).requires_grad_()
    ty = module(tx)
    ty.backward(torch.from_numpy(dy.copy()))
    assert tx.grad is not None
    grads = {name: value.grad.numpy() for name, value in module.named_parameters() if value.grad is not None}
    return Passes(ty.detach().numpy(), tx.grad.numpy(), grads)


def _conv_loops(layer: Conv2d, params: Params, x: Array, dy: Array) -> Passes:
    """What stands around x is put there first, by loops too."""
    weight, (stride, _, dilation), mode = params["weight"], layer.geometry, layer.padding_mode
    how = (stride, (0, 0), dilation, layer.groups)
    padded = reference.pad2d(x, layer.sides, mode)
    y = reference.conv2d(padded, weight, params.get("bias"), *how)
    dpadded, dweight, dbias = reference.conv2d_backward(padded, weight, dy, *how)
    dx = reference.pad2d_backward(x, dpadded, layer.sides, mode)
    return Passes(y, dx, {"weight": dweight, "bias": dbias} if layer.bias else {"weight": dweight})


def _linear_loops(layer: Linear, params: Params, x: Array, dy: Array) -> Passes:
    """The loops take rows: axes in between make more of them."""
    rows, drows = (array.reshape(-1, array.shape[-1]) for array in (x, dy))
    dx, dweight, dbias = reference.linear_backward(rows, params["weight"], drows)
    grads = {"weight": dweight, "bias": dbias} if layer.bias else {"weight": dweight}
    y = reference.linear(rows, params["weight"], params.get("bias"))
    return Passes(y.reshape(dy.shape), dx.reshape(x.shape), grads)


def _max_pool_loops(layer: MaxPool2d, params: Params, x: Array, dy: Array) -> Passes:
    y = reference.max_pool2d(x, *layer.geometry, layer.ceil_mode)
    return Passes(y, reference.max_pool2d_backward(x, dy, *layer.geometry), {})


def _avg_pool_loops(layer: AvgPool2d, params: Params, x: Array, dy: Array) -> Passes:
    kernel, stride, padding, _ = layer.geometry
    geometry = (kernel, stride, padding, layer.count_include_pad)
    y = reference.avg_pool2d(x, *geometry, layer.ceil_mode)
    return Passes(y, reference.avg_pool2d_backward(x, dy, *geometry), {})


def _relu_loops(layer: ReLU, params: Params, x: Array, dy: Array) -> Passes:
    return Passes(reference.relu(x), reference.relu_backward(x, dy), {})


LOOPS: dict[type, Callable[..., Passes]] = {
    Conv2d: _conv_loops,
    Linear: _linear_loops,
    MaxPool2d: _max_pool_loops,
    AvgPool2d: _avg_pool_loops,
    ReLU: _relu_loops,
}
