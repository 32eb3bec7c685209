"""Making maps larger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.layers.parameterless import Parameterless
from engine.types import Array, Cache, Pair, Params, Shape, expect_shape, pair


@dataclass(frozen=True)
class Upsample(Parameterless):
    """y = R · x · Cᵀ for each map: R (H·s, H) and C (W·s, W) say how much of which row and column each cell takes.

    mode="nearest": y[…, i, j] = x[…, ⌊i/s⌋, ⌊j/s⌋]: every cell becomes s·s cells.
    mode="bilinear": cell i of y has its middle at (i + ½)/s - ½ of x, and takes from the two cells around that
    place as much as it is near to each; beyond the edge the edge cell stands for its neighbour
    (PyTorch's align_corners=False). x (N, C, H, W), y (N, C, H·s, W·s), s a whole number or (height, width).
    """

    scale_factor: int | Pair
    mode: Literal["nearest", "bilinear"] = "nearest"

    def __post_init__(self) -> None:
        pair(self.scale_factor, "scale_factor", least=1)
        if self.mode not in ("nearest", "bilinear"):
            raise ValueError(f'Upsample: mode={self.mode!r}; expected "nearest" or "bilinear".')

    @property
    def scale(self) -> Pair:
        """scale_factor as (height, width)."""
        return pair(self.scale_factor, "scale_factor", least=1)

    def output_shape(self, shape: Shape) -> Shape:
        """(C, H·s, W·s)."""
        expect_shape(shape, "C, H, W", {}, self)
        return shape[0], shape[1] * self.scale[0], shape[2] * self.scale[1]

    def shares(self, image: Pair, dtype: np.dtype[np.generic]) -> tuple[Array, Array]:
        """R and C for an image of this height and width."""
        rows, columns = (
            interpolation(size, scale, self.mode).astype(dtype) for size, scale in zip(image, self.scale, strict=True)
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
    y: Array = rows @ x @ columns.T
    return y


def interpolation(size: int, scale: int, mode: str) -> Array:
    """How much of each of ``size`` cells every one of size·scale cells takes: (size·scale, size), rows add up to 1."""
    cells = np.arange(size * scale)
    shares = np.zeros((size * scale, size))
    if mode == "nearest":
        shares[cells, cells // scale] = 1
        return shares
    middle = (cells + 0.5) / scale - 0.5
    before = np.floor(middle).astype(int)
    nearness = middle - before
    np.add.at(shares, (cells, np.clip(before, 0, size - 1)), 1 - nearness)
    np.add.at(shares, (cells, np.clip(before + 1, 0, size - 1)), nearness)
    return shares
