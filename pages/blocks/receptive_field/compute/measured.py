"""What a unit really listens to: the gradient within its receptive field, measured.

    field[u, v] = mean_{n, k} Σ_c |d y[n, k, i, j] / d x[n, c, u, v]|

over examples n and the layer's maps k: how much, on average, the unit at (i, j) moves when a pixel does. The
theoretical field says where this can be above 0; within it far more ways lead from the middle than from the edge,
so most of the gradient comes from the middle.
Source: Luo, Li, Urtasun & Zemel, "Understanding the effective receptive field in deep convolutional neural
networks", 2016.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.analysis.receptive_field import Box, effective_field
from engine.initializers import HeNormal
from engine.layers import Conv2d
from engine.network import Network
from engine.types import Array, Initializer, Pair, Shape
from pages.blocks.receptive_field.compute.stack import Window, layers_of, map_sizes


def measured_field(network: Network, x: Array, name: str, place: Pair) -> Array:
    """The field of the units at ``place`` (i, j) of a layer, in all of its maps: (H, W), 0 outside what they see.

    x: (N, C, H, W). Raises KeyError for no such layer, IndexError for no such place.
    """
    shapes = dict(network.shapes())
    maps = shapes[name][0] if name in shapes else 0
    fields = [np.abs(effective_field(network, x, name, (k, *place))).sum(axis=1).mean(axis=0) for k in range(maps)]
    if not fields:
        raise KeyError(f"No layer is called {name!r} here; there are {', '.join(shapes)}.")
    return np.asarray(np.mean(fields, axis=0))


def measured_fields(network: Network, x: Array, name: str) -> Array:
    """``measured_field`` of every place (i, j) of a layer's maps: (rows, columns, H, W).

    One backward pass does all places of a map at once: the examples are repeated, and each copy asks for its own.
    """
    shapes = dict(network.shapes())
    if name not in shapes:
        raise KeyError(f"No layer is called {name!r} here; there are {', '.join(shapes)}.")
    maps, rows, columns = shapes[name]
    count = len(x)
    layers = network.layers[: list(shapes).index(name) + 1]
    below = replace(network, layers=layers)
    trace = below.forward(np.repeat(x, rows * columns, axis=0))
    copies = np.arange(len(trace.y))
    place = copies % (rows * columns)
    total = np.zeros((rows * columns, *x.shape[2:]))
    for k in range(maps):
        seed = np.zeros_like(trace.y)
        seed[copies, k, place // columns, place % columns] = 1
        gradient = np.abs(below.backward(trace, seed).dx).sum(axis=1)
        total += gradient.reshape(count, rows * columns, *x.shape[2:]).sum(axis=0)
    return (total / (count * maps)).reshape(rows, columns, *x.shape[2:])


def random_field(
    windows: Sequence[Window],
    size: int,
    level: int,
    place: Pair,
    *,
    rng: np.random.Generator,
    draws: int = 16,
    examples: int = 2,
    channels: int = 8,
    initializer: Initializer = HeNormal(),
    relu: bool = True,
) -> Array:
    """The field of a unit of layer ``level`` in an untrained network: ``measured_field``, meaned over random weights.

    Each draw makes new weights and ``examples`` images of noise, (1, size, size); ReLU follows each convolution.
    Returns (size, size). The theory for independent weights: the mean square of the gradient is proportional to the
    number of ways, so its size to their square root.
    """
    below = [replace(window, name=f"layer{number + 1}") for number, window in enumerate(windows[:level])]
    map_sizes(below, size)
    layers = layers_of(below, channels, relu)
    name = f"layer{level}"
    total = np.zeros((size, size))
    for _ in range(draws):
        network = Network.build(layers, (1, size, size), rng=rng, initializer=initializer, dtype=np.float32)
        maps = dict(network.shapes())[name][0]
        x = rng.standard_normal((examples * maps, 1, size, size)).astype(np.float32)
        cut = replace(network, layers=network.layers[: [layer for layer, _ in network.layers].index(name) + 1])
        trace = cut.forward(x)
        seed = np.zeros_like(trace.y)
        seed[np.arange(len(x)), np.arange(len(x)) % maps, place[0], place[1]] = 1
        total += np.abs(cut.backward(trace, seed).dx).mean(axis=(0, 1))
    return total / draws


def ways_by_gradient(windows: Sequence[Window], size: int, level: int, place: Pair) -> Array:
    """How many ways lead from each pixel to a unit of layer ``level``, (size, size), without counting any.

    It is the unit's gradient in a network of one map a layer whose weights are all 1, pooling read as a sum.
    """
    if level == 0:
        ways = np.zeros((size, size))
        ways[place] = 1
        return ways
    sums = [
        (f"layer{n + 1}", Conv2d(1, 1, w.kernel, w.stride, w.padding, w.dilation, bias=False))
        for n, w in enumerate(windows[:level])
    ]
    shape = (1, size, size)
    ones = Network.build(sums, shape, rng=np.random.default_rng(0), initializer=_ones, dtype=np.float64)
    gradient: Array = effective_field(ones, np.zeros((1, *shape)), f"layer{level}", (0, *place))[0, 0]
    return gradient


def _ones(rng: np.random.Generator, shape: Shape) -> Array:
    return np.ones(shape)


def middle(box: Box) -> Box:
    """The middle of a field: half as tall and half as wide, to the nearest pixel that keeps it in the middle.

    Its side is the largest number not above (side + 1) / 2 that is odd or even as the field's own side is; a field of
    2×2 is all middle.
    """
    (top, bottom), (left, right) = _half(box.top, box.bottom), _half(box.left, box.right)
    return Box(top, left, bottom, right)


def _half(low: int, high: int) -> tuple[int, int]:
    side = high - low
    half = (side + 1) // 2
    half = half - (side - half) % 2 or side
    return low + (side - half) // 2, high - (side - half) // 2


def share(field: Array, box: Box) -> float:
    """How much of a field's gradient lies within a box, 0 ... 1; not a number for a field that is 0 everywhere.

    The box may hang over the image's edge.
    """
    inside = box.clip((field.shape[0], field.shape[1]))
    total = float(field.sum())
    return float(field[inside.top : inside.bottom, inside.left : inside.right].sum()) / total if total else float("nan")
