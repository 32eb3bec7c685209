"""For every layer of the engine: drawn arguments, an input that fits them, and a mode."""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from engine.layers import (
    CELU,
    ELU,
    GELU,
    SELU,
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    CircularPad2d,
    ConstantPad2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Dropout2d,
    Flatten,
    GroupNorm,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    Highway,
    Identity,
    InstanceNorm2d,
    LayerNorm,
    LeakyReLU,
    Linear,
    LocallyConnected2d,
    LocalResponseNorm,
    LogSoftmax,
    LPPool2d,
    Maxout,
    MaxPool2d,
    MaxUnpool2d,
    Mish,
    Parallel,
    PixelShuffle,
    PixelUnshuffle,
    PReLU,
    ReflectionPad2d,
    ReLU,
    ReLU6,
    ReplicationPad2d,
    Residual,
    RReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Softsign,
    StochasticPool2d,
    Tanh,
    Upsample,
    WeightNorm,
    ZeroPad2d,
)
from engine.trace import BackStep, Layers, Step
from engine.types import Layer, Shape
from tests.engine.cases import random_params, separated
from tests.engine.layers.test_layers2_maps import unshared
from tests.engine.layers.test_layers2_twins import transposed_convolutions
from tests.engine.strategies import avg_pools, convolutions, images, max_pools, pairs

Drawn = tuple[Layer, Shape]
Strategy = st.SearchStrategy[Drawn]
shares = st.floats(0.05, 2)
few = st.integers(1, 3)
shapes = st.lists(few, min_size=1, max_size=3).map(tuple)
maps = st.tuples(few, few, few)
epsilons = st.sampled_from([1e-5, 1e-3, 0.1])


@st.composite
def linears(draw: st.DrawFn) -> Drawn:
    layer = Linear(draw(few), draw(few), bias=draw(st.booleans()))
    return layer, (*draw(st.lists(few, max_size=2)), layer.in_features)


@st.composite
def softmaxes(draw: st.DrawFn, kind: type[Softmax] | type[LogSoftmax]) -> Drawn:
    shape = draw(shapes)
    axis = draw(st.integers(1, len(shape)))
    return kind(axis - len(shape) - 1 if draw(st.booleans()) else axis), shape


@st.composite
def prelus(draw: st.DrawFn) -> Drawn:
    shape = draw(shapes)
    return PReLU(draw(st.sampled_from([1, shape[0]]))), shape


@st.composite
def maxouts(draw: st.DrawFn) -> Drawn:
    shape, pieces = draw(shapes), draw(few)
    return Maxout(pieces), (shape[0] * pieces, *shape[1:])


@st.composite
def norm_pools(draw: st.DrawFn) -> Drawn:
    kernel, stride, ceil_mode = draw(pairs(1, 3)), draw(st.one_of(st.none(), pairs(1, 3))), draw(st.booleans())
    layer = LPPool2d(draw(st.sampled_from([1, 2, 2.5, 3])), kernel, stride, ceil_mode)
    over = [s - 1 if ceil_mode else 0 for s in layer.geometry[1]]
    return layer, (draw(few), *draw(images(kernel, (0, 0), (1, 1), (over[0], over[1]))))


@st.composite
def stochastic_pools(draw: st.DrawFn) -> Drawn:
    kernel = draw(pairs(1, 3))
    layer = StochasticPool2d(kernel, draw(st.one_of(st.none(), pairs(1, 3))))
    return layer, (draw(few), *draw(images(kernel, (0, 0), (1, 1))))


@st.composite
def flattenings(draw: st.DrawFn) -> Drawn:
    """The axes behind N, or some of them in the middle, counted from the start or from the end."""
    shape = draw(shapes)
    axes = len(shape) + 1
    start = draw(st.integers(1, axes - 1))
    end = draw(st.integers(start, axes - 1))
    from_the_end = draw(st.booleans())
    return Flatten(start - axes, end - axes) if from_the_end else Flatten(start, end), shape


@st.composite
def unpoolings(draw: st.DrawFn) -> Drawn:
    kernel, stride = draw(pairs(1, 3)), draw(st.one_of(st.none(), pairs(1, 3)))
    padding = draw(st.tuples(*(st.integers(0, k // 2) for k in kernel)))
    layer, image = MaxUnpool2d(kernel, stride, padding), draw(pairs(1, 3))
    least = [s * (m - 1) - 2 * p + k for m, k, s, p in zip(image, *layer.geometry, strict=True)]
    assume(min(least) >= 1)
    return layer, (draw(few), *image)


@st.composite
def pixel_shuffles(draw: st.DrawFn, kind: type[PixelShuffle] | type[PixelUnshuffle]) -> Drawn:
    r, c, (h, w) = draw(few), draw(st.integers(1, 2)), draw(pairs(1, 2))
    return kind(r), (c * r * r, h, w) if kind is PixelShuffle else (c, h * r, w * r)


@st.composite
def pads(draw: st.DrawFn, kind: type[Any], *value: float) -> Drawn:
    """Four sides, and a map that has enough to give to the largest."""
    left, right, top, bottom = sides = draw(st.tuples(*[st.integers(0, 2)] * 4))
    more = {"ReflectionPad2d": 1, "CircularPad2d": 0}.get(kind.__name__)
    least = (1, 1) if more is None else (max(1, top + more, bottom + more), max(1, left + more, right + more))
    return kind(sides, *value), (draw(few), *(side + draw(st.integers(0, 2)) for side in least))


def batch_norms(kind: type[BatchNorm1d] | type[BatchNorm2d], *affine: bool) -> Strategy:
    lengths = pairs(1, 3) if kind is BatchNorm2d else st.lists(few, max_size=1).map(tuple)
    momenta = st.sampled_from([None, 0.1])
    layers = st.builds(kind, few, epsilons, momenta, st.sampled_from(affine or (True, False)), st.booleans())
    return st.builds(lambda layer, size: (layer, (layer.num_features, *size)), layers, lengths)


@st.composite
def layer_norms(draw: st.DrawFn) -> Drawn:
    shape = draw(shapes)
    own = shape[-draw(st.integers(1, len(shape))) :]
    return LayerNorm(own, draw(epsilons), draw(st.booleans()), draw(st.booleans())), shape


@st.composite
def group_norms(draw: st.DrawFn) -> Drawn:
    """Some without height and width, but always with at least two numbers in a group."""
    groups, each, rest = draw(few), draw(few), draw(st.lists(few, max_size=2))
    if each * int(np.prod(rest)) == 1:
        rest = [*rest, 2]
    return GroupNorm(groups, groups * each, draw(epsilons), draw(st.booleans())), (groups * each, *rest)


instance_norms: Strategy = st.builds(
    lambda layer, size: (layer, (layer.num_features, *size)),
    st.builds(InstanceNorm2d, few, eps=epsilons, affine=st.booleans()),
    st.tuples(st.integers(2, 3), few),
)
response_norms: Strategy = st.tuples(
    st.builds(LocalResponseNorm, st.integers(1, 6), shares, shares, st.floats(0.5, 2)), shapes
)
on_their_own_size: Strategy = unshared().map(lambda layer: (layer, (layer.in_channels, *layer.input_size)))  # type: ignore[misc]
weight_norms: Strategy = st.one_of(
    linears(), convolutions(), transposed_convolutions(), on_their_own_size, prelus(), batch_norms(BatchNorm2d, True)
).map(lambda drawn: (WeightNorm(drawn[0]), drawn[1]))


def rows(channels: int) -> st.SearchStrategy[Layers]:
    """One to three layers that keep (channels, H, W), with and without parameters, norms and chance."""
    kinds = st.sampled_from(
        [
            Conv2d(channels, channels, 3, padding=1),
            Conv2d(channels, channels, 1, bias=False),
            BatchNorm2d(channels),
            WeightNorm(Conv2d(channels, channels, 1)),
            PReLU(channels),
            Tanh(),
            Dropout(0.3),
            Residual((("inner", Conv2d(channels, channels, 1)),)),
        ]
    )
    return st.lists(kinds, min_size=1, max_size=3).map(
        lambda row: tuple((f"l{i}", layer) for i, layer in enumerate(row))
    )


@st.composite
def blocks(draw: st.DrawFn, kind: type[Residual] | type[Highway] | type[Parallel]) -> Drawn:
    shape = (draw(st.integers(1, 2)), draw(st.integers(1, 3)), draw(st.integers(2, 3)))
    row = rows(shape[0])
    if kind is Residual:
        return Residual(draw(row), draw(st.one_of(st.just(()), row))), shape
    if kind is Highway:
        return Highway(draw(row), (*draw(row), ("open", Sigmoid()))), shape
    wide = (("wide", Conv2d(shape[0], shape[0] + 1, 1)),)
    branches = draw(st.lists(st.one_of(st.just(()), st.just(wide), row), min_size=1, max_size=3))
    return Parallel(tuple((f"b{i}", branch) for i, branch in enumerate(branches))), shape


ways = st.sampled_from(["nearest", "bilinear"])
upsamplings = st.one_of(
    st.builds(Upsample, scale_factor=pairs(1, 3), mode=ways), st.builds(Upsample, size=pairs(1, 5), mode=ways)
)


def any_shape(layers: st.SearchStrategy[Any]) -> Strategy:
    return st.tuples(layers, shapes)


LAYERS: dict[type, Strategy] = {
    Flatten: flattenings(),
    Identity: any_shape(st.just(Identity())),
    ReLU: any_shape(st.just(ReLU())),
    LeakyReLU: any_shape(st.builds(LeakyReLU, shares)),
    Sigmoid: any_shape(st.just(Sigmoid())),
    Tanh: any_shape(st.just(Tanh())),
    Softplus: any_shape(st.builds(Softplus, shares)),
    ELU: any_shape(st.builds(ELU, shares)),
    SiLU: any_shape(st.just(SiLU())),
    GELU: any_shape(st.builds(GELU, st.sampled_from(["none", "tanh"]))),
    Mish: any_shape(st.just(Mish())),
    Softsign: any_shape(st.just(Softsign())),
    SELU: any_shape(st.just(SELU())),
    CELU: any_shape(st.builds(CELU, shares)),
    Hardtanh: any_shape(st.builds(Hardtanh, st.floats(-0.9, -0.1), st.floats(0.1, 0.9))),
    ReLU6: any_shape(st.just(ReLU6())),
    Hardsigmoid: any_shape(st.just(Hardsigmoid())),
    Hardswish: any_shape(st.just(Hardswish())),
    PReLU: prelus(),
    RReLU: any_shape(st.tuples(shares, shares).map(sorted).map(lambda bounds: RReLU(*bounds))),
    Maxout: maxouts(),
    Softmax: softmaxes(Softmax),
    LogSoftmax: softmaxes(LogSoftmax),
    Dropout: any_shape(st.builds(Dropout, st.floats(0, 1))),
    Dropout2d: st.tuples(st.builds(Dropout2d, st.floats(0, 1)), maps),
    Linear: linears(),
    Conv2d: convolutions(),
    ConvTranspose2d: transposed_convolutions(),
    LocallyConnected2d: on_their_own_size,
    MaxPool2d: max_pools(),
    AvgPool2d: avg_pools(),
    LPPool2d: norm_pools(),
    StochasticPool2d: stochastic_pools(),
    AdaptiveAvgPool2d: st.tuples(st.builds(AdaptiveAvgPool2d, pairs(1, 4)), st.tuples(few, *[st.integers(1, 5)] * 2)),
    AdaptiveMaxPool2d: st.tuples(st.builds(AdaptiveMaxPool2d, pairs(1, 4)), st.tuples(few, *[st.integers(1, 5)] * 2)),
    Upsample: st.tuples(upsamplings, maps),
    MaxUnpool2d: unpoolings(),
    PixelShuffle: pixel_shuffles(PixelShuffle),
    PixelUnshuffle: pixel_shuffles(PixelUnshuffle),
    ZeroPad2d: pads(ZeroPad2d),
    ConstantPad2d: pads(ConstantPad2d, -1.5),
    ReflectionPad2d: pads(ReflectionPad2d),
    ReplicationPad2d: pads(ReplicationPad2d),
    CircularPad2d: pads(CircularPad2d),
    BatchNorm1d: batch_norms(BatchNorm1d),
    BatchNorm2d: batch_norms(BatchNorm2d),
    LayerNorm: layer_norms(),
    GroupNorm: group_norms(),
    InstanceNorm2d: instance_norms,
    LocalResponseNorm: response_norms,
    WeightNorm: weight_norms,
    Residual: blocks(Residual),
    Highway: blocks(Highway),
    Parallel: blocks(Parallel),
}


@dataclass(frozen=True)
class Mode:
    """How a drawn layer is run."""

    batch: int
    train: bool
    seed: int


modes = st.builds(Mode, st.integers(2, 3), st.booleans(), st.integers(0, 2**32 - 1))


def one_step(layer: Layer, shape: Shape, mode: Mode, dtype: Any = np.float64) -> tuple[Step, BackStep]:
    """Both passes of a layer on its own, all arrays in general position (running variances above 0)."""
    rng = np.random.default_rng(mode.seed)
    params = random_params(layer, rng, dtype)
    for name, value in params.items():
        if name.endswith("running_var"):
            params[name] = np.abs(value) + dtype(0.5)
        if name.endswith("num_batches_tracked"):
            params[name] = np.array(3)
    x = separated(rng, (mode.batch, *shape), dtype)
    if isinstance(layer, MaxUnpool2d):
        # Any places, some of them twice.
        places = rng.integers(0, prod(layer.output_shape(shape)[1:]), x.shape)
        y, cache = layer.forward(params, x, indices=places)
    else:
        y, cache = layer.forward(params, x, train=mode.train, rng=rng)
    dy = rng.standard_normal(y.shape).astype(dtype)
    dx, grads = layer.backward(params, cache, dy)
    return Step("layer", layer, params, x, y, cache), BackStep("layer", dy, dx, grads)
