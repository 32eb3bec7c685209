"""What each kind of layer costs for one example, from its spec and the shape of its input."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from math import ceil, prod

import numpy as np

from engine.analysis.count import Cost, Count, Term
from engine.layers.activation import Elementwise, ReLU
from engine.layers.activation_across import LogSoftmax, Maxout, Softmax
from engine.layers.activation_learned import PReLU
from engine.layers.blocks import Highway, Parallel, Residual
from engine.layers.conv import Conv2d
from engine.layers.conv_variants import ConvTranspose2d, LocallyConnected2d
from engine.layers.dropout import Dropout, Dropout2d
from engine.layers.linear import Linear
from engine.layers.local_response import LocalResponseNorm
from engine.layers.norm import BatchNorm
from engine.layers.norm_example import GroupNorm, InstanceNorm2d, LayerNorm
from engine.layers.padding import Pad2d
from engine.layers.pixel_shuffle import PixelShuffle, PixelUnshuffle
from engine.layers.pool import AvgPool2d, MaxPool2d
from engine.layers.pool_variants import AdaptiveAvgPool2d, AdaptiveMaxPool2d, LPPool2d, StochasticPool2d
from engine.layers.resample import Upsample
from engine.layers.shape import Flatten, Identity
from engine.layers.unpool import MaxUnpool2d
from engine.layers.weight_norm import WeightNorm
from engine.types import Layer, Shape, pair

Factors = tuple[tuple[str, int], ...]


@singledispatch
def layer_cost(layer: Layer, shape: Shape) -> Cost:
    """What a layer costs on one example of ``shape`` (without N). Other kinds of layers join by ``.register``.

    Raises TypeError for a kind of layer whose costs nobody wrote down.
    """
    raise TypeError(
        f"Nobody wrote down what {type(layer).__name__} costs. A function registered with @layer_cost.register "
        f"that takes ({type(layer).__name__}, shape) and returns a Cost would do it."
    )


@layer_cost.register(Flatten)
@layer_cost.register(Identity)
def _flatten(layer: Flatten | Identity, shape: Shape) -> Cost:
    """Nothing: the same numbers, if under another shape."""
    return Cost()


@layer_cost.register(Pad2d)
@layer_cost.register(MaxUnpool2d)
@layer_cost.register(PixelShuffle)
@layer_cost.register(PixelUnshuffle)
def _moved(layer: Pad2d | MaxUnpool2d | PixelShuffle | PixelUnshuffle, shape: Shape) -> Cost:
    """No arithmetic: numbers are copied to other places."""
    return _work(layer, shape, "copies", 0)


@layer_cost.register
def _linear(layer: Linear, shape: Shape) -> Cost:
    """Each output reads every input of its row through a weight of its own."""
    weight = (("out_features", layer.out_features), ("in_features", layer.in_features))
    rows = (("rows", prod(shape[:-1])),) if len(shape) > 1 else ()
    return Cost(
        parameters=_learned(weight, weight[:1] if layer.bias else None),
        multiply_adds=_count("products", *weight, *rows),
        activations=_made(layer, shape),
    )


@layer_cost.register
def _conv2d(layer: Conv2d, shape: Shape) -> Cost:
    """Each output reads in_channels/groups · kh · kw numbers through as many weights."""
    _, out_h, out_w = layer.output_shape(shape)
    inputs = "in_channels" if layer.groups == 1 else "in_channels of its group"
    weight = (
        ("out_channels", layer.out_channels),
        (inputs, layer.in_channels // layer.groups),
        *_window(layer.kernel),
    )
    return Cost(
        parameters=_learned(weight, weight[:1] if layer.bias else None),
        multiply_adds=_count("products", *weight, ("places down", out_h), ("places across", out_w)),
        activations=_made(layer, shape),
    )


@layer_cost.register
def _conv_transpose2d(layer: ConvTranspose2d, shape: Shape) -> Cost:
    """Each input stamps out_channels/groups kernels; products that padding cuts off are counted too."""
    outputs = "out_channels" if layer.groups == 1 else "out_channels of its group"
    weight = (
        ("in_channels", layer.in_channels),
        (outputs, layer.out_channels // layer.groups),
        *_window(layer.kernel),
    )
    return Cost(
        parameters=_learned(weight, (("out_channels", layer.out_channels),) if layer.bias else None),
        multiply_adds=_count("products", *weight, ("inputs down", shape[1]), ("inputs across", shape[2])),
        activations=_made(layer, shape),
    )


@layer_cost.register
def _locally_connected2d(layer: LocallyConnected2d, shape: Shape) -> Cost:
    """A convolution's products, but each place has weights of its own: as many weights as products."""
    names = ("out_channels", "places down", "places across", "in_channels", "kernel height", "kernel width")
    weight = tuple(zip(names, layer.weight_shape, strict=True))
    return Cost(
        parameters=_learned(weight, weight[:3] if layer.bias else None),
        multiply_adds=_count("products", *weight),
        activations=_made(layer, shape),
    )


@layer_cost.register
def _weight_norm(layer: WeightNorm, shape: Shape) -> Cost:
    """The layer's own costs, a length for each output, and once for all examples g · v / ‖v‖."""
    inner = layer_cost(layer.layer, shape)
    weight = inner.parameters.terms[0]
    lengths = Term("weight_g", weight.factors[:1])
    own = Cost(
        parameters=Count((lengths,)),
        other_operations=_count("squares, roots and products", *weight.factors, ("for each", 3)),
    )
    return inner + own


@layer_cost.register(ReLU)
@layer_cost.register(Elementwise)
def _elementwise(layer: ReLU | Elementwise, shape: Shape) -> Cost:
    """The function once for each number."""
    return _each(layer, shape, "evaluations of the function", 1)


@layer_cost.register
def _prelu(layer: PReLU, shape: Shape) -> Cost:
    """A comparison and a product for each number; one slope for all or for each channel is learned."""
    return _each(layer, shape, "comparisons and products", 2)


@layer_cost.register
def _maxout(layer: Maxout, shape: Shape) -> Cost:
    """The largest of m numbers takes m - 1 comparisons."""
    return _each(layer, shape, "comparisons", layer.pieces - 1)


@layer_cost.register
def _log_softmax(layer: LogSoftmax, shape: Shape) -> Cost:
    """For each number e^x, its addition to the sum, and a subtraction of its logarithm."""
    return _each(layer, shape, "powers of e, additions and subtractions", 3)


@layer_cost.register
def _softmax(layer: Softmax, shape: Shape) -> Cost:
    """For each number e^x, its addition to the sum, and a division."""
    return _each(layer, shape, "powers of e, additions and divisions", 3)


@layer_cost.register(Dropout)
@layer_cost.register(Dropout2d)
def _dropout(layer: Dropout | Dropout2d, shape: Shape) -> Cost:
    """In training a product with the mask for each number; otherwise nothing."""
    return _each(layer, shape, "products, in training only", 1)


@layer_cost.register
def _batch_norm(layer: BatchNorm, shape: Shape) -> Cost:
    """- μ, ÷ √(σ² + ε), · γ, + β; in use μ and σ² are at hand."""
    return _each(layer, shape, "subtractions, divisions, products and additions", 4 if layer.affine else 2)


@layer_cost.register(LayerNorm)
@layer_cost.register(GroupNorm)
@layer_cost.register(InstanceNorm2d)
def _example_norm(layer: LayerNorm | GroupNorm | InstanceNorm2d, shape: Shape) -> Cost:
    """Three operations a number for μ and σ² (sum, square, sum of squares), then as batch norm."""
    affine = layer.elementwise_affine if isinstance(layer, LayerNorm) else layer.affine
    return _each(layer, shape, "operations of the statistics and the scaling", 7 if affine else 5)


@layer_cost.register
def _local_response_norm(layer: LocalResponseNorm, shape: Shape) -> Cost:
    """``size`` squares added up, a power and a division for each number."""
    return _each(layer, shape, "squares, a power and a division", layer.size + 2)


@layer_cost.register
def _max_pool2d(layer: MaxPool2d, shape: Shape) -> Cost:
    """A maximum of m numbers takes m - 1 comparisons."""
    return _each(layer, shape, "comparisons", prod(layer.geometry[0]) - 1)


@layer_cost.register(AvgPool2d)
@layer_cost.register(LPPool2d)
@layer_cost.register(StochasticPool2d)
def _pool(layer: AvgPool2d | LPPool2d | StochasticPool2d, shape: Shape) -> Cost:
    """A mean of m numbers takes m - 1 additions and a division; a norm and a draw look at each of m numbers."""
    return _each(layer, shape, "numbers of its window", prod(layer.geometry[0]))


@layer_cost.register(AdaptiveAvgPool2d)
@layer_cost.register(AdaptiveMaxPool2d)
def _adaptive_pool2d(layer: AdaptiveAvgPool2d | AdaptiveMaxPool2d, shape: Shape) -> Cost:
    """Window i of out reads ⌈(i + 1)·H/out⌉ - ⌊i·H/out⌋ rows; all windows together, in each channel, are a grid."""
    rows, columns = (
        sum(ceil((i + 1) * size / out) - i * size // out for i in range(out))
        for size, out in zip(shape[1:], pair(layer.output_size, "output_size"), strict=True)
    )
    read = (("channels", shape[0]), ("rows read", rows), ("columns read", columns))
    what = "additions and divisions" if isinstance(layer, AdaptiveAvgPool2d) else "comparisons"
    return Cost(other_operations=_count(what, *read), activations=_made(layer, shape))


@layer_cost.register
def _upsample(layer: Upsample, shape: Shape) -> Cost:
    """Nearest copies; bilinear mixes two rows and two columns."""
    return _each(layer, shape, "numbers mixed", 4 if layer.mode == "bilinear" else 0)


@layer_cost.register
def _residual(layer: Residual, shape: Shape) -> Cost:
    """Both paths, and an addition for each number."""
    return _paths(layer, shape) + _work(layer, shape, "additions", 1)


@layer_cost.register
def _highway(layer: Highway, shape: Shape) -> Cost:
    """Both paths, and t · h + (1 - t) · x for each number."""
    return _paths(layer, shape) + _work(layer, shape, "operations of the mixture", 4)


@layer_cost.register
def _parallel(layer: Parallel, shape: Shape) -> Cost:
    """All branches; joining them copies their numbers once more."""
    return _paths(layer, shape) + Cost(activations=_made(layer, shape))


def _paths(layer: Residual | Highway | Parallel, shape: Shape) -> Cost:
    """All paths of a block, each term named after its path and layer."""
    return sum((_chain(inner, shape).of(path) for path, inner in layer.paths().items()), Cost())


def _chain(layers: Sequence[tuple[str, Layer]], shape: Shape) -> Cost:
    """Layers in a row."""
    total = Cost()
    for name, layer in layers:
        total += layer_cost(layer, shape).of(name)
        shape = layer.output_shape(shape)
    return total


def _each(layer: Layer, shape: Shape, what: str, times: int) -> Cost:
    """So many operations for each number of the output, and the few numbers that such a layer holds, if any."""
    stored = getattr(layer, "buffers", ())
    parameters: list[Term] = []
    buffers: list[Term] = []
    for name, value in layer.init(np.random.default_rng(0)).items():
        (buffers if name in stored else parameters).append(Term(name, (("numbers", value.size),)))
    return Cost(Count(tuple(parameters)), Count(tuple(buffers))) + _work(layer, shape, what, times)


def _work(layer: Layer, shape: Shape, what: str, times: int) -> Cost:
    """So many operations for each number of the output."""
    made = _made(layer, shape)
    operations = _count(what, *made.terms[0].factors, ("for each", times)) if times else Count()
    return Cost(other_operations=operations, activations=made)


def _learned(weight: Factors, bias: Factors | None) -> Count:
    """A weight and, where there is one, its bias."""
    terms = (Term("weight", weight),)
    return Count((*terms, Term("bias", bias)) if bias else terms)


def _made(layer: Layer, shape: Shape) -> Count:
    """All numbers of the layer's output."""
    names = {3: ("channels", "height", "width"), 1: ("features",)}
    out = layer.output_shape(shape)
    axes = names.get(len(out), tuple(f"axis {number}" for number in range(len(out))))
    return _count("output", *zip(axes, out, strict=True))


def _window(kernel: tuple[int, int]) -> Factors:
    return (("kernel height", kernel[0]), ("kernel width", kernel[1]))


def _count(what: str, *factors: tuple[str, int]) -> Count:
    return Count((Term(what, factors),))
