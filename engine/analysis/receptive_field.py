"""How far a unit looks: which pixels of the image can move it, and which units a pixel can move.

Through a layer of kernel k, stride s, padding p and dilation d, in each direction on its own:

    size_l  = size_{l-1} + d·(k - 1) · jump_{l-1}       pixels that a unit looks at, side to side
    jump_l  = jump_{l-1} · s                            pixels between neighbouring units
    first_l = first_{l-1} - p · jump_{l-1}              where the first unit's field begins
    start_l = first_l + (size_l - 1) / 2                where its centre is

with size 1, jump 1, first 0 at the input. Pixels are counted from 0, so that pixel 0 has its centre at 0.
The equations take the image to go on for ever. At its edge a unit may see less: what an inner layer pads with is
zeros, not what that layer would have made of the pixels that lie there.
Source: Araujo, Norris & Sim, "Computing receptive fields of convolutional neural networks", 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch

import numpy as np

from engine.kernels.window import output_size
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
from engine.network import Network
from engine.types import Array, Layer, Pair, Shape, ShapeError, expect_shape, pair


@dataclass(frozen=True)
class Box:
    """Rows top ... bottom - 1 and columns left ... right - 1, as in ``x[top:bottom, left:right]``."""

    top: int
    left: int
    bottom: int
    right: int

    def clip(self, image: Pair) -> Box:
        """The part that lies on an image of this height and width; the rest was padding."""
        height, width = image
        return Box(
            min(max(self.top, 0), height),
            min(max(self.left, 0), width),
            max(min(self.bottom, height), 0),
            max(min(self.right, width), 0),
        )


@dataclass(frozen=True)
class Field:
    """What the units after a layer see of the image; every pair is (down, across).

    ``size``, ``jump``, ``first`` as above, in pixels of the image; ``units`` is how many units there are. With
    dilation, or strides longer than the kernel, a field has holes: ``size`` counts from its first pixel to its last.
    """

    name: str
    size: Pair
    jump: Pair
    first: Pair
    units: Pair

    @property
    def start(self) -> tuple[float, float]:
        """The centre of the first unit's field: first + (size - 1) / 2."""
        return self.first[0] + (self.size[0] - 1) / 2, self.first[1] + (self.size[1] - 1) / 2

    def pixels(self, unit: Pair) -> Box:
        """The pixels that this unit looks at, those of the padding included. Raises IndexError for no such unit."""
        _expect_inside(unit, self.units, f"{self.name} has no unit")
        top, left = (f + i * j for f, i, j in zip(self.first, unit, self.jump, strict=True))
        return Box(top, left, top + self.size[0], left + self.size[1])

    def reached(self, pixel: Pair) -> Box:
        """The projective field: the units whose fields hold this pixel. Empty where strides step over it.

        Unit i looks at first + i·jump ... first + i·jump + size - 1, so i runs from
        ⌈(pixel - first - (size - 1)) / jump⌉ to ⌊(pixel - first) / jump⌋.
        """
        ends = []
        for at, first, size, jump, units in zip(pixel, self.first, self.size, self.jump, self.units, strict=True):
            low, high = max(-((first + size - 1 - at) // jump), 0), min((at - first) // jump, units - 1)
            ends.append((low, max(high + 1, low)))
        (top, bottom), (left, right) = ends
        return Box(top, left, bottom, right)


def receptive_fields(layers: Sequence[tuple[str, Layer]], input_shape: Shape) -> tuple[Field, ...]:
    """The field after each layer, the input's own (one pixel) first.

    layers: (name, layer) in a row; input_shape: (C, H, W). A linear layer looks at every unit below it.
    Raises ShapeError for an input that is no image or that a layer doesn't fit, TypeError for a layer without a rule,
    or a linear one on maps: each of its units sees one row of them.
    """
    expect_shape(tuple(input_shape), "C, H, W", {}, "A receptive field")
    fields = [Field("input", (1, 1), (1, 1), (0, 0), (input_shape[1], input_shape[2]))]
    shape = tuple(input_shape)
    for name, layer in layers:
        try:
            made = layer.output_shape(shape)
        except ShapeError as error:
            raise ShapeError(f"Layer {name!r}: {error}") from None
        if isinstance(layer, Linear) and len(shape) > 1:
            raise TypeError(
                f"Layer {name!r}: {layer!r} was given maps of shape {shape} and reads each of their rows by itself, so "
                "its units don't stand on a map. Behind Flatten() it would see all of them."
            )
        shape = made
        fields.append(replace(through(layer, fields[-1]), name=name))
    return tuple(fields)


def chain(layers: Sequence[tuple[str, Layer]], field: Field) -> Field:
    """The field after these layers, one on top of the other: a path of a block. Without layers, the field itself."""
    for _, layer in layers:
        field = through(layer, field)
    return field


def union(fields: Sequence[Field]) -> Field:
    """The field of a unit that reads the same place of several paths: from the first pixel of any to the last.

    Raises ShapeError where the paths' units don't stand equally far apart or aren't equally many.
    """
    if len({(field.jump, field.units) for field in fields}) != 1:
        raise ShapeError(
            "Paths meet only where their units stand equally far apart and are equally many; these have "
            + ", ".join(f"jump {field.jump} and {field.units} units" for field in fields)
            + "."
        )
    first, end = [], []
    for axis in (0, 1):
        first.append(min(field.first[axis] for field in fields))
        end.append(max(field.first[axis] + field.size[axis] for field in fields))
    size = end[0] - first[0], end[1] - first[1]
    return replace(fields[0], size=size, first=(first[0], first[1]))


def slide(
    field: Field,
    kernel: Pair,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    ceil_mode: bool = False,
) -> Field:
    """The field after a window that slides over the units of ``field``: the four equations above."""
    size, jump, first, units = [], [], [], []
    for axis, (k, s, p, d) in enumerate(zip(kernel, stride, padding, dilation, strict=True)):
        size.append(field.size[axis] + d * (k - 1) * field.jump[axis])
        jump.append(field.jump[axis] * s)
        first.append(field.first[axis] - p * field.jump[axis])
        units.append(output_size(field.units[axis], k, s, p, d, ceil_mode))
    return Field(field.name, (size[0], size[1]), (jump[0], jump[1]), (first[0], first[1]), (units[0], units[1]))


@singledispatch
def through(layer: Layer, field: Field) -> Field:
    """The field after ``layer`` from the field before it. Other kinds of layers join by ``.register``:

    a window by ``slide``, a block by ``union`` of the ``chain`` through each of its paths.
    """
    raise TypeError(
        f"Nobody wrote down how far {type(layer).__name__} looks. A function registered with @through.register that "
        f"takes ({type(layer).__name__}, field) and returns a Field would do it."
    )


@through.register(Conv2d)
@through.register(LocallyConnected2d)
def _convolution(layer: Conv2d | LocallyConnected2d, field: Field) -> Field:
    """Numbers of x that stand outside x, too (``padding_mode``), aren't counted where they stand inside."""
    found = slide(field, layer.kernel, *layer.geometry)
    return replace(found, units=field.units) if layer.padding == "same" else found


@through.register
def _pad2d(layer: Pad2d, field: Field) -> Field:
    """Units as far apart as before, the first of them before the map. What stands there isn't counted as x's."""
    left, right, top, bottom = layer.sides
    first = field.first[0] - top * field.jump[0], field.first[1] - left * field.jump[1]
    return replace(field, first=first, units=(top + field.units[0] + bottom, left + field.units[1] + right))


@through.register(MaxPool2d)
@through.register(AvgPool2d)
@through.register(LPPool2d)
@through.register(StochasticPool2d)
def _pool(layer: MaxPool2d | AvgPool2d | LPPool2d | StochasticPool2d, field: Field) -> Field:
    return slide(field, *layer.geometry, layer.ceil_mode)


@through.register(AdaptiveAvgPool2d)
@through.register(AdaptiveMaxPool2d)
def _adaptive_pool2d(layer: AdaptiveAvgPool2d | AdaptiveMaxPool2d, field: Field) -> Field:
    """Windows side by side that cover the map; with an output of 1, one window as large as the map."""
    out = pair(layer.output_size, "output_size")
    if any(units % wanted for units, wanted in zip(field.units, out, strict=True)):
        raise ShapeError(
            f"{layer!r} makes windows of unequal sizes from {field.units[0]}×{field.units[1]} units, so its units have "
            "no field in common. An output size that divides the map's would work."
        )
    window = field.units[0] // out[0], field.units[1] // out[1]
    return slide(field, window, window)


@through.register
def _linear(layer: Linear, field: Field) -> Field:
    """A window as large as the whole map, with one place on it."""
    return slide(field, field.units)


@through.register(Identity)
@through.register(Flatten)
@through.register(ReLU)
@through.register(Elementwise)
@through.register(PReLU)
@through.register(Maxout)
@through.register(Softmax)
@through.register(LogSoftmax)
@through.register(Dropout)
@through.register(Dropout2d)
@through.register(BatchNorm)
@through.register(LayerNorm)
@through.register(GroupNorm)
@through.register(InstanceNorm2d)
@through.register(LocalResponseNorm)
def _place_by_place(layer: Layer, field: Field) -> Field:
    """Each number is made from those at its own place: nothing grows.

    The mean and the variance that a norm takes over a map depend, a little, on every pixel; by custom that isn't
    counted.
    """
    return field


@through.register
def _pixel_unshuffle(layer: PixelUnshuffle, field: Field) -> Field:
    """r·r neighbours at one place, channel beside channel."""
    window = layer.downscale_factor, layer.downscale_factor
    return slide(field, window, window)


@through.register(ConvTranspose2d)
@through.register(Upsample)
@through.register(PixelShuffle)
@through.register(MaxUnpool2d)
def _enlargement(layer: ConvTranspose2d | Upsample | PixelShuffle | MaxUnpool2d, field: Field) -> Field:
    raise TypeError(
        f"{layer!r} makes maps larger: some of its units see more pixels than others, so they have no field in common. "
        "effective_field shows what one of them sees."
    )


@through.register
def _weight_norm(layer: WeightNorm, field: Field) -> Field:
    return through(layer.layer, field)


@through.register(Residual)
@through.register(Highway)
@through.register(Parallel)
def _block(layer: Residual | Highway | Parallel, field: Field) -> Field:
    """All that any path sees; Highway's third path, and an empty one, is the input itself."""
    fields = [chain(inner, field) for inner in layer.paths().values()]
    return union([*fields, field] if isinstance(layer, Highway) else fields)


def effective_field(network: Network, x: Array, name: str, unit: tuple[int, ...]) -> Array:
    """d y[unit] / d x for each example: which pixels really move one unit, and how much.

    x (N, C, H, W); ``name`` is a layer, ``unit`` a place in its output, (c, i, j) or (k,). Returns (N, C, H, W).
    Inside the field most of the gradient lies about its middle, where more paths meet than at its edge; outside
    it is 0. Raises KeyError for no such layer, IndexError for no such unit.
    Source: Luo, Li, Urtasun & Zemel, "Understanding the effective receptive field in deep convolutional neural
    networks", 2016.
    """
    names = [layer for layer, _ in network.layers]
    if name not in names:
        raise KeyError(f"No layer is called {name!r} here; there are {', '.join(names)}.")
    below = replace(network, layers=network.layers[: names.index(name) + 1])
    trace = below.forward(x)
    _expect_inside(unit, trace.y.shape[1:], f"{name} has no unit")
    seed = np.zeros_like(trace.y)
    for example in seed:
        example[unit] = 1
    return below.backward(trace, seed).dx


def _expect_inside(index: tuple[int, ...], shape: Shape, what: str) -> None:
    if len(index) != len(shape) or any(not 0 <= i < size for i, size in zip(index, shape, strict=True)):
        raise IndexError(f"{what} {tuple(index)}: its units are ({', '.join(f'0-{size - 1}' for size in shape)}).")
