"""The second storey's layers as the contract sees them, and their twins in PyTorch.

Some layers do more in training than the harness asks for: they draw, or they count along. ``Held`` makes an ordinary
layer of such a one, by holding on to what is drawn and what is counted.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from engine.initializers import HeNormal
from engine.layers.activation import ELU, LeakyReLU, Sigmoid, Softplus, Softsign, Tanh
from engine.layers.activation_across import LogSoftmax, Maxout, Softmax
from engine.layers.activation_elu import CELU, SELU
from engine.layers.activation_hard import Hardsigmoid, Hardswish, Hardtanh, ReLU6
from engine.layers.activation_learned import PReLU, RReLU
from engine.layers.activation_smooth import GELU, Mish, SiLU
from engine.layers.conv import Conv2d
from engine.layers.conv_variants import ConvTranspose2d, LocallyConnected2d
from engine.layers.dropout import Dropout, Dropout2d
from engine.layers.linear import Linear
from engine.layers.local_response import LocalResponseNorm
from engine.layers.norm import BatchNorm1d, BatchNorm2d
from engine.layers.norm_example import GroupNorm, InstanceNorm2d, LayerNorm
from engine.layers.padding import CircularPad2d, ConstantPad2d, ReflectionPad2d, ReplicationPad2d, ZeroPad2d
from engine.layers.pixel_shuffle import PixelShuffle, PixelUnshuffle
from engine.layers.pool import MaxPool2d
from engine.layers.pool_variants import AdaptiveAvgPool2d, AdaptiveMaxPool2d, LPPool2d, StochasticPool2d
from engine.layers.resample import Upsample
from engine.layers.unpool import MaxUnpool2d
from engine.layers.weight_norm import WeightNorm
from engine.types import Array, Cache, Initializer, Layer, Params, Shape
from tests.engine.cases import Case, Passes

SEED = 11


@dataclass(frozen=True)
class Held:
    """A layer in one mode, drawing the same numbers every time, with its buffers as part of the spec."""

    layer: Layer
    train: bool = True

    @property
    def buffers(self) -> Params:
        """Running statistics in general position."""
        names = getattr(self.layer, "buffers", ())
        rng = np.random.default_rng(SEED)
        fresh = self.layer.init(rng, dtype=np.float64)
        return {
            name: rng.uniform(0.5, 1.5, value.shape) if value.dtype == np.float64 else value + 3
            for name, value in fresh.items()
            if name in names
        }

    def held(self, params: Params, dtype: npt.DTypeLike) -> Params:
        """The parameters with the buffers, in one dtype (counts stay counts)."""
        buffers = {name: v.astype(dtype) if v.dtype == np.float64 else v for name, v in self.buffers.items()}
        return {**params, **buffers}

    def init(
        self, rng: np.random.Generator, initializer: Initializer = HeNormal(), dtype: npt.DTypeLike = np.float32
    ) -> Params:
        fresh = self.layer.init(rng, initializer, dtype)
        return {name: value for name, value in fresh.items() if name not in self.buffers}

    def output_shape(self, shape: Shape) -> Shape:
        return self.layer.output_shape(shape)

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        drawn = np.random.default_rng(SEED)
        y, cache = self.layer.forward(self.held(params, x.dtype), x, train=self.train, rng=drawn)
        return y, {name: value for name, value in cache.items() if name not in self.buffers}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        return self.layer.backward(self.held(params, dy.dtype), cache, dy)


@dataclass(frozen=True)
class Placed:
    """Unpooling as an ordinary layer: it is told the places of a max pooling, the same ones for every example."""

    layer: MaxUnpool2d

    def indices(self, shape: Shape) -> Array:
        """The winners' places in drawn pictures; shape (N, C, H, W) is that of what is put back."""
        picture = np.random.default_rng(SEED).random((1, *self.layer.output_shape(shape[1:])))
        pool = MaxPool2d(*self.layer.geometry)
        return np.broadcast_to(pool.indices(pool.forward({}, picture)[1]), shape)

    def init(
        self, rng: np.random.Generator, initializer: Initializer = HeNormal(), dtype: npt.DTypeLike = np.float32
    ) -> Params:
        return self.layer.init(rng, initializer, dtype)

    def output_shape(self, shape: Shape) -> Shape:
        return self.layer.output_shape(shape)

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        return self.layer.forward(params, x, indices=self.indices(x.shape))

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        return self.layer.backward(params, cache, dy)


class TorchPlaced(torch.nn.Module):
    """PyTorch's unpooling, told the same places."""

    def __init__(self, placed: Placed) -> None:
        super().__init__()
        self.placed = placed
        self.twin = torch.nn.MaxUnpool2d(*placed.layer.geometry)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.twin(x, torch.from_numpy(self.placed.indices(tuple(x.shape)).copy()))
        return y


PLAIN = (
    Case(LeakyReLU(0.2), (2, 3, 4)),
    Case(Sigmoid(), (2, 3, 4)),
    Case(Tanh(), (5,)),
    Case(Softplus(), (2, 3)),
    Case(Softplus(beta=3.5), (2, 3, 4)),
    Case(ELU(), (2, 3, 4)),
    Case(ELU(alpha=0.4), (5,)),
    Case(SiLU(), (2, 3, 4)),
    Case(GELU(), (2, 3, 4)),
    Case(GELU(approximate="tanh"), (2, 3, 4)),
    Case(Mish(), (2, 3, 4)),
    Case(Softsign(), (2, 3, 4)),
    Case(SELU(), (2, 3, 4)),
    Case(CELU(), (5,)),
    Case(CELU(alpha=0.4), (2, 3, 4)),
    Case(Hardtanh(), (2, 3)),
    Case(Hardtanh(-0.5, 0.25), (2, 3, 4)),
    Case(ReLU6(), (2, 3, 4)),
    Case(Hardsigmoid(), (2, 3, 4)),
    Case(Hardswish(), (2, 3, 4)),
    Case(LogSoftmax(), (5,)),
    Case(LogSoftmax(dim=-1), (3, 2, 4)),
    Case(LogSoftmax(dim=2), (3, 2, 4)),
    Case(Softmax(), (5,)),
    Case(Softmax(dim=1), (3, 2, 4)),
    Case(Softmax(dim=-1), (3, 2, 4)),
    Case(PReLU(), (2, 3, 4)),
    Case(PReLU(3), (3, 2, 4)),
    Case(PReLU(3), (3,)),
    Case(RReLU(), (2, 3, 4)),
    Case(Dropout(0.3), (2, 3, 4)),
    Case(Dropout2d(), (2, 3, 4)),
    Case(LayerNorm(5), (5,)),
    Case(LayerNorm((3, 4), bias=False), (2, 3, 4)),
    Case(LayerNorm((2, 3, 4), elementwise_affine=False), (2, 3, 4)),
    Case(GroupNorm(2, 4), (4, 3, 2)),
    Case(GroupNorm(1, 4), (4,)),
    Case(GroupNorm(3, 3, affine=False), (3, 2, 2)),
    Case(InstanceNorm2d(3), (3, 2, 4)),
    Case(InstanceNorm2d(2, affine=True), (2, 3, 3)),
    Case(LocalResponseNorm(3, alpha=0.7), (5, 2, 3)),
    Case(LocalResponseNorm(4, alpha=0.7, beta=0.5, k=2.0), (6, 2)),
    Case(LocalResponseNorm(9, alpha=0.7), (3, 2, 2)),
    Case(LPPool2d(2, 2), (2, 4, 6)),
    Case(LPPool2d(4, (3, 2), stride=(1, 2)), (2, 5, 5)),
    Case(LPPool2d(2, 3, stride=2, ceil_mode=True), (2, 4, 6)),
    Case(AdaptiveAvgPool2d(1), (3, 4, 5)),
    Case(AdaptiveAvgPool2d((3, 2)), (2, 5, 6)),
    Case(AdaptiveAvgPool2d(3), (1, 2, 3)),
    Case(Upsample(scale_factor=2), (2, 3, 2)),
    Case(Upsample(scale_factor=(1, 3)), (1, 2, 2)),
    Case(Upsample(scale_factor=2, mode="bilinear"), (2, 3, 2)),
    Case(Upsample(scale_factor=(3, 2), mode="bilinear"), (1, 1, 3)),
    Case(Upsample(size=(5, 7)), (2, 3, 4)),
    Case(Upsample(size=(5, 4), mode="bilinear"), (2, 3, 2)),
    Case(Upsample(size=(2, 1), mode="bilinear"), (1, 4, 3)),
    Case(AdaptiveMaxPool2d(1), (3, 4, 5)),
    Case(AdaptiveMaxPool2d((3, 2)), (2, 5, 6)),
    Case(AdaptiveMaxPool2d(3), (1, 2, 3)),
    Case(PixelShuffle(2), (8, 2, 3)),
    Case(PixelShuffle(1), (2, 2, 3)),
    Case(PixelUnshuffle(2), (2, 4, 6)),
    Case(PixelUnshuffle(3), (1, 3, 6)),
    Case(ZeroPad2d((1, 0, 0, 2)), (2, 2, 3)),
    Case(ConstantPad2d(1, -0.5), (2, 2, 3)),
    Case(ReflectionPad2d((2, 1, 0, 1)), (2, 2, 3)),
    Case(ReflectionPad2d(0), (1, 1, 2)),
    Case(ReplicationPad2d((0, 3, 2, 1)), (2, 1, 2)),
    Case(CircularPad2d((3, 1, 2, 0)), (2, 2, 3)),
    Case(ConvTranspose2d(2, 3, 3), (2, 3, 4)),
    Case(ConvTranspose2d(1, 1, 1, bias=False), (1, 1, 1)),
    Case(ConvTranspose2d(2, 1, (3, 2), stride=2, padding=1, output_padding=1), (2, 3, 4)),
    Case(ConvTranspose2d(4, 2, 3, stride=(1, 2), padding=(0, 1), groups=2, dilation=2), (4, 2, 3)),
    Case(ConvTranspose2d(2, 2, 2, stride=1, padding=2, output_padding=2, dilation=3), (2, 3, 4)),
)
"""Layers that PyTorch has, with one mode, or in the mode that tests use."""

WITHOUT_TWIN = (
    Case(Maxout(2), (4, 3)),
    Case(Maxout(3), (6,)),
    Case(Maxout(1), (2, 2, 2)),
    Case(LPPool2d(3, 2), (2, 4, 4)),
    Case(LPPool2d(1, 3, stride=1), (1, 4, 4)),
    Case(LPPool2d(2.5, 2), (1, 5, 4)),
    Case(StochasticPool2d(2), (2, 4, 5)),
    Case(StochasticPool2d((3, 2), stride=1), (2, 4, 4)),
    Case(LocallyConnected2d(2, 3, 5, 3), (2, 5, 5)),
    Case(LocallyConnected2d(1, 2, (4, 5), (2, 3), stride=(1, 2), padding=1), (1, 4, 5)),
    Case(LocallyConnected2d(2, 1, 3, 3, bias=False), (2, 3, 3)),
    Case(WeightNorm(Linear(4, 3)), (4,)),
    Case(WeightNorm(Conv2d(2, 4, 3, padding=1, groups=2, bias=False)), (2, 4, 3)),
)
"""Layers that PyTorch hasn't, or understands otherwise."""

HELD = (
    Case(Held(RReLU()), (2, 3, 4)),
    Case(Held(Dropout()), (2, 3, 4)),
    Case(Held(Dropout(0.0)), (5,)),
    Case(Held(Dropout2d(0.4)), (5, 2, 2)),
    Case(Held(StochasticPool2d(2)), (2, 4, 4)),
    Case(Held(StochasticPool2d(3, stride=2)), (1, 5, 5)),
)
"""Layers that draw in training. The draw is the batch's: an example alone would draw other numbers."""

UNPOOLED = (
    Case(Placed(MaxUnpool2d(2)), (2, 2, 3)),
    Case(Placed(MaxUnpool2d((1, 2), stride=(2, 3))), (1, 3, 2)),
    Case(Placed(MaxUnpool2d(3, stride=3, padding=1)), (2, 2, 2)),
)
"""Unpooling has to be told the places."""

BATCH_NORMS = (
    # Two numbers minus their mean, over their spread, are ±1 whatever they are: dx is all but 0 unless eps is large.
    Case(Held(BatchNorm1d(3, eps=0.5)), (3,)),
    Case(Held(BatchNorm1d(3, affine=False)), (3, 4)),
    Case(Held(BatchNorm2d(2)), (2, 3, 3)),
    Case(Held(BatchNorm2d(2, momentum=None, eps=0.1)), (2, 1, 2)),
    Case(Held(BatchNorm2d(2, track_running_stats=False), train=False), (2, 2, 3)),
)
"""Batch norm by the batch's own statistics: the one layer through which examples see each other."""

BATCH_NORMS_IN_TESTING = (
    Case(Held(BatchNorm1d(3), train=False), (3,)),
    Case(Held(BatchNorm1d(3), train=False), (3, 4)),
    Case(Held(BatchNorm2d(2, affine=False), train=False), (2, 3, 3)),
)


class InDouble(torch.nn.Module):
    """PyTorch has 1/alpha and 1/6 in single precision; its other functions give the same, to the last digits."""

    def __init__(self, layer: CELU | Hardsigmoid) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if isinstance(self.layer, CELU):
            return self.layer.alpha * torch.nn.functional.elu(x / self.layer.alpha)
        return torch.nn.functional.relu6(x + 3) / 6


def torch_twin(layer: Layer) -> torch.nn.Module:
    """PyTorch's layer of the same name and arguments, in testing mode unless the layer is held in training."""
    train = False
    if isinstance(layer, Held):
        layer, train = layer.layer, layer.train
    arguments: dict[str, Any] = {field.name: getattr(layer, field.name) for field in fields(layer)}  # type: ignore[arg-type]
    if isinstance(layer, PReLU):
        arguments["init"] = arguments.pop("start")
    if isinstance(layer, Placed):
        return TorchPlaced(layer)
    if isinstance(layer, CELU | Hardsigmoid):
        return InDouble(layer)
    if isinstance(layer, Softplus):
        arguments["threshold"] = 60  # PyTorch's own 20 gives up the last six digits of a float64 to stay finite.
    module: torch.nn.Module = getattr(torch.nn, type(layer).__name__)(**arguments)
    return module.train(train)


def torch_twin_passes(layer: Layer, params: Params, x: Array, dy: Array) -> Passes:
    """Both passes of the twin, with the very same parameters and buffers."""
    module = torch_twin(layer).to(torch.from_numpy(x[:0].copy()).dtype)
    state = layer.held(params, x.dtype) if isinstance(layer, Held) else params
    module.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in state.items()})
    tx = torch.from_numpy(x.copy()).requires_grad_()
    ty = module(tx)
    ty.backward(torch.from_numpy(dy.copy()))
    assert tx.grad is not None
    grads = {name: value.grad.numpy() for name, value in module.named_parameters() if value.grad is not None}
    return Passes(ty.detach().numpy(), tx.grad.numpy(), grads)


def released(case: Case) -> Layer:
    """The layer itself."""
    return case.layer.layer if isinstance(case.layer, Held | Placed) else case.layer
