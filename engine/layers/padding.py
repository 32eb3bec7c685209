"""Padding as a layer: what stands around a map where a window reaches over its edge."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Params, Shape, ShapeError, expect_shape

Sides = tuple[int, int, int, int]
"""Columns to the left and to the right, rows above and below: PyTorch's order."""
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]


class Pad2d(Parameterless, ABC):
    """y[n,c,i,j] = x[n, c, from(i - top), from(j - left)]: x with numbers around it.

    padding is one number for all sides or (left, right, top, bottom). x (N, C, H, W),
    y (N, C, top + H + bottom, left + W + right). Raises ShapeError where x has too few rows or columns to take from.
    """

    padding: int | Sides

    def __post_init__(self) -> None:
        _ = self.sides

    @cached_property
    def sides(self) -> Sides:
        """padding as (left, right, top, bottom)."""
        given = tuple(self.padding) if isinstance(self.padding, Sequence) else (self.padding,) * 4
        if len(given) != 4 or any(not isinstance(p, int | np.integer) or p < 0 for p in given):
            raise ValueError(
                f"{type(self).__name__}: padding={self.padding!r}; expected a whole number of at least 0, or four of "
                "them, (left, right, top, bottom), for example padding=1 or padding=(1, 1, 0, 0). x[:, :, 1:] takes a "
                "row away."
            )
        left, right, top, bottom = map(int, given)
        return left, right, top, bottom

    @abstractmethod
    def source(self, at: Array, size: int) -> Array:
        """from(at): which of ``size`` rows (columns) stands at row ``at``, x's own first being 0; -1 for none."""

    def most(self, size: int) -> int | None:
        """How many rows (columns) x can give to one side; None where there is no end."""
        return None

    def output_shape(self, shape: Shape) -> Shape:
        """(C, top + H + bottom, left + W + right)."""
        expect_shape(shape, "C, H, W", {}, self)
        return self.enlarged(shape, self, "ReplicationPad2d or ZeroPad2d")

    def enlarged(self, shape: Shape, what: object, instead: str) -> Shape:
        """The shape with the padding. Raises ShapeError that names ``what`` pads and what would work ``instead``."""
        left, right, top, bottom = self.sides
        for axis, size, wanted in (("H", shape[1], max(top, bottom)), ("W", shape[2], max(left, right))):
            most = self.most(size)
            if most is not None and wanted > most:
                raise ShapeError(
                    f"{what} was given an input of shape {shape}: it takes {wanted} from {axis} = {size}, which can "
                    f"give {most}. A padding of {most}, or {instead}, would work."
                )
        return shape[0], top + shape[1] + bottom, left + shape[2] + right

    def sources(self, shape: Shape) -> tuple[Array, Array]:
        """From which row and which column of x (N, C, H, W) each row and column of y is; -1 for none."""
        left, right, top, bottom = self.sides
        rows = self.source(np.arange(-top, shape[2] + bottom), shape[2])
        return rows, self.source(np.arange(-left, shape[3] + right), shape[3])

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """y = the rows and columns of x that from() names."""
        self.output_shape(x.shape[1:])
        rows, columns = self.sources(x.shape)
        return x[:, :, rows[:, None], columns], {"x": x}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx[n,c,u,v] = Σ dy[n,c,i,j] over all places (i, j) at which (u, v) stands: itself and its copies."""
        (left, _, top, _), (h, w) = self.sides, cache["x"].shape[2:]
        rows, columns = self.sources(cache["x"].shape)
        along = dy[:, :, top : top + h].copy()
        for i in (*range(top), *range(top + h, len(rows))):
            along[:, :, rows[i]] += dy[:, :, i]
        dx = along[..., left : left + w].copy()
        for j in (*range(left), *range(left + w, len(columns))):
            dx[..., columns[j]] += along[..., j]
        return dx, {}


class _Constant(Pad2d):
    """Everywhere around x the same value, on which no gradient depends."""

    value: float = 0.0

    def source(self, at: Array, size: int) -> Array:
        """at itself inside x, and -1 outside."""
        return np.where((at >= 0) & (at < size), at, -1)

    def around(self, image: Shape, dtype: np.dtype[np.generic]) -> Array:
        """The value where y isn't x, and 0 where it is: (top + H + bottom, left + W + right)."""
        left, right, top, bottom = self.sides
        full = np.full((top + image[0] + bottom, left + image[1] + right), self.value, dtype)
        full[top : top + image[0], left : left + image[1]] = 0
        return full

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. A frame of the value.  2. x into its middle."""
        _, height, width = self.output_shape(x.shape[1:])
        left, _, top, _ = self.sides
        y = np.full((*x.shape[:2], height, width), self.value, x.dtype)
        y[:, :, top : top + x.shape[2], left : left + x.shape[3]] = x
        return y, {"x": x}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """dx = the middle of dy."""
        (left, _, top, _), (h, w) = self.sides, cache["x"].shape[2:]
        return dy[:, :, top : top + h, left : left + w].copy(), {}


@dataclass(frozen=True)
class ConstantPad2d(_Constant):
    """Everywhere around x the same ``value``: y = x inside, value outside."""

    padding: int | Sides
    # As in PyTorch it must be given: without a field of its own, that of the zeros would be its default.
    value: float = field()


@dataclass(frozen=True)
class ZeroPad2d(_Constant):
    """Zeros around x: what a convolution's own ``padding`` does."""

    padding: int | Sides


@dataclass(frozen=True)
class ReflectionPad2d(Pad2d):
    """from(u) = |u|, and mirrored at the other end, too: ··2 1 | 0 1 2, the edge itself isn't repeated."""

    padding: int | Sides

    def source(self, at: Array, size: int) -> Array:
        """|at| before the end, and as far before the last row as at is behind it."""
        mirrored: Array = size - 1 - np.abs(size - 1 - np.abs(at))
        return mirrored

    def most(self, size: int) -> int | None:
        """All rows but the edge."""
        return size - 1


@dataclass(frozen=True)
class ReplicationPad2d(Pad2d):
    """from(u) = the nearest row or column: ··0 0 | 0 1 2."""

    padding: int | Sides

    def source(self, at: Array, size: int) -> Array:
        """The first row before it, the last behind it."""
        return np.clip(at, 0, size - 1)


@dataclass(frozen=True)
class CircularPad2d(Pad2d):
    """from(u) = u mod size, as if x were tiled: ··1 2 | 0 1 2."""

    padding: int | Sides

    def source(self, at: Array, size: int) -> Array:
        """at mod size."""
        return at % size

    def most(self, size: int) -> int | None:
        """Once around."""
        return size


PADS: Mapping[str, Callable[[Sides], Pad2d]] = {
    "zeros": ZeroPad2d,
    "reflect": ReflectionPad2d,
    "replicate": ReplicationPad2d,
    "circular": CircularPad2d,
}
"""The layer that pads as a convolution's ``padding_mode`` says."""
