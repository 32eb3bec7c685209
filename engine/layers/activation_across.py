"""Activations that look at several channels at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Params, Shape, ShapeError, expect_counts


@dataclass(frozen=True)
class Maxout(Parameterless):
    """y[n,c,…] = max_{a < pieces} x[n, c·pieces + a, …]: of every ``pieces`` channels in a row, the largest.

    Behind a Linear or Conv2d with pieces times as many outputs as are wanted, each unit is the largest of
    ``pieces`` straight lines: an activation whose (convex) shape is learned. x (N, C, …), y (N, C/pieces, …).
    Raises ShapeError where C doesn't divide. Goodfellow et al., "Maxout networks", 2013.
    """

    pieces: int = 2

    def __post_init__(self) -> None:
        expect_counts("Maxout", pieces=self.pieces)

    def output_shape(self, shape: Shape) -> Shape:
        """(C/pieces, …)."""
        if not shape or shape[0] % self.pieces:
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}; it takes {self.pieces} channels into one, so the "
                f"number of channels must be a multiple of {self.pieces}, such as {2 * self.pieces}."
            )
        return (shape[0] // self.pieces, *shape[1:])

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. switches = which of its pieces each unit's maximum is (the first, when tied).  2. y = that piece."""
        channels, *rest = self.output_shape(x.shape[1:])
        cells = x.reshape(len(x), channels, self.pieces, *rest)
        switches = cells.argmax(axis=2)
        y = np.take_along_axis(cells, switches[:, :, None], axis=2)[:, :, 0]
        return y, {"switches": switches.astype(np.int32)}

    def taken(self, switches: Array, dtype: np.dtype[np.generic]) -> Array:
        """1 for the winning piece of each unit and 0 for its others: (N, C/pieces, pieces, …)."""
        pieces = np.arange(self.pieces).reshape(-1, *(1,) * (switches.ndim - 2))
        taken: Array = (switches[:, :, None] == pieces).astype(dtype)
        return taken

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """2'. Only the winner moved the unit, so only the winner gets its gradient."""
        share = dy[:, :, None] * self.taken(cache["switches"], dy.dtype)
        return share.reshape(len(dy), dy.shape[1] * self.pieces, *dy.shape[2:]), {}


class _AlongOneAxis(Parameterless):
    """Numbers along the axis ``dim`` share a total: any shape in, the same shape out."""

    dim: int

    def output_shape(self, shape: Shape) -> Shape:
        """The input's own shape."""
        axes = len(shape) + 1
        if self.dim == 0 or not -axes < self.dim < axes:
            raise ShapeError(
                f"{self!r} was given an input of shape {shape}; dim counts N as 0, so it must be one of "
                f"1 to {axes - 1} or -1 to {1 - axes}. dim=1 is the channels or classes."
            )
        return shape


@dataclass(frozen=True)
class Softmax(_AlongOneAxis):
    """y_c = e^(x_c) / Σ_k e^(x_k) along the axis ``dim``: positive shares that add up to 1.

    Any shape in, the same shape out; dim=1 is the classes of (N, C) and the channels of (N, C, H, W).
    To train a classifier leave it out and use CrossEntropyLoss, which has it inside, safe from rounding.
    Raises ShapeError where there is no such axis.
    """

    dim: int = 1

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. Take off the largest x, which cancels and keeps exp small.  2. exp.  3. Divide by the sum."""
        self.output_shape(x.shape[1:])
        e = np.exp(x - x.max(axis=self.dim, keepdims=True))
        y = e / e.sum(axis=self.dim, keepdims=True)
        return y, {"y": y}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx_j = y_j · (dy_j - Σ_c dy_c · y_c).

        x_j stands in its own numerator and in everyone's denominator: dy_c/dx_j = y_c · ([c = j] - y_j).
        So dx_j = Σ_c dy_c · y_c · ([c = j] - y_j), in which the sum is the same for all j.
        """
        y = cache["y"]
        return y * (dy - (dy * y).sum(axis=self.dim, keepdims=True)), {}


@dataclass(frozen=True)
class LogSoftmax(_AlongOneAxis):
    """y_c = x_c - ln Σ_k e^(x_k) along the axis ``dim``: the logarithms of softmax's shares, safe from rounding.

    Any shape in, the same shape out. NLLLoss takes what it makes; the two together are CrossEntropyLoss.
    Raises ShapeError where there is no such axis.
    """

    dim: int = 1

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. Take off the largest x, which cancels and keeps exp small.  2. ln Σ e^x.  3. Take it off."""
        self.output_shape(x.shape[1:])
        low = x - x.max(axis=self.dim, keepdims=True)
        y = low - np.log(np.exp(low).sum(axis=self.dim, keepdims=True))
        return y, {"y": y}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx_j = dy_j - p_j · Σ_c dy_c, with the shares p = e^y.

        x_j is in its own y with 1, and in everyone's total: dy_c/dx_j = [c = j] - p_j.
        """
        return dy - np.exp(cache["y"]) * dy.sum(axis=self.dim, keepdims=True), {}
