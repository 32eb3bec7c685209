"""The second storey's layers against PyTorch's, under drawn arguments, shapes and inputs."""

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from math import prod

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.layers.activation import ELU, LeakyReLU, Sigmoid, Softplus, Softsign, Tanh
from engine.layers.activation_across import LogSoftmax, Softmax
from engine.layers.activation_elu import CELU, SELU
from engine.layers.activation_hard import Hardsigmoid, Hardswish, Hardtanh, ReLU6
from engine.layers.activation_learned import PReLU, RReLU
from engine.layers.activation_smooth import GELU, Mish, SiLU
from engine.layers.conv_variants import ConvTranspose2d, LocallyConnected2d
from engine.layers.local_response import LocalResponseNorm
from engine.layers.norm import BatchNorm, BatchNorm1d, BatchNorm2d
from engine.layers.norm_example import GroupNorm, InstanceNorm2d, LayerNorm
from engine.layers.padding import (
    CircularPad2d,
    ConstantPad2d,
    ReflectionPad2d,
    ReplicationPad2d,
    Sides,
    ZeroPad2d,
)
from engine.layers.pixel_shuffle import PixelShuffle, PixelUnshuffle
from engine.layers.pool import MaxPool2d
from engine.layers.pool_variants import AdaptiveAvgPool2d, AdaptiveMaxPool2d, LPPool2d
from engine.layers.resample import Upsample
from engine.layers.shape import Flatten, Identity
from engine.types import Layer, Pair, Shape
from tests.engine.cases import Passes, engine_passes, random_params, relative_error
from tests.engine.cases_layers2 import Held, torch_twin, torch_twin_passes
from tests.engine.strategies import images, max_pools, pairs

Drawn = tuple[Layer, Shape]
batches = st.integers(1, 3)
seeds = st.integers(0, 2**32 - 1)
shares = st.floats(0.05, 2)


def agree_with_pytorch(layer: Layer, shape: Shape, batch: int, seed: int, spread: float = 1.0) -> None:
    """Forward, input gradient and parameter gradients, in float64 and float32, on normal numbers."""
    rng = np.random.default_rng(seed)
    x = rng.normal(0, spread, (batch, *shape))
    # Errors are measured by the largest number: far out on the left alone, where 1 + erf(x) is all but 0, by nothing.
    x.flat[0] = 1
    params = random_params(layer, rng)
    dy = rng.standard_normal((batch, *layer.output_shape(shape)))
    for dtype, tolerance in ((np.float64, 1e-10), (np.float32, 1e-4)):
        held = {name: value.astype(dtype) for name, value in params.items()}
        arguments = layer, held, x.astype(dtype), dy.astype(dtype)
        assert engine_passes(*arguments).worst_error(torch_twin_passes(*arguments)) <= tolerance


shapes = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)
elementwise = st.one_of(
    st.builds(LeakyReLU, shares),
    st.just(Sigmoid()),
    st.just(Tanh()),
    st.builds(Softplus, shares),
    st.builds(ELU, shares),
    st.just(SiLU()),
    st.builds(GELU, st.sampled_from(["none", "tanh"])),
    st.builds(CELU, shares),
    st.builds(Hardtanh, st.floats(-3, -0.1), st.floats(0, 3)),
    st.sampled_from([Mish(), Softsign(), SELU(), ReLU6(), Hardsigmoid(), Hardswish(), Identity()]),
    st.tuples(shares, shares).map(sorted).map(lambda bounds: RReLU(*bounds)),
    st.just(PReLU()),
)


@given(elementwise, shapes, batches, seeds, st.sampled_from([0.1, 1, 3]))
def test_any_elementwise_activation(layer: Layer, shape: Shape, batch: int, seed: int, spread: float) -> None:
    agree_with_pytorch(layer, shape, batch, seed, spread)


@given(shapes, batches, seeds)
def test_any_slopes_of_prelu(shape: Shape, batch: int, seed: int) -> None:
    agree_with_pytorch(PReLU(shape[0]), shape, batch, seed)


@given(st.sampled_from([Softmax, LogSoftmax]), shapes, st.integers(1, 3), st.booleans(), batches, seeds)
def test_any_axis_of_softmax(
    kind: type[Softmax | LogSoftmax], shape: Shape, axis: int, from_the_end: bool, batch: int, seed: int
) -> None:
    axis = min(axis, len(shape))
    agree_with_pytorch(kind(-axis if from_the_end else axis), shape, batch, seed, spread=3)


@st.composite
def transposed_convolutions(draw: st.DrawFn) -> Drawn:
    groups = draw(st.integers(1, 3))
    kernel, stride, dilation = draw(pairs(1, 3)), draw(pairs(1, 3)), draw(pairs(1, 3))
    extra = draw(st.tuples(*(st.integers(0, max(s, d) - 1) for s, d in zip(stride, dilation, strict=True))))
    image = draw(pairs(1, 4))
    full = [(m - 1) * s + d * (k - 1) + 1 for m, s, d, k in zip(image, stride, dilation, kernel, strict=True)]
    padding = draw(st.tuples(*(st.integers(0, min(3, (size - 1) // 2)) for size in full)))
    channels = groups * draw(st.integers(1, 2)), groups * draw(st.integers(1, 2))
    layer = ConvTranspose2d(*channels, kernel, stride, padding, extra, groups, draw(st.booleans()), dilation)
    return layer, (channels[0], *image)


@given(transposed_convolutions(), batches, seeds)
def test_any_transposed_convolution(drawn: Drawn, batch: int, seed: int) -> None:
    agree_with_pytorch(*drawn, batch, seed)


@st.composite
def norm_pools(draw: st.DrawFn) -> Drawn:
    kernel, stride, ceil_mode = draw(pairs(1, 4)), draw(st.one_of(st.none(), pairs(1, 3))), draw(st.booleans())
    layer = LPPool2d(draw(st.sampled_from([2, 4])), kernel, stride, ceil_mode)
    over = [s - 1 if ceil_mode else 0 for s in layer.geometry[1]]
    return layer, (draw(st.integers(1, 2)), *draw(images(kernel, (0, 0), (1, 1), (over[0], over[1]))))


@given(norm_pools(), batches, seeds)
def test_any_even_norm_pooling(drawn: Drawn, batch: int, seed: int) -> None:
    agree_with_pytorch(*drawn, batch, seed)


@given(st.sampled_from([AdaptiveAvgPool2d, AdaptiveMaxPool2d]), pairs(1, 5), pairs(1, 7), batches, seeds)
def test_any_adaptive_pooling(
    kind: type[AdaptiveAvgPool2d | AdaptiveMaxPool2d],
    out: tuple[int, int],
    image: tuple[int, int],
    batch: int,
    seed: int,
) -> None:
    agree_with_pytorch(kind(out), (2, *image), batch, seed)


@given(pairs(1, 4), st.sampled_from(["nearest", "bilinear"]), pairs(1, 5), batches, seeds)
def test_any_upsampling(scale: tuple[int, int], mode: str, image: tuple[int, int], batch: int, seed: int) -> None:
    agree_with_pytorch(Upsample(scale_factor=scale, mode=mode), (2, *image), batch, seed)  # type: ignore[arg-type]


@given(
    st.sampled_from([ZeroPad2d, ReflectionPad2d, ReplicationPad2d, CircularPad2d, partial(ConstantPad2d, value=0.75)]),
    st.tuples(*[st.integers(0, 3)] * 4),
    pairs(4, 6),
    batches,
    seeds,
)
def test_any_padding(
    pad: Callable[[Sides], Layer], sides: Sides, image: tuple[int, int], batch: int, seed: int
) -> None:
    agree_with_pytorch(pad(sides), (2, *image), batch, seed)


@given(pairs(1, 9), st.sampled_from(["nearest", "bilinear"]), pairs(1, 6), batches, seeds)
def test_any_size_larger_or_smaller(
    size: tuple[int, int], mode: str, image: tuple[int, int], batch: int, seed: int
) -> None:
    agree_with_pytorch(Upsample(size=size, mode=mode), (2, *image), batch, seed)  # type: ignore[arg-type]


@given(st.integers(1, 3), pairs(1, 2), pairs(1, 3), batches, seeds)
def test_pixels_of_channels_and_back(r: int, channels: tuple[int, int], image: Pair, batch: int, seed: int) -> None:
    shuffled = (channels[0], image[0] * r, image[1] * r)
    agree_with_pytorch(PixelUnshuffle(r), shuffled, batch, seed)
    agree_with_pytorch(PixelShuffle(r), PixelUnshuffle(r).output_shape(shuffled), batch, seed)


@given(st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple), st.data(), batches, seeds)
def test_any_axes_flattened(shape: Shape, data: st.DataObject, batch: int, seed: int) -> None:
    start = data.draw(st.integers(1, len(shape)))
    end = data.draw(st.integers(start, len(shape)))
    agree_with_pytorch(Flatten(start, end), shape, batch, seed)
    agree_with_pytorch(Flatten(start - len(shape) - 1, end - len(shape) - 1), shape, batch, seed)


@given(max_pools(), batches, seeds)
def test_the_places_of_any_maxima_are_pytorchs(drawn: tuple[MaxPool2d, Shape], batch: int, seed: int) -> None:
    layer, shape = drawn
    x = np.random.default_rng(seed).standard_normal((batch, *shape))
    arguments = {field.name: getattr(layer, field.name) for field in fields(layer)}
    _, expected = torch.nn.MaxPool2d(**arguments, return_indices=True)(torch.from_numpy(x))
    _, cache = layer.forward({}, x)
    assert np.array_equal(layer.indices(cache), expected.numpy())


epsilons = st.sampled_from([1e-5, 1e-3, 0.1])


@st.composite
def example_norms(draw: st.DrawFn) -> Drawn:
    """Layer, group and instance norm over at least four numbers: fewer, close together, leave float32 no digits."""
    h, w = draw(st.tuples(st.integers(2, 4), st.integers(2, 4)))
    groups, each = draw(pairs(1, 3))
    channels, eps, affine = groups * each, draw(epsilons), draw(st.booleans())
    shape = (channels, h, w)
    normalised = shape[-draw(st.integers(2, 3)) :]
    layer: Layer = draw(
        st.sampled_from(
            [
                LayerNorm(normalised, eps, affine, draw(st.booleans())),
                GroupNorm(groups, channels, eps, affine),
                InstanceNorm2d(channels, eps, affine=affine),
            ]
        )
    )
    return layer, shape


@given(example_norms(), batches, seeds)
def test_any_normalisation_within_an_example(drawn: Drawn, batch: int, seed: int) -> None:
    agree_with_pytorch(*drawn, batch, seed)


@given(st.integers(1, 7), st.integers(1, 6), shares, shares, st.floats(0.5, 2), batches, seeds)
def test_any_local_response_normalisation(
    size: int, channels: int, alpha: float, beta: float, k: float, batch: int, seed: int
) -> None:
    agree_with_pytorch(LocalResponseNorm(size, alpha, beta, k), (channels, 2, 2), batch, seed)


@st.composite
def batch_norms(draw: st.DrawFn) -> tuple[BatchNorm, Shape]:
    channels, arguments = draw(st.integers(1, 3)), (draw(epsilons), draw(st.sampled_from([None, 0.1, 0.5])))
    affine, tracking = draw(st.booleans()), draw(st.booleans())
    if draw(st.booleans()):
        return BatchNorm2d(channels, *arguments, affine, tracking), (channels, *draw(pairs(1, 3)))
    lengths = draw(st.lists(st.integers(1, 3), max_size=1))
    return BatchNorm1d(channels, *arguments, affine, tracking), (channels, *lengths)


@given(batch_norms(), st.booleans(), st.integers(4, 6), seeds)
def test_any_batch_norm(drawn: tuple[BatchNorm, Shape], train: bool, batch: int, seed: int) -> None:
    agree_with_pytorch(Held(drawn[0], train), drawn[1], batch, seed)


@given(batch_norms(), seeds)
def test_running_statistics_after_several_batches(drawn: tuple[BatchNorm, Shape], seed: int) -> None:
    layer, shape = drawn
    rng = np.random.default_rng(seed)
    params = layer.init(rng, dtype=np.float64)
    twin = torch_twin(layer).double().train()
    for count in (4, 2, 7):
        x = rng.normal(2, 3, (count, *shape))
        _, cache = layer.forward(params, x, train=True)
        assert set(params) & set(cache) == (set(layer.buffers) if layer.track_running_stats else set())
        params = {name: cache.get(name, value) for name, value in params.items()}
        twin(torch.from_numpy(x))
    expected = twin.state_dict()
    assert params.keys() == expected.keys()
    for name, value in params.items():
        assert relative_error(np.asarray(value), expected[name].numpy()) <= 1e-12, name
    if layer.track_running_stats:
        assert params["num_batches_tracked"] == 3
        assert params["num_batches_tracked"].dtype == np.int64
        assert prod(params["running_mean"].shape) == layer.num_features


@given(st.integers(0, 2), st.integers(1, 2), batches, seeds)
def test_an_unshared_convolution_is_pytorchs_patches_times_each_places_kernel(
    padding: int, stride: int, batch: int, seed: int
) -> None:
    layer = LocallyConnected2d(2, 3, (5, 4), (3, 2), stride, padding)
    rng, shape = np.random.default_rng(seed), layer.weight_shape
    x, dy = rng.standard_normal((batch, 2, 5, 4)), rng.standard_normal((batch, *shape[:3]))
    params = random_params(layer, rng)
    theirs = {name: torch.tensor(value, requires_grad=True) for name, value in {"x": x, **params}.items()}
    patches = torch.nn.functional.unfold(theirs["x"], (3, 2), stride=stride, padding=padding)
    kernels = theirs["weight"].reshape(3, prod(shape[1:3]), -1)
    y = torch.einsum("ncl,klc->nkl", patches, kernels).reshape(dy.shape) + theirs["bias"]
    y.backward(torch.tensor(dy))
    grads = {name: theirs[name].grad.numpy() for name in params}
    expected = Passes(y.detach().numpy(), theirs["x"].grad.numpy(), grads)
    assert engine_passes(layer, params, x, dy).worst_error(expected) <= 1e-12
