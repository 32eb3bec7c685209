"""Max pooling undone, as far as its switches tell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from engine.layers.parameterless import Parameterless
from engine.layers.shape import in_rows
from engine.types import Array, Cache, Pair, Params, Shape, ShapeError, expect_shape, pair


@dataclass(frozen=True)
class MaxUnpool2d(Parameterless):
    """y[n, c, indices[n,c,i,j]] = x[n,c,i,j], and 0 elsewhere: each number back at the place where it was the largest.

    ``indices`` are what ``MaxPool2d.indices`` makes of its cache: u·W + v for the winner (u, v) of each window. x and
    indices (N, C, H, W), y (N, C, out_h, out_w) with out = (H - 1)·s - 2p + kh, or output_size, since pooling
    rounded down. Where windows overlapped, one cell may be named twice: the last number stands there.
    Raises ShapeError for indices that don't fit. Zeiler & Fergus, "Visualizing and understanding convolutional
    networks", 2014.
    """

    kernel_size: int | Pair
    stride: int | Pair | None = None
    padding: int | Pair = 0

    def __post_init__(self) -> None:
        _ = self.geometry

    @cached_property
    def geometry(self) -> tuple[Pair, Pair, Pair]:
        """(kernel, stride, padding), each as (height, width)."""
        kernel = pair(self.kernel_size, "kernel_size", least=1)
        stride = kernel if self.stride is None else pair(self.stride, "stride", least=1)
        return kernel, stride, pair(self.padding, "padding")

    def output_shape(self, shape: Shape) -> Shape:
        """(C, out_h, out_w), where no output_size is given."""
        expect_shape(shape, "C, H, W", {}, self)
        out = [(size - 1) * s - 2 * p + k for size, k, s, p in zip(shape[1:], *self.geometry, strict=True)]
        if min(out) < 1:
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}: an output of {out[0]}×{out[1]} would be left. A "
                "padding of 0 would work."
            )
        return (shape[0], *out)

    def forward(
        self,
        params: Params,
        x: Array,
        *,
        indices: Array | None = None,
        output_size: Pair | None = None,
        train: bool = False,
        rng: np.random.Generator | None = None,
    ) -> tuple[Array, Cache]:
        """1. y = 0 everywhere.  2. x at the places that indices name."""
        channels, *image = self.output_shape(x.shape[1:])
        height, width = image if output_size is None else output_size
        if indices is None:
            raise ValueError(
                f"{self!r} puts each number where it was the largest, and was told no places; expected "
                "indices=pool.indices(cache), with the cache of the MaxPool2d that it undoes."
            )
        if indices.shape != x.shape or (indices.size and not 0 <= indices.min() <= indices.max() < height * width):
            raise ShapeError(
                f"{self!r} was given x of shape {x.shape} and indices of shape {indices.shape}, up to "
                f"{indices.max(initial=0)}; it expects a place for each number of x, from 0 to {height}·{width} - 1."
            )
        flat = in_rows(indices)
        y = np.zeros((*x.shape[:2], height * width), x.dtype)
        np.put_along_axis(y, flat, x.reshape(flat.shape), axis=2)
        return y.reshape(len(x), channels, height, width), {"x": x, "indices": indices, "stands": stands(flat)}

    def placed(self, cache: Cache, image: Pair) -> Array:
        """1 where y's (u, v) holds number (i, j) of x, else 0: (N, C, H, W, out_h, out_w)."""
        x, cells = cache["x"], np.arange(prod(image))
        held = (cache["indices"][..., None] == cells) & cache["stands"].reshape(x.shape)[..., None]
        taken: Array = held.astype(x.dtype)
        return taken.reshape(*x.shape, *image)

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = dy at the place to which the number went; 0 for one that another was written over."""
        flat = in_rows(cache["indices"])
        found = np.take_along_axis(in_rows(dy), flat, axis=2)
        return (found * cache["stands"]).reshape(cache["x"].shape), {}


def stands(places: Array) -> Array:
    """Whether each number is the last that was written to its place; places (N, C, numbers)."""
    numbers = np.broadcast_to(np.arange(places.shape[2]), places.shape)
    last = np.zeros((*places.shape[:2], places.max(initial=0) + 1), int)
    np.put_along_axis(last, places, numbers, axis=2)
    stays: Array = np.take_along_axis(last, places, axis=2) == numbers
    return stays
