"""Making maps larger, or giving them another size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Pair, Params, Shape, expect_shape, pair


@dataclass(frozen=True)
class Upsample(Parameterless):
    """y = R · x · Cᵀ for each map: R (out_h, H) and C (out_w, W) say how much of which row and column each cell takes.

    out = size, or scale_factor times as much as x has: one of the two is given, a whole number or (height, width).
    mode="nearest": y[…, i, j] = x[…, ⌊i·H/out_h⌋, ⌊j·W/out_w⌋]: the cell over which each cell begins.
    mode="bilinear": cell i of y has its middle at (i + ½)·H/out_h - ½ of x, and takes from the two cells around that
    place as much as it is near to each; beyond the edge the edge cell stands for its neighbour
    (PyTorch's align_corners=False). x (N, C, H, W), y (N, C, out_h, out_w). A smaller size picks from x.
    """

    size: int | Pair | None = None
    scale_factor: int | Pair | None = None
    mode: Literal["nearest", "bilinear"] = "nearest"

    def __post_init__(self) -> None:
        if (self.size is None) == (self.scale_factor is None):
            raise ValueError(
                f"Upsample: size={self.size!r} and scale_factor={self.scale_factor!r}; expected one of the two, such "
                "as scale_factor=2, which makes the map twice as large, or size=(8, 8)."
            )
        for name, given in (("size", self.size), ("scale_factor", self.scale_factor)):
            if given is not None:
                pair(given, name, least=1)
        if self.mode not in ("nearest", "bilinear"):
            raise ValueError(f'Upsample: mode={self.mode!r}; expected "nearest" or "bilinear".')

    def enlarged(self, image: Pair) -> Pair:
        """(out_h, out_w) for an image of this height and width."""
        if self.size is not None:
            return pair(self.size, "size")
        down, across = pair(self.scale_factor or 1, "scale_factor")
        return image[0] * down, image[1] * across

    def output_shape(self, shape: Shape) -> Shape:
        """(C, out_h, out_w)."""
        expect_shape(shape, "C, H, W", {}, self)
        return (shape[0], *self.enlarged((shape[1], shape[2])))

    def shares(self, image: Pair, dtype: np.dtype[np.generic]) -> tuple[Array, Array]:
        """R and C for an image of this height and width."""
        rows, columns = (
            interpolation(size, out, self.mode).astype(dtype)
            for size, out in zip(image, self.enlarged(image), strict=True)
        )
        return rows, columns

    def forward(
        self, params: Params, x: Array, *, train: bool = False, rng: np.random.Generator | None = None
    ) -> tuple[Array, Cache]:
        """1. R and C from the sizes.  2. y = R · x · Cᵀ."""
        self.output_shape(x.shape[1:])
        rows, columns = self.shares((x.shape[2], x.shape[3]), x.dtype)
        return mix(x, rows, columns), {"rows": rows, "columns": columns}

    def backward(self, params: Params, cache: Cache, dy: Array) -> tuple[Array, Params]:
        """2'. dx = Rᵀ · dy · C: each cell collects from every cell that it was mixed into, by the same shares."""
        return mix(dy, cache["rows"].T, cache["columns"].T), {}


def mix(x: Array, rows: Array, columns: Array) -> Array:
    """y[n,c,i,j] = Σ_{u,v} rows[i,u] · x[n,c,u,v] · columns[j,v]: a linear mix of rows, then one of columns."""
    with np.errstate(invalid="ignore", over="ignore"):
        y: Array = rows @ x @ columns.T
        if np.isfinite(y.sum()):
            return y
    # 0 · NaN is NaN, so one bad cell would reach all that share a row or a column with it, and have no share of it.
    return _taken(_taken(x, rows).swapaxes(2, 3), columns).swapaxes(2, 3)


def _taken(x: Array, shares: Array) -> Array:
    """Σ_u shares[i,u] · x[…, u, :] over the cells that have a share."""
    y = np.zeros((*x.shape[:2], len(shares), x.shape[3]), x.dtype)
    for i, row in enumerate(shares):
        for u in np.flatnonzero(row):
            y[:, :, i] += row[u] * x[:, :, u]
    return y


def interpolation(size: int, out: int, mode: str) -> Array:
    """How much of each of ``size`` cells every one of ``out`` cells takes: (out, size), rows add up to 1."""
    cells = np.arange(out)
    shares = np.zeros((out, size))
    if mode == "nearest":
        shares[cells, cells * size // out] = 1
        return shares
    middle = (cells + 0.5) * size / out - 0.5
    before = np.floor(middle).astype(int)
    nearness = middle - before
    np.add.at(shares, (cells, np.clip(before, 0, size - 1)), 1 - nearness)
    np.add.at(shares, (cells, np.clip(before + 1, 0, size - 1)), nearness)
    return shares
